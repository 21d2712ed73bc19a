"""Benchmark files: their formats, how they are told apart, and where they are found."""
