"""Vectors of words that are not in the vocabulary, made of their characters."""
