"""Texts as vectors: encoded as weighted means of their words, compared, and searched."""
