"""The word2vec training loop: matrices, pieces of work, threads and epochs."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from embedkit.arrays import Floats2d, Longs1d
from embedkit.errors import InputError, NothingLearntError
from embedkit.parallel.mapping import map_as_completed
from embedkit.parallel.threads import threads
from embedkit.progress import Progress
from embedkit.simd.compiling import announced
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.shards import Shard
from embedkit.text.vocabulary import Vocabulary
from embedkit.training.epoch_state import EpochHook, EpochState
from embedkit.training.meter import Done, Meter
from embedkit.training.rounds.merging import damping
from embedkit.training.rounds.rounds import RoundMerger, train_in_rounds
from embedkit.training.rounds.row_pool import RowPool
from embedkit.training.word2vec.expected_updates import expected_updates
from embedkit.training.word2vec.parameters import Word2VecParameters
from embedkit.training.word2vec.sampling import alias_table, keep_probability, noise_probability, thresholds

PIECE = 1 << 16  # positions a thread trains on before it reports: some ten milliseconds


class CorpusPiece(NamedTuple):
    """The positions [start, stop) of a shard, of which `before` others were trained on in earlier pieces."""

    shard: int
    start: int
    stop: int
    before: int


def train(
    parameters: Word2VecParameters,
    corpus: Corpus,
    vocabulary: Vocabulary,
    workers: int,
    progress: Progress,
    after_epoch: EpochHook | None = None,
) -> EpochState:
    """Train on a corpus with the words of `vocabulary`, a prefix of the corpus's."""
    trainer = Word2VecTrainer(parameters, corpus, vocabulary)
    with announced(progress.note):
        trainer.compile()
    losses: list[float | None] = []
    progress.start("training", parameters.epochs * corpus.words)
    begin = time.monotonic()
    meter = Meter(progress, rate=trainer.rate)
    for epoch in range(parameters.epochs):
        losses.append(train_epoch(trainer, epoch, workers, meter).mean_loss)
        told = "no prediction" if losses[-1] is None else f"mean loss {losses[-1]:.4f}"
        progress.note(f"epoch {epoch + 1} of {parameters.epochs}: {told}")
        trainer.check_finite(epoch)
        if after_epoch:
            after_epoch(EpochState(epoch + 1, trainer.vectors(), list(losses)))
    speed = parameters.epochs * corpus.words / (time.monotonic() - begin)
    told = f"{workers} worker{'s' * (workers > 1)}"
    progress.finish(f"{speed / 1e6:.2f} M words/s with {told}, vocabulary {len(vocabulary):,}")
    if losses.count(None) == len(losses) and not _has_neighbours(corpus, len(vocabulary)):
        raise NothingLearntError(
            "nothing was learnt: no two words of the vocabulary stand in the same document; give documents "
            "of several words, each of which occurs min_count times in all"
        )
    _check_learnt(losses, parameters.sample)
    return EpochState(parameters.epochs, trainer.vectors(), losses)


def _check_learnt(losses: list[float | None], sample: float) -> None:
    """Raise `InputError` if no epoch made a prediction, warn if some made none."""
    if (idle := losses.count(None)) == len(losses):
        raise NothingLearntError(
            f"nothing was learnt: with sample={sample} no two words of a document were left side by side; "
            "use sample=0, or more text"
        )
    if idle:
        warnings.warn(
            f"{idle} of {len(losses)} epochs made no prediction, as sample={sample} drops most words of so "
            "small a text; use sample=0",
            stacklevel=4,
        )


def _has_neighbours(corpus: Corpus, words: int) -> bool:
    """Whether two of the first `words` of a corpus's vocabulary stand in the same document anywhere."""
    for ids, offsets in corpus.shards():
        known = np.concatenate([[0], np.cumsum(ids < words)])
        if (np.diff(known[offsets]) > 1).any():
            return True
    return False


def train_epoch(trainer: Word2VecTrainer, epoch: int, workers: int, meter: Meter) -> Done:
    """One pass over the corpus."""
    before = meter.done
    work, pieces = trainer.worker(epoch), trainer.pieces()
    done: Iterator[tuple[CorpusPiece, tuple[int, float]]]
    with threads(trainer.most_threads(workers)) as pool:
        if trainer.merger:
            done = train_in_rounds(pool, workers, work, pieces, trainer.merger)
        else:
            done = map_as_completed(pool, work, pieces, 2 * workers)
        for piece, (predictions, loss) in done:
            meter.add(Done(piece.stop - piece.start, predictions, loss))
    return meter.done.since(before)


