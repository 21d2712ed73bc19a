"""The GloVe training loop over blocks of nonzeros, and the last state before divergence."""

from __future__ import annotations

import time
import warnings
from contextlib import closing, nullcontext

import numpy as np

from embedkit.arrays import Floats1d, Floats2d, Longs1d
from embedkit.cluster.cluster import Cluster
from embedkit.errors import DivergenceError, InputError
from embedkit.parallel.threads import threads
from embedkit.progress import Progress
from embedkit.saver import UNSAVED, Saver, Tensors
from embedkit.simd.compiling import announced
from embedkit.training.counts.cooccurrences import Cooccurrences
from embedkit.training.counts.memory import format_memory, parse_memory
from embedkit.training.epoch_state import EpochHook, EpochState
from embedkit.training.glove.blocks import ENTRY, Blocks, Parts
from embedkit.training.glove.moving_parts import MovingParts
from embedkit.training.glove.parameters import GloVeParameters
from embedkit.training.meter import Done, Meter
from embedkit.training.position import TrainingPosition

PIECES = 4  # a worker and round: few enough to cost nothing, enough to end at the same time
SAMPLE = 1 << 20  # nonzeros from which the cost of no vectors at all is told


def train(
    parameters: GloVeParameters,
    counts: Cooccurrences,
    workers: int,
    progress: Progress,
    after_epoch: EpochHook | None = None,
    saver: Saver = UNSAVED,
    cluster: Cluster | None = None,
) -> EpochState:
    """Train on counts; if training diverges after the first epoch, a warning and the last good state."""
    with announced(progress.note):
        trainer = GloVeTrainer(parameters, counts, workers, progress)
        trainer.compile()
    vectors = trainer.vectors().copy()
    meter = Meter(progress, "nonzeros", "cost")
    tensors = {**trainer.tensors(), "vectors": vectors}
    position = TrainingPosition(saver, tensors, parameters.epochs, counts.nonzeros, meter)
    begin, first = time.monotonic(), meter.done.items
    progress.start("training", parameters.epochs * counts.nonzeros)
    progress.go_on(first)
    with closing(trainer.moving(cluster)) if cluster else nullcontext() as moving:
        for epoch in range(len(position.losses), parameters.epochs):
            cost = trainer.train_epoch(epoch, workers, meter, position, moving)
            if not trainer.is_sound(cost):
                _tell_divergence(epoch, cost, parameters.learning_rate)
                break
            position.end_epoch(cost)
            tensors["vectors"] = vectors = trainer.vectors()
            progress.note(f"epoch {epoch + 1} of {parameters.epochs}: cost {cost:.4f}")
            if after_epoch:
                after_epoch(EpochState(epoch + 1, vectors, list(position.losses)))
    speed = (meter.done.items - first) / (time.monotonic() - begin)
    told = cluster.told if cluster else f"{workers} worker{'s' * (workers > 1)}"
    progress.finish(f"{speed / 1e6:.2f} M nonzeros/s with {told}, vocabulary {len(counts.vocabulary):,}")
    return EpochState(len(position.losses), vectors, position.losses)


def _tell_divergence(epoch: int, cost: float, rate: float) -> None:
    """Warn, or raise `DivergenceError` if no epoch went well."""
    told = (
        f"training diverged in epoch {epoch + 1} (cost {cost:.3g}); learning_rate must be lower than {rate}"
    )
    if epoch == 0:
        raise DivergenceError(told)
    warnings.warn(f"{told}; these are the vectors after epoch {epoch}", stacklevel=4)


