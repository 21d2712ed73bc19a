"""Threads that compute rows of the co-occurrence matrix, delivered in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import cycle
from queue import SimpleQueue
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d, Longs1d
from embedkit.parallel.mapping import map_in_order
from embedkit.parallel.threads import threads
from embedkit.training.counts.memory import Plan


class CountRows(NamedTuple):
    """CountRows of the matrix, one after the other, each in order of column."""

    lengths: Longs1d  # entries of each row
    columns: Ints1d
    sums: Longs1d


class Accumulator(NamedTuple):
    """What a thread adds up a row in, as `embedkit.training.kernels.cooccurrence` describes it."""

    sums: Longs1d
    seen: NDArray[np.uint64]
    touched: Ints1d

    @classmethod
    def empty(cls, size: int) -> Accumulator:
        """One for `size` columns."""
        return cls(
            np.zeros(size, np.int64), np.zeros(size // 64 + 1, np.uint64), np.empty(size + 1, np.int32)
        )


class RowRange(NamedTuple):
    """The rows [first, last)."""

    first: int
    last: int


Work = Callable[[RowRange, Accumulator, CountRows], int]  # writes the rows of a piece; returns their entries


class RowWorkers:
    """`plan.workers` threads with an accumulator each, and room for the rows they make.

    Leaving the `with` block drops the work that waits and lets what is under way end first.
    """

    def __init__(self, size: int, plan: Plan) -> None:
        self.size, self.plan = size, plan
        self._open = ExitStack()
        self._idle: SimpleQueue[Accumulator] = SimpleQueue()
        for _ in range(plan.workers):
            self._idle.put(Accumulator.empty(size))
        self._rooms = [
            CountRows(
                np.empty(size, np.int64), np.empty(plan.entries, np.int32), np.empty(plan.entries, np.int64)
            )
            for _ in range(plan.workers + 1)
        ]

    def __enter__(self) -> Self:
        self._threads = self._open.enter_context(threads(self.plan.workers))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def pieces(self, entries: Longs1d) -> list[RowRange]:
        """Rows in pieces, as many in one as fit its room by their `entries`, one a row, and one at least."""
        ends = np.cumsum(entries)
        pieces, first, before = [], 0, 0
        while first < len(entries):
            last = int(np.searchsorted(ends, before + self.plan.entries, side="right"))
            pieces.append(RowRange(first, max(last, first + 1)))
            first = pieces[-1].last
            before = int(ends[first - 1])
        return pieces

    def each(self, work: Callable[[int], None]) -> None:
        """Run `work(i)` for each worker i, at the same time."""
        list(self._threads.map(work, range(self.plan.workers)))

    def rows(self, work: Work, pieces: Iterable[RowRange]) -> Iterator[tuple[RowRange, CountRows]]:
        """The rows of the pieces, in their order; those of one are good until the next are asked for."""
        tasks = zip(pieces, cycle(self._rooms), strict=False)
        return map_in_order(self._threads, lambda task: self._made(work, *task), tasks, len(self._rooms))

    def _made(self, work: Work, piece: RowRange, room: CountRows) -> tuple[RowRange, CountRows]:
        lengths = room.lengths[: piece.last - piece.first]
        accumulator = self._idle.get()
        try:
            length = work(piece, accumulator, CountRows(lengths, room.columns, room.sums))
        finally:
            self._idle.put(accumulator)
        return piece, CountRows(lengths, room.columns[:length], room.sums[:length])
