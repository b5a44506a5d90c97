"""Benchmarks of drtui against its alternatives: run `python -m tests.bench`."""
