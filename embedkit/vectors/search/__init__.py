"""Nearest neighbours and analogies."""
