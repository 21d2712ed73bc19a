"""Bias: directions and subspaces, what removes them, and what measures them before and after."""
