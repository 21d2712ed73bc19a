"""Vectors in the forms of other libraries, and back."""
