"""Rounds: workers that train on pieces of the corpus from the same state, and what they changed, merged.

A worker here is a place in a round, not a thread: whichever thread trains on the third piece of a round does
what the third worker would, and rows are merged in the order of the workers. So the result depends on the
number of workers of a round and not on that of the threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
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
        from embedkit.training.kernels.touched_rows import count_workers

        self.workers = workers
        self.number = 0  # of the round
        self.pools = pools
        self._forget, self._count = forget, count_workers
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
                changed = pool.to_merge(worker)
                own = changed[len(changed) * part // parts : len(changed) * (part + 1) // parts]
                merge(pool.flat, pool.places, own, pool.damping, worker, workers)

    def foresee(self, part: int = 0, parts: int = 1, workers: int | None = None) -> None:
        """Count how many of the first `workers` may touch each row of a part, where they have marked them."""
        workers = self.workers if workers is None else workers
        for pool in self.pools:
            if pool.marks is not None:
                rows = len(pool.touched)
                start, stop = rows * part // parts, rows * (part + 1) // parts
                self._count(pool.marks, workers, pool.dealt_from, self.number, pool.touched, start, stop)

    def train(
        self,
        executor: Executor,
        threads: int,
        work: Callable[[Item, int], Result],
        pieces: Iterable[Item],
        mark: Callable[[Item, int], None] | None = None,
        number: int = 0,
    ) -> Iterator[tuple[Item, Result]]:
        """Train on all pieces in rounds, and merge after each; gives each piece with what `work` returned.

        `work(piece, worker)` changes rows that are private to this worker alone. `mark(piece, worker)` marks
        which it is going to touch, in the pools that foresee that. Rounds are numbered from `number` on, by
        which noise words are dealt: another one in each epoch lets a piece meet all of them.
        """
        self.number = number
        upcoming, parts = iter(pieces), PARTS_PER_THREAD * threads

        def marked() -> tuple[list[Item], list[Future[None]]]:
            batch = list(islice(upcoming, self.workers))
            if mark is None:
                return batch, []
            return batch, [executor.submit(mark, piece, worker) for worker, piece in enumerate(batch)]

        batch, marking = marked()
        while batch:
            for future in marking:
                future.result()
            if mark:
                foreseen = [
                    executor.submit(self.foresee, part, threads, len(batch)) for part in range(threads)
                ]
                for future in foreseen:
                    future.result()
            training = [executor.submit(work, piece, worker) for worker, piece in enumerate(batch)]
            results = [future.result() for future in training]
            merging = [executor.submit(self.merge, part, parts, len(batch)) for part in range(parts)]
            following, marking = marked()
            yield from zip(batch, results, strict=True)
            for merged in merging:
                merged.result()
            self.number += 1
            batch = following
