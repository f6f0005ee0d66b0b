"""Benchmarks: `bin/bench NAME` runs `benches/<name>.py`. They measure and never assert."""
