"""`Replica`: a model in training of which each machine of a cluster holds one, and all stay the same.

A round has three steps. Each replica trains some groups of its workers (`train`), and hands over what they
made of the rows of each owner; these merge them (`merge`), in the order of the groups and by the rule of
`merging`; all write what was merged (`apply`). Until then nothing has changed the shared rows: whatever
became of a round, any replica can begin it again, or take the state of another.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from math import ceil
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np

from embedkit.arrays import Floats2d, Ints1d
from embedkit.errors import EmbedkitError
from embedkit.parallel.threads import Threads
from embedkit.saver import Tensors
from embedkit.training.rounds.pool_replica import PoolReplica
from embedkit.training.rounds.rounds import Rounds
from embedkit.training.rounds.row_pool import share_of
from embedkit.training.rounds.wire import TravelingRows, Wire, WireType

Item = TypeVar("Item")
Result = TypeVar("Result")
Outcome = tuple[int, float]  # predictions, and their summed loss
GroupRows = dict[int, list[TravelingRows]]  # what groups made of the rows of one owner, matrix by matrix
NO_ROWS = TravelingRows(np.zeros(0, np.int32), np.zeros((0, 0), np.float32))
LATEST = 4  # rounds whose results are kept: at least those that are under way at once


class RoundTrainer(Protocol):
    """A model in training whose workers train in rounds.

    Attributes:
        rounds: of its workers; None if it trains otherwise.
        own_matrix: one of which each row is changed by one piece alone, in place; None for none.
    """

    rounds: Rounds | None

    @property
    def own_matrix(self) -> Floats2d | None: ...  # noqa: D102

    def tensors(self) -> Tensors:
        """All that changes in training."""

    def compile(self) -> None:
        """Have the kernels ready."""

    def worker(self, epoch: int) -> Callable[[Any, int], Outcome]:
        """What trains on a piece in this epoch, as the given worker of a round."""

    def own_rows(self, piece: Any) -> Ints1d:
        """The rows of the own matrix that a piece changes."""


class Made(NamedTuple):
    """What a worker made: its result, and its rows of the own matrix, none without such a matrix."""

    result: Outcome
    own: TravelingRows


class Merged(NamedTuple):
    """The rows that an owner merged, matrix by matrix, what its workers made, and how long they trained."""

    rows: list[TravelingRows]
    made: dict[int, Made]
    seconds: float


class Applied(NamedTuple):
    """The results of all workers of a round, in their order, and the seconds of each replica's."""

    results: list[Outcome]
    seconds: list[float]


