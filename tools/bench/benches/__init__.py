"""One module for each group of benchmarks."""
