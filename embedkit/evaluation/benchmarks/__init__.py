"""Benchmark files: formats, format detection, and the catalogue of named benchmarks."""
