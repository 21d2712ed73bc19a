"""Trainers: a corpus becomes `Embeddings`."""
