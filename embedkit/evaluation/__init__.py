"""Intrinsic evaluation of vectors: benchmarks under a named protocol, with coverage and intervals."""
