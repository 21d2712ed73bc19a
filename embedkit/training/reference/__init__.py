"""Readable numpy twins of the kernels: the oracle of the tests."""
