"""Duplicate rows: words that share a vector."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.vectors.search.exact import slices

BLOCK = 1 << 13  # rows at once
DIGEST = 16  # bytes: two different rows among a billion share one with a chance below 1e-20


def distinct_rows(matrix: Floats2d) -> int:
    """How many different rows a matrix (n, D) has; 0.0 and -0.0 are the same, all else is compared by bits.

    Rows are told apart by digests, which take a small part of the memory of the rows.
    """
    digests = set[bytes]()
    for rows in slices(len(matrix), BLOCK):
        block = matrix[rows] + np.float32(0)  # makes -0.0 to 0.0
        digests.update(blake2b(row, digest_size=DIGEST).digest() for row in block)
    return len(digests)
