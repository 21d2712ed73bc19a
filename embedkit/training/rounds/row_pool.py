"""`RowPool`: a matrix whose rows are shared, and private rows of the workers of a round."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d


class RowPool:
    """A matrix in training, and for each worker of a round the rows that it has changed.

    The pool is one array: first the rows that all share, then those of each worker, which are only written
    to, and only then take up memory, when the worker changes a word's row for the first time in a round.

    Args:
        words: rows of the matrix.
        vector_size: numbers in a row.
        workers: workers of a round; 0 if all change the shared rows.
        capacity: the number of rows that a worker may change in a round.

    Attributes:
        rows: float32 (words, padded vector_size), what the workers start a round from.
        flat: the whole pool as one row of numbers, as the kernels take it.
        places: int32 (workers, words), where each worker finds a word: its shared row, or one of its own.
    """

    def __init__(self, words: int, vector_size: int, workers: int = 0, capacity: int = 0) -> None:
        from embedkit.simd.storage import aligned_matrix

        self._words, self._capacity = words, min(words, capacity)
        pool = aligned_matrix(words + workers * self._capacity, vector_size)
        self.rows: Floats2d = pool[:words]
        self.flat: Floats1d = pool.reshape(-1)
        self.places: NDArray[np.int32] = np.tile(np.arange(words, dtype=np.int32), (workers, 1))

    def first_private(self, worker: int) -> int:
        """The number of the first row that is a worker's own."""
        return self._words + worker * self._capacity
