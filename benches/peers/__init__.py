"""Other libraries doing the work of a benchmark, for comparison when they are installed."""
