"""Trainers: from a corpus to `Embeddings`."""
