"""Rounds: workers that train on pieces of the corpus from the same state, and what they changed, merged.

A worker here is a place in a round, not a thread: whichever thread trains on the third piece of a round does
what the third worker would, and rows are merged in the order of the workers. So the result depends on the
number of workers of a round and not on that of the threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from itertools import islice, pairwise
from typing import TypeVar

import numpy as np

from embedkit.arrays import Floats1d
from embedkit.training.rounds.row_pool import RowPool

Item = TypeVar("Item")
Result = TypeVar("Result")

RANGES_PER_THREAD = 4  # ranges of words to merge: more than threads, as frequent words come first


class RoundMerger:
    """Merges the private rows of several matrices, each with the damping of its rows (`merging.damping`)."""

    def __init__(self, pools: list[RowPool], dampings: list[Floats1d], vector_size: int) -> None:
        from embedkit.training.kernels.private_rows import row_merger

        self.workers = len(pools[0].places)
        self._pools, self._dampings = pools, dampings
        self._merge = row_merger(vector_size)

    def merge(self, start: int, stop: int) -> None:
        """Merge the rows of the words [start, stop), after which they are private no longer."""
        for pool, damping in zip(self._pools, self._dampings, strict=True):
            self._merge(pool.flat, pool.places, damping, start, stop)

    def ranges(self, threads: int) -> list[tuple[int, int]]:
        """All words, in ranges of about the same length."""
        bounds = np.linspace(0, len(self._pools[0].rows), RANGES_PER_THREAD * threads + 1).astype(int)
        return list(pairwise(bounds.tolist()))


def train_in_rounds(
    executor: Executor,
    threads: int,
    work: Callable[[Item, int], Result],
    pieces: Iterable[Item],
    merger: RoundMerger,
) -> Iterator[tuple[Item, Result]]:
    """Train on all pieces in rounds, and merge after each; gives each piece with what `work` returned.

    `work(piece, worker)` changes rows that are private to this worker alone.
    """
    ranges = merger.ranges(threads)
    upcoming = iter(pieces)
    while batch := list(islice(upcoming, merger.workers)):
        training = [executor.submit(work, piece, worker) for worker, piece in enumerate(batch)]
        results = [future.result() for future in training]
        merging = [executor.submit(merger.merge, *words) for words in ranges]
        yield from zip(batch, results, strict=True)
        for future in merging:
            future.result()
