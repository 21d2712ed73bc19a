"""`RowPool`: a matrix whose rows are shared, and private rows of the workers of a round."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from embedkit.arrays import Doubles1d, Floats1d, Floats2d, Ints1d, Ints2d, Longs1d
from embedkit.training.rounds.merging import damping


def share_of(rows: NDArray[Any], part: int, parts: int) -> NDArray[Any]:
    """One of so many parts of rows, about as large as the others."""
    return rows[len(rows) * part // parts : len(rows) * (part + 1) // parts]


class PrivateRows(NamedTuple):
    """The rows of a matrix as one worker finds them in a round."""

    places: Ints1d  # (rows,): the row that it changes instead of each; negative if it has not met that
    changed: Ints1d  # (capacity,): the shared rows for which it has rows of its own, in the order of these
    alone: Ints1d  # (capacity,): the shared rows that it changes in place
    used: Longs1d  # (2,): how many these are, and those
    touched: NDArray[np.uint8]  # (rows,): workers that may touch each in this round, 2 for several
    first: int  # the number of the first row of its own


class RowPool:
    """A matrix in training, and for each worker of a round the rows that it has changed.

    The pool is one array: first the rows that all share, then those of each worker, which are only written
    to, and only then take up memory, when the worker changes a row for the first time in a round. Workers
    may form groups of neighbors, whose changes are added up before they are merged: then the first of a group
    stands for all of it.

    Args:
        rows: rows of the matrix that all workers change.
        vector_size: numbers in a row.
        workers: workers of a round; with fewer than two, shared rows are changed.
        capacity: the number of rows that a worker may change in a round.
        apart: rows behind these of which each is changed by one worker alone, in place.
        dtype: of the numbers: float32, or uint16 for the bits of bfloat16.

    Attributes:
        rows: (rows + apart, padded vector_size), what the workers start a round from.
        flat: the whole pool as one row of numbers, as the kernels take it.
        places: int32 (workers, rows), the row that each worker changes, see `PrivateRows`; nothing is known
            of workers that never trained here.
        group_size: workers of a group.
        changers: uint16, how many workers of a group have changed each row of the pool; empty without groups.
        touched: uint8 (rows,), how many workers may touch each, see `PrivateRows`.
        marks: uint8 (workers, rows), 1 where a worker is to touch a row in a round; None if that is unknown.
        dealt_from: the number of the first row that is dealt (see `DealtNoise`), negative if none is.
        damping: float32 (rows,), the number by which the changes of a row are merged (`merging.damping`).
        vector_size: numbers in a row without its padding.
    """

    def __init__(
        self,
        rows: int,
        vector_size: int,
        workers: int = 1,
        capacity: int = 0,
        apart: int = 0,
        dtype: DTypeLike = np.float32,
    ) -> None:
        from embedkit.simd.storage import aligned_matrix

        workers = workers if workers > 1 else 0
        capacity = min(rows, capacity)
        pool = aligned_matrix(rows + apart + workers * capacity, vector_size, dtype)
        self._workers, self._capacity, self._length = workers, capacity, len(pool)
        self.vector_size = vector_size
        self.group_size = 1
        self.changers = np.empty(0, np.uint16)
        self._owner, self._owners = 0, 1
        self.rows: Floats2d = pool[: rows + apart]
        self.flat: Floats1d = pool.reshape(-1)
        self.places: Ints2d = np.empty((workers, rows), np.int32)
        self._began = [False] * workers
        self.touched = np.full(rows if workers else 0, 2, np.uint8)
        self.marks: NDArray[np.uint8] | None = None
        self.dealt_from = -1
        self.damping: Floats1d = np.zeros(rows, np.float32)
        self._private = [
            PrivateRows(
                self.places[worker], np.empty(capacity, np.int32), np.empty(capacity, np.int32),
                np.zeros(2, np.int64), self.touched, rows + apart + worker * capacity,
            )
            for worker in range(workers)
        ]  # fmt: skip

    def divide(self, groups: int) -> None:
        """Have the workers form so many groups, which are as large as one another."""
        self.group_size = size = self._workers // groups
        if size > 1:
            self.changers = np.empty(self._length, np.uint16)
        for leader in range(0, self._workers if size > 1 else 0, size):
            changed = np.empty(size * self._capacity, np.int32)
            self._private[leader] = self._private[leader]._replace(changed=changed)

    def foresee(self, dealt_from: int = -1) -> None:
        """Have workers mark the rows that they are to touch, so that one alone may change a row in place."""
        self.marks = np.zeros(self.places.shape, np.uint8)
        self.dealt_from = dealt_from

    def leave_shared(self, owner: int, owners: int) -> None:
        """Have workers change no row in place, and merge only the rows of one of several owners.

        So the rows are as they were before a round until something is written to them. The owner of row n is
        n mod `owners`.
        """
        self.marks = None
        self.touched[:] = 2
        self._owner, self._owners = owner, owners

    def damp(self, updates: Doubles1d, half: float) -> None:
        """Merge rows as those that each worker is expected to change so often, see `merging`."""
        self.damping = damping(updates, half)

    def private(self, worker: int) -> PrivateRows:
        """The rows as a worker finds them in a round."""
        if not self._began[worker]:  # memory is only taken up by those that train here
            self.places[worker] = -1
            self._began[worker] = True
        return self._private[worker]

    def adopt(self, worker: int, changed: Ints1d) -> None:
        """Have the first worker of a group stand for these rows that others of it have changed, too."""
        private = self._private[worker]
        begin = private.used[0]
        private.changed[begin : begin + len(changed)] = changed
        private.used[0] += len(changed)

    def changed(self, worker: int) -> Ints1d:
        """The shared rows that a worker has changed in rows of its own in this round."""
        private = self._private[worker]
        return private.changed[: private.used[0]]

    def to_merge(self, worker: int) -> Ints1d:
        """Those of them that are to be merged here."""
        changed = self.changed(worker)
        return changed if self._owners == 1 else changed[changed % self._owners == self._owner]
