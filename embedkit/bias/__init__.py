"""Bias: bias directions and subspaces, debiasing methods, and metrics before and after debiasing."""
