"""Plots, drawn with matplotlib and written as PNG."""
