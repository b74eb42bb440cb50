"""Benchmarks: ratios against a named peer in one run. `make bench` runs all."""