class GloVeTrainer:
    """The two matrices of a model in training, and the blocks that change them."""

    def __init__(
        self, parameters: GloVeParameters, counts: Cooccurrences, workers: int, progress: Progress
    ) -> None:
        from embedkit.simd.lanes import LANES
        from embedkit.training.kernels.glove import block_trainer, row_vectors

        p = self.parameters = parameters
        self._vectors = row_vectors(p.vector_size)
        row_bytes = 2 * self._vectors * LANES * 4
        random = np.random.default_rng(p.seed)
        parts = Parts.deal(len(counts.vocabulary), row_bytes, random)
        on_disk = _needs_disk(p.memory, counts.nonzeros, 2 * parts.count * parts.size * row_bytes)
        self.words = self._matrix(parts, random, bias=0)
        self.contexts = self._matrix(parts, random, bias=1)
        self.blocks = Blocks.build(counts, parts, p.seed, on_disk, workers, progress)
        self._train_blocks = block_trainer(p.vector_size)
        self._costs = np.zeros(parts.count**2)
        self._untrained = self._cost_of_nothing()

    def _matrix(self, parts: Parts, random: np.random.Generator, bias: int) -> Floats1d:
        """A matrix for the kernels, (slots, vectors, 2, 16): random rows, a column of ones, squares of 1."""
        from embedkit.simd.storage import aligned_matrix
        from embedkit.training.kernels.glove import BIASES

        slots, size = parts.count * parts.size, self.parameters.vector_size
        matrix = aligned_matrix(slots, 2 * 16 * self._vectors).reshape(slots, self._vectors, 2, 16)
        matrix[:, :, 1] = 1
        for first in range(0, len(parts.slots), _ROWS):
            chosen = parts.slots[first : first + _ROWS]
            rows = np.zeros((len(chosen), 16 * self._vectors), np.float32)
            rows[:, :size] = random.random((len(chosen), size), dtype=np.float32) - 0.5
            rows[:, size + bias] = random.random(len(chosen), dtype=np.float32) - 0.5
            rows /= size
            rows[:, size + BIASES - 1 - bias] = 1
            matrix[chosen, :, 0] = rows.reshape(len(chosen), self._vectors, 16)
        return matrix

    def compile(self) -> None:
        """Have the kernels ready, from disk or compiled now."""
        self._run(np.zeros(0, np.int64))

    def tensors(self) -> Tensors:
        """All that changes in training: both matrices, and the costs of the blocks."""
        return {"words": self.words, "contexts": self.contexts, "costs": self._costs}

    def train_epoch(
        self,
        epoch: int,
        workers: int,
        meter: Meter,
        position: TrainingPosition | None = None,
        moving: MovingParts | None = None,
    ) -> float:
        """One pass over all nonzeros, or what is left of it; returns their mean cost."""
        parts = self.blocks.parts
        columns = parts.columns(np.random.default_rng((self.parameters.seed, epoch)))
        shifts = range(parts.count)
        with threads(workers) as pool:
            for first, some in position.parts(shifts) if position else [(0, iter(shifts))]:
                if moving:
                    moving.train(columns, first, some, meter)
                    continue
                for shift in some:
                    diagonal = parts.diagonal(columns, shift)
                    pieces = np.array_split(diagonal, min(parts.count, PIECES * workers))
                    for done in pool.map(self._run, pieces):
                        meter.add(done)
        return float(self._costs.sum()) / self.blocks.nonzeros

    def moving(self, cluster: Cluster) -> MovingParts:
        """The workers of a cluster, to train the blocks."""
        return MovingParts(self.parameters, self.blocks, self.words, self.contexts, self._costs, cluster)

    def is_sound(self, cost: float) -> bool:
        """Whether the vectors are numbers, and better than none: a cost as high as without is divergence."""
        finite = np.isfinite(self.words).all() and np.isfinite(self.contexts).all()
        return bool(np.isfinite(cost) and cost <= 1 + 2 * self._untrained and finite)

    def vectors(self) -> Floats2d:
        """What `combine` asks for, in the order of the vocabulary, read-only."""
        words = self._columns(self.words)
        if self.parameters.combine != "word":
            contexts = self._columns(self.contexts)
            words = words + contexts if self.parameters.combine == "sum" else np.hstack([words, contexts])
        words.flags.writeable = False
        return words

    def _columns(self, matrix: Floats2d) -> Floats2d:
        """The vectors of a matrix, (V, vector_size)."""
        slots = self.blocks.parts.slots
        return matrix[slots, :, 0].reshape(len(slots), -1)[:, : self.parameters.vector_size]

    def _cost_of_nothing(self) -> float:
        """The mean cost of zero vectors, from nonzeros taken at equal distances."""
        p = self.parameters
        logs = self.blocks.logs[:: -(-self.blocks.nonzeros // SAMPLE)].astype(np.float64)
        weights = np.minimum(1, np.exp(p.alpha * (logs - np.log(p.x_max))))
        return float(0.5 * (weights * logs**2).mean())

    def _run(self, numbers: Longs1d) -> Done:
        """Train on blocks that stand on a diagonal."""
        blocks = self.blocks
        self._train_blocks(
            self.words.reshape(-1), self.contexts.reshape(-1), blocks.word_ids, blocks.context_ids,
            blocks.logs, blocks.offsets, numbers, blocks.parts.count, blocks.parts.size,
            *self.parameters.rates(), self._costs,
        )  # fmt: skip
        made = int((blocks.offsets[numbers + 1] - blocks.offsets[numbers]).sum())
        return Done(made, made, float(self._costs[numbers].sum()))


_ROWS = 1 << 12  # rows made at a time


def _needs_disk(memory: str | int, nonzeros: int, matrices: int) -> bool:
    """Whether the blocks must go to a file; `InputError` if not even the matrices fit into `memory`."""
    needed, allowed = matrices * 2, parse_memory(memory)  # and as much again for vectors to hand out
    if needed > allowed:
        raise InputError(
            f'memory={memory!r} is too little for the matrices, which take "{format_memory(needed)}"; '
            "allow more, or use fewer words or dimensions"
        )
    return needed + ENTRY * nonzeros > allowed
