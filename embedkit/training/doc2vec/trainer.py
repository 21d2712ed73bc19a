"""The training loop of document vectors: matrices, pieces of work, threads and epochs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from embedkit.arrays import Floats2d, Ints1d, Longs1d
from embedkit.parallel.mapping import map_as_completed
from embedkit.parallel.threads import threads
from embedkit.progress import Progress
from embedkit.saver import UNSAVED, Saver, Tensors
from embedkit.simd.compiling import announced
from embedkit.training.doc2vec.learners import (
    BagLearner,
    DocumentShards,
    Learner,
    MemoryLearner,
    unit_rows,
    without_padding,
)
from embedkit.training.doc2vec.parameters import Doc2VecParameters
from embedkit.training.doc2vec.pieces import DocumentPiece, DocumentRange, Job, jobs_of, pieces_of
from embedkit.training.epochs import EpochLoop, diverged
from embedkit.training.idle_epochs import check_learned
from embedkit.training.meter import Done, Meter
from embedkit.training.position import TrainingPosition
from embedkit.training.rounds.round_size import settled_rounds

if TYPE_CHECKING:
    from embedkit.training.rounds.cluster_rounds import ClusterRounds


class Trained(NamedTuple):
    """The vectors of documents (N, D), of targets (T, places * D) and, if they are trained, words (V, D).

    The parameters tell the size of a round that was chosen.
    """

    parameters: Doc2VecParameters
    documents: Floats2d
    targets: Floats2d
    words: Floats2d | None
    losses: list[float | None]


class DocumentTrainer:
    """A learner, and the pieces that it trains on.

    Args:
        parameters: what it is trained with.
        shards: the documents.
        counts: how often each of their targets occurs, (T,).
        words: how often each of their words does, (V,).
    """

    def __init__(
        self, parameters: Doc2VecParameters, shards: DocumentShards, counts: Longs1d, words: Longs1d
    ) -> None:
        parameters = settled_rounds(parameters, sum(len(shard.ids) for shard in shards.targets))
        kind = MemoryLearner if parameters.model == "dm" else BagLearner
        offsets = [shard.offsets for shard in shards.targets]
        self.parameters, self._first = parameters, shards.first
        self.pieces = pieces_of(offsets, shards.continues, parameters.round_words)
        self.learner: Learner = kind(
            parameters, shards, counts, words, max(piece.size for piece in self.pieces)
        )
        self.rounds = self.learner.rounds

    def tensors(self) -> Tensors:
        """All that changes in training, from which it can go on."""
        held = {"documents": self.learner.documents, "targets": self.learner.targets}
        return held if self.learner.words is None else {**held, "words": self.learner.words}

    @property
    def own_matrix(self) -> Floats2d:
        """Documents: each is changed by the piece that holds it, in place."""
        return self.learner.documents

    def own_rows(self, piece: Job) -> Ints1d:
        """The documents that a piece holds."""
        ranges = [self._first[part.shard] + np.arange(part.begin, part.end) for part in piece.piece.parts]
        return np.unique(np.concatenate(ranges)).astype(np.int32)

    def compile(self) -> None:
        """Have the kernels ready, from disk or compiled now."""
        self.learner.learn(Job(DocumentPiece([DocumentRange(0, 0, 0)], 0), 0.0, 0.0, (0,), np.uint64(0)))
        if self.rounds:
            self.rounds.merge(workers=1)

    def worker(self, epoch: int) -> Callable[[Job, int], tuple[int, float]]:
        """What trains on a piece, as the given worker of a round; in all epochs the same."""
        return self.learner.learn

    def jobs(self, epoch: int) -> Iterator[Job]:
        """The pieces of an epoch."""
        p = self.parameters
        return jobs_of(self.pieces, epoch, p.epochs, p.seed, p.final_share)


def train(
    trainer: DocumentTrainer,
    workers: int,
    progress: Progress,
    saver: Saver = UNSAVED,
    cluster: ClusterRounds | None = None,
) -> Trained:
    """Train on all documents.

    Raises:
        InputError: training diverged, or subsampling left nothing to learn from.
    """
    if cluster:
        workers = cluster.threads
    else:
        with announced(progress.note):
            trainer.compile()
    learner, p = trainer.learner, trainer.parameters
    losses = _train_epochs(trainer, workers, progress, saver, cluster)
    check_learned(losses, p.sample, "no word of a document was left")
    documents = learner.documents[:, : p.vector_size]
    targets = without_padding(learner.targets, p.vector_size, p.places)
    if p.cosine:
        documents, targets = unit_rows(documents), unit_rows(targets)
    words_of = None if learner.words is None else learner.words[:, : p.vector_size]
    return Trained(p, documents, targets, words_of, losses)


def _train_epochs(
    trainer: DocumentTrainer,
    workers: int,
    progress: Progress,
    saver: Saver,
    cluster: ClusterRounds | None,
) -> list[float | None]:
    p, learner, rounds = trainer.parameters, trainer.learner, trainer.rounds

    def train_epoch(epoch: int, meter: Meter, position: TrainingPosition) -> None:
        done: Iterator[tuple[Job, tuple[int, float]]]
        with threads(1 if p.round_workers == 1 else workers) as pool:
            for _, part in position.parts(trainer.jobs(epoch), rounds.workers if rounds else 1):
                if cluster:
                    done = cluster.train(epoch, part, 0)
                elif rounds:
                    done = rounds.train(pool, workers, learner.learn, part)
                else:
                    done = map_as_completed(pool, learner.learn, part, 2 * workers)
                for job, (predictions, loss) in done:
                    meter.add(Done(job.piece.size, predictions, loss))

    def check_finite(epochs: int, losses: list[float | None]) -> None:
        if not np.isfinite(learner.documents).all():
            raise diverged(epochs, p.rates[0])

    targets, documents = sum(piece.size for piece in trainer.pieces), f"{len(learner.documents):,} documents"
    loop = EpochLoop(p.epochs, targets, workers, documents, unit="targets")
    return loop.run(train_epoch, progress, check_finite, trainer.tensors(), saver)
