"""Nearest neighbors and analogies."""
