"""File formats of word vectors: one file a format, one table that detects them."""
