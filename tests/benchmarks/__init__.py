"""Measurements, not tests: `python -m tests.benchmarks` prints the table of docs/benchmarks.md."""
