"""Tokenizers: text to words."""
