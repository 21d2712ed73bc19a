"""Frozen rows of a matrix in training: what a window changed of them is taken back at its end."""

from __future__ import annotations

from numba import njit


@njit(inline="always")
def restore(matrix, rows, count, frozen, stride):
    """Write the frozen ones among `count` rows as they were.

    `frozen` holds a mask, uint8 (V,), and the flat matrix as it was, of `stride` floats a row. Rows are given
    by the offset of their first float.
    """
    mask, originals = frozen
    for i in range(count):
        row = rows[i]
        if mask[row // stride]:
            for j in range(row, row + stride):
                matrix[j] = originals[j]
