"""Frozen rows of a matrix in training: what a window changed of them is taken back at its end."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(inline="always")
def restore(matrix, rows, count, frozen, private, stride):
    """Write the frozen ones among `count` rows as they were.

    `frozen` holds a mask, uint8 (V,), and the flat matrix as it was, of `stride` floats a row. Rows are given
    by the offset of their first float: rows of words or, of a worker of a round, `private` ones.
    """
    mask, originals = frozen
    for i in range(count):
        word = rows[i] // stride
        if private is not None:
            own = word - private[0].first
            if own >= 0:
                word = np.int64(private[0].changed[own])
        if mask[word]:
            for j in range(stride):
                matrix[rows[i] + j] = originals[word * stride + j]
