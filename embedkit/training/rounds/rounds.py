"""Rounds: workers that train on pieces of the corpus from the same state, and what they changed, merged.

A worker here is a place in a round, not a thread: whichever thread trains on the third piece of a round does
what the third worker would, and rows are merged in the order of the workers. So the result depends on the
number of workers of a round and not on that of the threads. Where workers form groups, the changes of each
group are added up first, as on a cluster, where a group trains on one machine and only their sum travels; the
first worker of a group, its leader, then stands for the group. A worker without a group leads itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from itertools import islice
from typing import Any, TypeVar

import numpy as np

from embedkit.arrays import Doubles1d, Ints1d
from embedkit.training.rounds.merging import half
from embedkit.training.rounds.row_pool import PrivateRows, RowPool, share_of

Item = TypeVar("Item")
Result = TypeVar("Result")

PARTS_PER_THREAD = 4  # parts of the rows to merge: more than threads, as their work differs


class Rounds:
    """The rounds of workers that change several matrices."""

    def __init__(self, workers: int, pools: list[RowPool]) -> None:
        from embedkit.training.kernels.private_rows import forget, row_merger
        from embedkit.training.kernels.touched_rows import count_workers

        self.workers = workers
        self.group_size = pools[0].group_size
        self.number = 0  # of the round
        self.pools = pools
        self._forget, self._count = forget, count_workers
        self._mergers = [row_merger(pool.rows.shape[1]) for pool in pools]

    @classmethod
    def of(cls, parameters: Any, pools: list[RowPool], updates: Sequence[Doubles1d]) -> Rounds | None:
        """Rounds of `round_workers` in `round_groups`, each expected to change rows of matrices so often.

        None for one worker, who changes the shared rows.
        """
        workers = parameters.round_workers or 1
        if workers < 2:
            return None
        for pool, often in zip(pools, updates, strict=True):
            pool.divide(parameters.round_groups or workers)
            pool.damp(often, half(workers, means=parameters.model == "cbow"))
        return cls(workers, pools)

    def begin(self, worker: int) -> tuple[PrivateRows, ...]:
        """The rows of each matrix as a worker finds them when a round begins."""
        rows = tuple(pool.private(worker) for pool in self.pools)
        for private in rows:
            self._forget(private)
        return rows

    def leaders(self, workers: int | None = None) -> range:
        """The workers that stand for the groups of the first `workers`."""
        return range(0, self.workers if workers is None else workers, self.group_size)

    def add_up(self, leader: int, workers: int, part: int = 0, parts: int = 1) -> list[Ints1d]:
        """Add up one of so many parts of the changes of a group, of those of the first `workers`.

        Returns:
            The rows of each matrix that others of the group have changed and the leader has not, to `adopt`
            once all parts are done.
        """
        group = range(leader, min(leader + self.group_size, workers))
        adopted = []
        for pool, merge in zip(self.pools, self._mergers, strict=True):
            fresh = [
                self._merged(pool, merge, worker, group, share_of(pool.changed(worker), part, parts), True)
                for worker in group
            ]
            adopted.append(np.concatenate(fresh))
        return adopted

    def adopt(self, leader: int, adopted: Iterable[list[Ints1d]]) -> None:
        """Have a leader stand for its group, of whose rows all parts are added up."""
        for each in adopted:
            for pool, rows in zip(self.pools, each, strict=True):
                pool.adopt(leader, rows)

    def merge(self, part: int = 0, parts: int = 1, workers: int | None = None) -> None:
        """Merge one of so many parts of the rows that the first `workers` have changed."""
        leaders = self.leaders(workers)
        for pool, merge in zip(self.pools, self._mergers, strict=True):
            for leader in leaders:
                self._merged(pool, merge, leader, leaders, share_of(pool.to_merge(leader), part, parts))

    @staticmethod
    def _merged(
        pool: RowPool, merge: Callable[..., int], worker: int, among: range, changed: Ints1d,
        into_leader: bool = False,
    ) -> Ints1d:  # fmt: skip
        """Merge what a worker changed with what these did, or add it up; returns what is to be adopted."""
        adopted = np.empty(len(changed) if into_leader else 0, np.int32)
        workers = among.start, among.stop, among.step
        fresh = merge(pool.flat, pool.places, pool.changers, changed, pool.damping, worker, workers, adopted)
        return adopted[:fresh]

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
            if self.group_size > 1:
                self.add_groups_up(executor, threads, self.leaders(len(batch)), len(batch))
            merging = [executor.submit(self.merge, part, parts, len(batch)) for part in range(parts)]
            following, marking = marked()
            yield from zip(batch, results, strict=True)
            for merged in merging:
                merged.result()
            self.number += 1
            batch = following

    def add_groups_up(self, executor: Executor, threads: int, leaders: Iterable[int], workers: int) -> None:
        """Add up the changes of some groups, of those of the first `workers`; their leaders then have all."""
        adding = {
            leader: [executor.submit(self.add_up, leader, workers, part, threads) for part in range(threads)]
            for leader in leaders
        }
        for leader, parts in adding.items():
            self.adopt(leader, [part.result() for part in parts])
