"""Word2vec by negative sampling."""
