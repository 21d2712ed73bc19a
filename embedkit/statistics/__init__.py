"""Confidence intervals, correlations, significance tests and clusters."""
