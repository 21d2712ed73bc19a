"""Vectors of 16 floats in compiled code, and how code is compiled."""
