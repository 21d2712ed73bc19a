"""Emoji: their vectors, and classifiers that predict them for sentences."""
