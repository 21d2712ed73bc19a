"""How good vectors are: benchmarks under a named protocol, with coverage and intervals."""
