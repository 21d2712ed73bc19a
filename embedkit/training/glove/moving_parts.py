"""Training GloVe on a cluster, where parts of the contexts move from worker to worker.

It is the stratified gradient descent of Gemulla et al. (2011, 4) on the blocks of one machine. A worker keeps
some parts of the words with all their nonzeros, and holds as many parts of the contexts. The diagonals of an
epoch follow each other such that from one to the next each worker hands one part on to its neighbor and gets
one: no two hold the same part, all contexts pass by every worker once an epoch, and nobody waits for more
than its neighbor. Blocks of a diagonal share no row, so that the bytes are those of one machine.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d, Longs1d
from embedkit.cluster.cluster import Cluster
from embedkit.cluster.engine import ATTEMPTS, Actor, Reference
from embedkit.errors import WorkerDiedError
from embedkit.training.glove.blocks import Blocks
from embedkit.training.glove.parameters import GloVeParameters
from embedkit.training.meter import Done, Meter

AHEAD = 4  # diagonals that are asked for before the first of them is done
_ONLY = np.zeros(1, np.int64)  # the number of a block that is given alone

Held = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float64]]  # words, contexts, costs


class PartsWorker:
    """In a worker: parts of the words from `first` on, their nonzeros, and as many parts of the contexts."""

    def __init__(
        self,
        parameters: GloVeParameters,
        first: int,
        size: int,
        offsets: Longs1d,
        word_ids: NDArray[np.uint16],
        context_ids: NDArray[np.uint16],
        logs: Floats1d,
    ) -> None:
        from embedkit.training.kernels.glove import block_trainer

        self._train_blocks = block_trainer(parameters.vector_size)
        self._rates = parameters.rates()
        self._first, self._size, self._offsets = first, size, np.require(offsets, requirements="W")
        self._nonzeros = tuple(np.require(part, requirements="W") for part in (word_ids, context_ids, logs))

    def begin(
        self, words: Floats2d, contexts: Floats2d, costs: NDArray[np.float64], columns: Longs1d, shift: int
    ) -> None:
        """Take the parts of words and contexts as they are before diagonal `shift`."""
        self._words, self._contexts = _aligned(words), _aligned(contexts)
        self._costs, self._columns, self._shift, self._turns = costs.copy(), columns, shift, 0
        self._done = Done()

    def train(self, incoming: Floats1d | None) -> Floats1d:
        """Train on the own blocks of the next diagonal; takes a part, and gives one."""
        if incoming is not None:
            self._take(incoming)
        for row in range(len(self._words)):
            self._train_block(row)
        given: Floats1d = self._contexts[self._slot(len(self._words) - 1)]
        return given

    def done(self) -> Done:
        """What was done since this was asked last."""
        done, self._done = self._done, Done()
        return done

    def end(self, incoming: Floats1d) -> Held:
        """Take the last part, and give all that is held."""
        self._take(incoming)
        slots = [self._slot(row) for row in range(len(self._words))]
        return self._words, self._contexts[slots], self._costs

    def _take(self, incoming: Floats1d) -> None:
        """A part takes the place of the one that was given."""
        self._contexts[self._slot(len(self._words) - 1)] = incoming
        self._turns += 1
        self._shift += 1

    def _slot(self, row: int) -> int:
        """Where the part is that belongs to a row of blocks now."""
        return (row - self._turns) % len(self._words)

    def _train_block(self, row: int) -> None:
        parts = len(self._columns)
        column = int(self._columns[(self._first + row - self._shift) % parts])
        number = row * parts + column
        bounds, cost = self._offsets[number : number + 2], np.zeros(1)
        self._train_blocks(
            self._words[row], self._contexts[self._slot(row)], *self._nonzeros, bounds, _ONLY, 1, self._size,
            *self._rates, cost,
        )  # fmt: skip
        self._costs[row, column] = cost[0]
        made = int(bounds[1] - bounds[0])
        self._done = self._done.plus(Done(made, made, float(cost[0])))


class MovingParts:
    """Workers of a cluster that train the blocks of a model, whose state stays here between diagonals.

    Args:
        parameters: those of training.
        blocks: all nonzeros.
        words: the matrix of words, a part after the other; likewise `contexts`.
        costs: of each block.
        cluster: the workers.
    """

    def __init__(
        self,
        parameters: GloVeParameters,
        blocks: Blocks,
        words: Floats2d,
        contexts: Floats2d,
        costs: NDArray[np.float64],
        cluster: Cluster,
    ) -> None:
        count = blocks.parts.count
        self._parameters, self._blocks, self._cluster = parameters, blocks, cluster
        self._words, self._contexts = words.reshape(count, -1), contexts.reshape(count, -1)
        self._costs = costs.reshape(count, count)
        shares = np.array_split(np.arange(count), min(cluster.workers, count))
        self._ranges = [slice(int(share[0]), int(share[-1]) + 1) for share in shares]
        self._actors: list[Actor] = []

    def train(self, columns: Longs1d, first: int, shifts: Iterator[int], meter: Meter) -> None:
        """Train the diagonals `shifts`, from number `first` on; once more from there if a worker dies."""
        done: list[int] = []
        before = meter.done
        for attempt in range(1, ATTEMPTS + 1):
            meter.done = before
            try:
                held = self._train(columns, first, _repeated(done, shifts), meter)
                break
            except WorkerDiedError:
                self.close()
                if attempt == ATTEMPTS:
                    raise
        self._gather(columns, first + len(done), held)

    def close(self) -> None:
        """End the workers."""
        while self._actors:
            self._actors.pop().close()

    def _train(self, columns: Longs1d, first: int, shifts: Iterable[int], meter: Meter) -> list[Held]:
        actors = self._begun(columns, first)
        given: list[Reference[Any] | None] = [None] * len(actors)
        asked: deque[list[Reference[Done]]] = deque()
        for _ in shifts:
            turns = zip(actors, _from_neighbor(given), strict=True)
            given = [actor.call("train", part) for actor, part in turns]
            asked.append([actor.call("done") for actor in actors])
            if len(asked) > AHEAD:
                self._count(asked.popleft(), meter)
        while asked:
            self._count(asked.popleft(), meter)
        ends = zip(actors, _from_neighbor(given), strict=True)
        return self._cluster.get([actor.call("end", part) for actor, part in ends])

    def _count(self, asked: list[Reference[Done]], meter: Meter) -> None:
        for done in self._cluster.get(asked):
            meter.add(done)

    def _begun(self, columns: Longs1d, shift: int) -> list[Actor]:
        """The workers, with the parts that they hold before a diagonal."""
        if not self._actors:
            self._actors = list(map(self._made, self._ranges))
        begun = []
        for own, actor in zip(self._ranges, self._actors, strict=True):
            held = self._contexts[_held(columns, own, shift)]
            begun.append(actor.call("begin", self._words[own], held, self._costs[own], columns, shift))
        self._cluster.get(begun)
        return self._actors

    def _made(self, own: slice) -> Actor:
        """A worker with the nonzeros of its parts of the words."""
        blocks, count = self._blocks, self._blocks.parts.count
        offsets = blocks.offsets[own.start * count : own.stop * count + 1]
        part = slice(int(offsets[0]), int(offsets[-1]))
        nonzeros = (np.asarray(kind[part]) for kind in (blocks.word_ids, blocks.context_ids, blocks.logs))
        start = own.start, blocks.parts.size, offsets - offsets[0]
        return self._cluster.actor(PartsWorker, self._parameters, *start, *nonzeros)

    def _gather(self, columns: Longs1d, shift: int, held: list[Held]) -> None:
        """Take in the state after the last diagonal."""
        for own, (words, contexts, costs) in zip(self._ranges, held, strict=True):
            self._words[own], self._costs[own] = words, costs
            self._contexts[_held(columns, own, shift)] = contexts


def _from_neighbor(given: list[Any]) -> list[Any]:
    """What each worker gets: what the one before it gave, and the first what the last gave."""
    return [given[-1], *given[:-1]]


def _held(columns: Longs1d, own: slice, shift: int) -> Longs1d:
    """The parts of the contexts that belong to parts of the words before a diagonal."""
    return np.roll(columns, shift)[own]


def _repeated(done: list[int], more: Iterator[int]) -> Iterator[int]:
    """What was drawn before, and what is drawn now, which is noted."""
    yield from tuple(done)
    for item in more:
        done.append(item)
        yield item


def _aligned(matrix: Floats2d) -> Floats2d:
    """A copy for the kernels."""
    from embedkit.simd.storage import aligned_matrix

    copy = aligned_matrix(*matrix.shape)
    copy[:] = matrix
    return copy