class Word2VecTrainer:
    """The two matrices of a model in training, and everything the kernels need to change them.

    With `deterministic` parameters a piece is what a worker of a round trains on. A round of one worker
    trains in place, on one thread.
    """

    def __init__(self, parameters: Word2VecParameters, corpus: Corpus, vocabulary: Vocabulary) -> None:
        from embedkit.training.kernels.negative_sampling import window_trainer

        assert vocabulary.counts is not None  # noqa: S101 - a corpus counts its words
        p = self.parameters = parameters.settled(corpus.words)
        self.corpus = corpus
        self.shards = [
            Shard(np.asarray(ids), np.asarray(offsets)) for _, (ids, offsets) in corpus.checked_shards()
        ]
        self.keep = thresholds(keep_probability(vocabulary.counts, p.sample))
        self.noise = alias_table(noise_probability(vocabulary.counts, p.ns_exponent))
        self._piece = p.round_words or PIECE
        workers = p.round_workers if p.round_workers and p.round_workers > 1 else 0
        self._pools = self._matrices(len(vocabulary), workers)
        self.inputs, self.outputs = (pool.rows for pool in self._pools)
        random = np.random.default_rng(p.seed)
        random_rows = random.random((len(vocabulary), p.vector_size), dtype=np.float32)
        self.inputs[:, : p.vector_size] = (random_rows - 0.5) / p.vector_size
        self._train_range = window_trainer(p.vector_size, p.negative, p.model == "cbow", workers > 0)
        self.merger = self._new_merger(vocabulary.counts) if workers else None

    def _matrices(self, words: int, workers: int) -> list[RowPool]:
        """The input and the output matrix, with rows for the most words that a piece may hold and draw."""
        p = self.parameters
        most = self._piece + 2 * p.window, self._piece * (1 + p.negative)
        return [RowPool(words, p.vector_size, workers, capacity) for capacity in most]

    def _new_merger(self, counts: Longs1d) -> RoundMerger:
        p = self.parameters
        updates = expected_updates(p, counts, self.corpus.words, self._piece)
        return RoundMerger(
            self._pools, [damping(each, p.round_workers or 1) for each in updates], p.vector_size
        )

    def compile(self) -> None:
        """Have the kernels ready, from disk or compiled now."""
        self._run(0, self.shards[0], 0, 0, 0.0, 0.0, np.uint64(0))
        if self.merger:
            self.merger.merge(0, 0)

    def most_threads(self, workers: int) -> int:
        """How many of so many threads there is use for."""
        return 1 if self.parameters.round_workers == 1 else workers

    def pieces(self) -> Iterator[CorpusPiece]:
        """The corpus, cut into pieces of at most `PIECE` or `round_words` positions."""
        before = 0
        for shard, (ids, _) in enumerate(self.shards):
            for start in range(0, len(ids), self._piece):
                stop = min(start + self._piece, len(ids))
                yield CorpusPiece(shard, start, stop, before)
                before += stop - start

    def rate(self, words: int) -> float:
        """The learning rate after `words` positions in all epochs: linear, down to `min_learning_rate`."""
        p = self.parameters
        share = words / (p.epochs * self.corpus.words)
        return p.learning_rate + (p.min_learning_rate - p.learning_rate) * share

    def worker(self, epoch: int) -> Callable[..., tuple[int, float]]:
        """What trains on a piece in this epoch, as so-manieth worker of a round.

        It returns the predictions made and their summed loss.
        """
        done = epoch * self.corpus.words

        def work(piece: CorpusPiece, worker: int = 0) -> tuple[int, float]:
            shard, start, stop, before = piece
            rates = self.rate(done + before), self.rate(done + before + stop - start)
            key = np.random.SeedSequence((self.parameters.seed, epoch, shard)).generate_state(1, np.uint64)[0]
            made, lost = self._run(worker, self.shards[shard], start, stop, *rates, key)
            return int(made), float(lost)

        return work

    def check_finite(self, epoch: int) -> None:
        """Raise `InputError` if the vectors have left the range of numbers."""
        if not np.isfinite(self.inputs).all():
            raise InputError(
                f"training diverged in epoch {epoch + 1}; learning_rate must be lower than "
                f"{self.parameters.learning_rate}"
            )

    def vectors(self) -> Floats2d:
        """The input vectors without their padding, float32 (V, D), read-only."""
        vectors = self.inputs[:, : self.parameters.vector_size].copy()
        vectors.flags.writeable = False
        return vectors

    def _run(
        self, worker: int, shard: Shard, start: int, stop: int, rate: float, last: float, key: np.uint64
    ) -> Any:
        private: list[Any] = []
        if self.merger:
            private = [pool.places[worker] for pool in self._pools]
            private += [pool.first_private(worker) for pool in self._pools]
        return self._train_range(
            *(pool.flat for pool in self._pools), *shard, start, stop,
            self.keep, self.noise, self.parameters.window, rate, last, key, *private,
        )  # fmt: skip
