"""The simulated exchange all paper accounts trade at."""
