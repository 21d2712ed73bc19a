"""Data bundled with embedkit: the atlas corpus, vectors, models, benchmarks and topics."""
