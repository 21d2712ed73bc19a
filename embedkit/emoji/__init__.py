"""Emoji: their vectors, and models that put them to sentences."""
