"""`GrowingMatrix`: rows of float32 gathered in one place, though nobody knows how many will come."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats2d, Longs1d

STEP = 16  # a matrix that is full grows by one part in so many
BLOCK = 1 << 12  # rows moved at once


class GrowingMatrix:
    """A matrix (rows, D) to which rows are added at the end.

    Room for the expected rows is reserved at once, but the system gives memory only for what is written, so
    that too high a guess costs nothing. Beyond that the matrix is resized where it is.

    Args:
        size: the number of dimensions D.
        expected: how many rows will come, about.

    Example:
        >>> matrix = GrowingMatrix(2)
        >>> matrix.extend(np.ones((3, 2), np.float32))
        >>> matrix.finished().shape
        (3, 2)
    """

    def __init__(self, size: int, expected: int = 0) -> None:
        self._matrix: Floats2d = np.empty((expected, size), np.float32)
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def extend(self, rows: Floats2d) -> None:
        """Add a copy of rows (n, D)."""
        end = self._rows + len(rows)
        if end > len(self._matrix):
            self._resize(max(end, len(self._matrix) + len(self._matrix) // STEP))
        self._matrix[self._rows : end] = rows
        self._rows = end

    def finished(self) -> Floats2d:
        """The rows that were added; nothing may be added afterwards."""
        self._resize(self._rows)
        return self._matrix

    def _resize(self, rows: int) -> None:
        self._matrix.resize((rows, self._matrix.shape[1]), refcheck=False)


def keep_rows(matrix: Floats2d, rows: Longs1d) -> Floats2d:
    """Only these rows, in ascending order, of a matrix that nobody else holds: no second one is made.

    Example:
        >>> keep_rows(np.arange(6, dtype=np.float32).reshape(3, 2), np.array([0, 2])).tolist()
        [[0.0, 1.0], [4.0, 5.0]]
    """
    if not (matrix.flags.owndata and matrix.flags.writeable):
        return matrix[rows]
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        matrix[start : start + len(block)] = matrix[block]
    matrix.resize((len(rows), matrix.shape[1]), refcheck=False)
    return matrix
