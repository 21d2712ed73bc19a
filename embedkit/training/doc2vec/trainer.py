"""The training loop of document vectors: matrices, pieces of work, threads and epochs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Floats2d, Longs1d
from embedkit.checkpoints import UNSAVED, Saver
from embedkit.errors import InputError
from embedkit.parallel.mapping import map_as_completed
from embedkit.parallel.threads import threads
from embedkit.progress import Progress
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


class Trained(NamedTuple):
    """The vectors of documents (N, D), of targets (T, places * D) and, if they are trained, words (V, D).

    The parameters tell the size of a round that was chosen.
    """

    parameters: Doc2VecParameters
    documents: Floats2d
    targets: Floats2d
    words: Floats2d | None
    losses: list[float | None]


def train(
    parameters: Doc2VecParameters, shards: DocumentShards, counts: Longs1d, words: Longs1d, workers: int,
    progress: Progress, saver: Saver = UNSAVED,
) -> Trained:  # fmt: skip
    """Train on documents whose targets occur so often, `counts` (T,), and their words, `words` (V,).

    Raises:
        InputError: training diverged, or subsampling left nothing to learn from.
    """
    kind = MemoryLearner if parameters.model == "dm" else BagLearner
    parameters = settled_rounds(parameters, sum(len(shard.ids) for shard in shards.targets))
    offsets = [shard.offsets for shard in shards.targets]
    pieces = pieces_of(offsets, shards.continues, parameters.round_words)
    with announced(progress.note):
        learner = kind(parameters, shards, counts, words, max(piece.size for piece in pieces))
        learner.learn(Job(DocumentPiece([DocumentRange(0, 0, 0)], 0), 0.0, 0.0, (0,), np.uint64(0)))
        if learner.rounds:
            learner.rounds.merge()
    losses = _train_epochs(learner, parameters, pieces, workers, progress, saver)
    check_learned(losses, parameters.sample, "no word of a document was left")
    size = parameters.vector_size
    documents = learner.documents[:, :size]
    targets = without_padding(learner.targets, size, parameters.places)
    if parameters.cosine:
        documents, targets = unit_rows(documents), unit_rows(targets)
    words_of = None if learner.words is None else learner.words[:, :size]
    return Trained(parameters, documents, targets, words_of, losses)


def _train_epochs(
    learner: Learner, parameters: Doc2VecParameters, pieces: Sequence[DocumentPiece], workers: int,
    progress: Progress, saver: Saver,
) -> list[float | None]:  # fmt: skip
    p, rounds = parameters, learner.rounds

    def train_epoch(epoch: int, meter: Meter, position: TrainingPosition) -> None:
        jobs = jobs_of(pieces, epoch, p.epochs, p.seed, p.final_share)
        done: Iterator[tuple[Job, tuple[int, float]]]
        with threads(1 if p.round_workers == 1 else workers) as pool:
            for _, part in position.parts(jobs, rounds.workers if rounds else 1):
                if rounds:
                    done = rounds.train(pool, workers, learner.learn, part)
                else:
                    done = map_as_completed(pool, learner.learn, part, 2 * workers)
                for job, (predictions, loss) in done:
                    meter.add(Done(job.piece.size, predictions, loss))

    def check_finite(epochs: int, losses: list[float | None]) -> None:
        if not np.isfinite(learner.documents).all():
            raise InputError(diverged(epochs, p.rates[0]))

    targets, documents = sum(piece.size for piece in pieces), f"{len(learner.documents):,} documents"
    loop = EpochLoop(p.epochs, targets, workers, documents, unit="targets")
    tensors = {"documents": learner.documents, "targets": learner.targets}
    if learner.words is not None:
        tensors["words"] = learner.words
    return loop.run(train_epoch, progress, check_finite, tensors, saver)
