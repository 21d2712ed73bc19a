"""Rounds: workers that train on pieces of the corpus from the same state, and what they changed, merged.

A worker here is a place in a round, not a thread: whichever thread trains on the third piece of a round does
what the third worker would, and rows are merged in the order of the workers. So the result depends on the
number of workers of a round and not on that of the threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from itertools import islice
from typing import TypeVar

from embedkit.arrays import Doubles1d
from embedkit.training.rounds.row_pool import PrivateRows, RowPool

Item = TypeVar("Item")
Result = TypeVar("Result")

PARTS_PER_THREAD = 4  # parts of the rows to merge: more than threads, as their work differs


class Rounds:
    """The rounds of workers that change several matrices."""

    def __init__(self, workers: int, pools: list[RowPool]) -> None:
        from embedkit.training.kernels.private_rows import forget, row_merger

        self.workers = workers
        self.pools = pools
        self._forget = forget
        self._mergers = [row_merger(pool.rows.shape[1]) for pool in pools]

    @classmethod
    def of(cls, workers: int, pools: list[RowPool], updates: Sequence[Doubles1d]) -> Rounds | None:
        """Rounds of so many workers, each of which is expected to change the rows of matrices so often.

        None for one worker, who changes the shared rows.
        """
        if workers < 2:
            return None
        for pool, often in zip(pools, updates, strict=True):
            pool.damp(often)
        return cls(workers, pools)

    def begin(self, worker: int) -> tuple[PrivateRows, ...]:
        """The rows of each matrix as a worker finds them when a round begins."""
        rows = tuple(pool.private(worker) for pool in self.pools)
        for private in rows:
            self._forget(private)
        return rows

    def merge(self, part: int = 0, parts: int = 1, workers: int | None = None) -> None:
        """Merge one of so many parts of the rows that the first `workers` have changed."""
        workers = self.workers if workers is None else workers
        for pool, merge in zip(self.pools, self._mergers, strict=True):
            for worker in range(workers):
                changed = pool.changed(worker)
                own = changed[len(changed) * part // parts : len(changed) * (part + 1) // parts]
                merge(pool.flat, pool.places, own, pool.damping, worker, workers)

    def train(
        self, executor: Executor, threads: int, work: Callable[[Item, int], Result], pieces: Iterable[Item]
    ) -> Iterator[tuple[Item, Result]]:
        """Train on all pieces in rounds, and merge after each; gives each piece with what `work` returned.

        `work(piece, worker)` changes rows that are private to this worker alone.
        """
        upcoming, parts = iter(pieces), PARTS_PER_THREAD * threads
        while batch := list(islice(upcoming, self.workers)):
            training = [executor.submit(work, piece, worker) for worker, piece in enumerate(batch)]
            results = [future.result() for future in training]
            merging = [executor.submit(self.merge, part, parts, len(batch)) for part in range(parts)]
            yield from zip(batch, results, strict=True)
            for future in merging:
                future.result()