class Replica:
    """What a machine holds of a model that several train in rounds.

    Args:
        build: makes the model; on every machine the same.
        wire: the kind of numbers that travel.
        threads: workers that train at once.
    """

    def __init__(self, build: Callable[[], RoundTrainer], wire: WireType, threads: int) -> None:
        self._trainer = trainer = build()
        assert trainer.rounds  # noqa: S101 - only what trains in rounds has replicas
        self._rounds, self._pools = trainer.rounds, [PoolReplica(pool, wire) for pool in trainer.rounds.pools]
        trainer.compile()
        if (own := trainer.own_matrix) is not None:
            self._own_wire = Wire(wire, own.shape[1])
        self._threads, self._executor = threads, Threads(threads)
        self._done = -1
        self._made: dict[int, Made] = {}
        self._results: dict[int, Applied] = {}
        self._training = 0.0
        self._costs: dict[str, float] = defaultdict(float)
        self._before = time.process_time()

    def done(self) -> int:
        """How many rounds are done; negative before there is a state."""
        return self._done

    def restore(self, done: int, place: int, places: int, state: Tensors | None = None) -> None:
        """Go on with the state after so many rounds, whatever was begun; None for that which is here.

        From now on this is replica number `place` of so many.
        """
        for name, tensor in (state or {}).items():
            self._trainer.tensors()[name][:] = tensor
        self._place, self._places = place, places
        for pool in self._pools:
            pool.take_place(place, places)
        self._begin(done)

    def _begin(self, number: int) -> None:
        """Begin a round."""
        self._done, self._training = number, 0.0
        self._made.clear()

    def state(self) -> Tensors:
        """All that changes in training, as it is after the rounds that are done."""
        return self._trainer.tensors()

    def train(
        self, number: int, epoch: int, turn: int, pieces: Sequence[tuple[int, Any]]
    ) -> tuple[GroupRows, ...]:
        """Train the workers of some groups; returns what the groups made of the rows of each owner.

        Args:
            number: of the round, counted from the beginning.
            epoch: the epoch.
            turn: the number by which noise words are dealt.
            pieces: the numbers of workers, those of whole groups, and what each trains on.
        """
        self._check(number)
        with self._counted("train"):
            begin = time.monotonic()
            self._rounds.number = turn
            work = self._trainer.worker(epoch)
            made = self._in_threads(lambda some: self._train(work, *some), pieces)
            self._made.update(zip((worker for worker, _ in pieces), made, strict=True))
            self._training += time.monotonic() - begin
        size = self._rounds.group_size
        leaders = [worker for worker, _ in pieces if worker % size == 0]
        if size > 1:
            with self._counted("add"):
                stop = pieces[-1][0] + 1
                self._rounds.add_groups_up(self._executor, self._threads, leaders, stop)
        with self._counted("pack"):
            kinds = [(owner, leader) for owner in range(self._places) for leader in leaders]
            rows = iter(self._in_threads(lambda kind: self._parts(*kind), kinds))
            return tuple({leader: next(rows) for leader in leaders} for _ in range(self._places))

    def _parts(self, owner: int, leader: int) -> list[TravelingRows]:
        return [pool.part(leader, owner) for pool in self._pools]

    def _train(self, work: Callable[[Any, int], Outcome], worker: int, piece: Any) -> Made:
        if (matrix := self._trainer.own_matrix) is None:
            return Made(work(piece, worker), NO_ROWS)
        numbers = self._trainer.own_rows(piece)
        before = matrix[numbers]
        result = work(piece, worker)
        rows = self._own_wire.packed(numbers, matrix, numbers, before, np.arange(len(numbers)))
        matrix[numbers] = before
        return Made(result, rows)

    def _in_threads(self, do: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        return list(self._executor.map(do, items))

    def _receive(self, leader: int, each: Sequence[TravelingRows]) -> None:
        for pool, rows in zip(self._pools, each, strict=True):
            pool.receive(leader, rows)

    def merge(self, number: int, workers: int, *parts: GroupRows) -> Merged:
        """Merge the own rows of the workers of a round, of which those elsewhere sent these parts."""
        self._check(number)
        with self._counted("receive"):
            sent = {
                leader: rows for part in parts for leader, rows in part.items() if leader not in self._made
            }
            self._in_threads(lambda leader: self._receive(leader, sent[leader]), sent)
            self._costs["bytes"] += sum(rows.nbytes for each in sent.values() for rows in each)
        with self._counted("merge"):
            before = [pool.before(self._rounds.leaders(workers)) for pool in self._pools]
            shares = range(self._threads)
            self._in_threads(lambda share: self._rounds.merge(share, self._threads, workers), shares)
            merged = [pool.merged(rows) for pool, rows in zip(self._pools, before, strict=True)]
        return Merged(merged, dict(self._made), self._training)

    def apply(self, number: int, *merged: Merged) -> Applied:
        """Write what the owners of rows merged; the round is done."""
        self._check(number)
        made = {worker: own for each in merged for worker, own in each.made.items()}
        with self._counted("apply"):
            parts = ceil(self._threads / len(merged))
            self._in_threads(partial(self._apply, merged, parts), range(parts * len(merged)))
            others = [each for place, each in enumerate(merged) if place != self._place]
            self._costs["bytes"] += sum(rows.nbytes for each in others for rows in each.rows)
            if (matrix := self._trainer.own_matrix) is not None:
                for rows in (each.own for each in made.values()):
                    self._own_wire.unpack(rows, matrix, rows.numbers, matrix, rows.numbers)
        applied = Applied([made[worker].result for worker in sorted(made)], [each.seconds for each in merged])
        self._results[number] = applied
        self._results.pop(number - LATEST, None)
        self._begin(number + 1)
        return applied

    def _apply(self, merged: Sequence[Merged], parts: int, task: int) -> None:
        """Write one of so many parts of the rows of an owner."""
        owner, part = divmod(task, parts)
        for pool, rows in zip(self._pools, merged[owner].rows, strict=True):
            numbers, values = share_of(rows.numbers, part, parts), share_of(rows.values, part, parts)
            pool.apply(TravelingRows(numbers, values))

    def applied(self, number: int) -> Applied:
        """The results of one of the latest rounds."""
        return self._results[number]

    def _check(self, number: int) -> None:
        if number != self._done:
            raise EmbedkitError(f"round {number} cannot go on with the state after {self._done} rounds")

    def costs(self) -> dict[str, float]:
        """Processor seconds of each step since this was asked for last, of what is `between`, and bytes."""
        costs, self._costs = self._costs, defaultdict(float)
        return dict(costs)

    @contextmanager
    def _counted(self, step: str) -> Iterator[None]:
        """Count the processor time of a step, and of what went on between the last one and this."""
        begin = time.process_time()
        yield
        end = time.process_time()
        self._costs["between"] += begin - self._before
        self._costs[step] += end - begin
        self._before = end
