"""Plots, drawn with matplotlib and written as PNG, SVG or PDF."""
