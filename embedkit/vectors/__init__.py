"""Word vectors: the `Embeddings` value, search, analogies, file formats."""
