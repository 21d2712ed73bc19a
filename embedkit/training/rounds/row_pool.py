"""`RowPool`: a matrix whose rows are shared, and private rows of the workers of a round."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from embedkit.arrays import Doubles1d, Floats1d, Floats2d, Ints1d, Longs1d
from embedkit.training.rounds.merging import damping


class PrivateRows(NamedTuple):
    """The rows of a matrix as one worker finds them in a round."""

    places: Ints1d  # (rows,): the shared row, or one of its own
    changed: Ints1d  # (capacity,): the shared rows that it has rows of its own for, in the order of these
    used: Longs1d  # (1,): how many these are
    first: int  # the number of the first row of its own


class RowPool:
    """A matrix in training, and for each worker of a round the rows that it has changed.

    The pool is one array: first the rows that all share, then those of each worker, which are only written
    to, and only then take up memory, when the worker changes a row for the first time in a round.

    Args:
        rows: rows of the matrix that all workers change.
        vector_size: numbers in a row.
        workers: workers of a round; with fewer than two, shared rows are changed.
        capacity: the number of rows that a worker may change in a round.
        apart: rows behind these of which each is changed by one worker alone, in place.

    Attributes:
        rows: float32 (rows + apart, padded vector_size), what the workers start a round from.
        flat: the whole pool as one row of numbers, as the kernels take it.
        places: int32 (workers, rows), where each worker finds a row.
        damping: float32 (rows,), the number by which the changes of a row are merged (`merging.damping`).
    """

    def __init__(
        self, rows: int, vector_size: int, workers: int = 1, capacity: int = 0, apart: int = 0
    ) -> None:
        from embedkit.simd.storage import aligned_matrix

        workers = workers if workers > 1 else 0
        capacity = min(rows, capacity)
        pool = aligned_matrix(rows + apart + workers * capacity, vector_size)
        self._workers = workers
        self.rows: Floats2d = pool[: rows + apart]
        self.flat: Floats1d = pool.reshape(-1)
        self.places: Ints1d = np.tile(np.arange(rows, dtype=np.int32), (workers, 1))
        self.damping: Floats1d = np.zeros(rows, np.float32)
        self._private = [
            PrivateRows(
                self.places[worker], np.empty(capacity, np.int32), np.zeros(1, np.int64),
                rows + apart + worker * capacity,
            )
            for worker in range(workers)
        ]  # fmt: skip

    def damp(self, updates: Doubles1d) -> None:
        """Merge rows as those that each worker is expected to change so often in a round."""
        self.damping = damping(updates, self._workers)

    def private(self, worker: int) -> PrivateRows:
        """The rows as a worker finds them in a round."""
        return self._private[worker]

    def changed(self, worker: int) -> Ints1d:
        """The shared rows that a worker has changed in this round."""
        private = self._private[worker]
        return private.changed[: private.used[0]]
