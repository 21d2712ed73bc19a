"""The word2vec training loop: matrices, pieces of work, threads and epochs."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

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
from embedkit.training.word2vec.initialization import initialize
from embedkit.training.word2vec.output_layers import output_layer
from embedkit.training.word2vec.parameters import Word2VecParameters
from embedkit.training.word2vec.sampling import keep_probability, thresholds
from embedkit.training.word2vec.start import Start

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
    start: Start | None = None,
) -> EpochState:
    """Train on a corpus with the words of `vocabulary`, a prefix of the corpus's."""
    trainer = Word2VecTrainer(parameters, corpus, vocabulary, start)
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
            after_epoch(trainer.state(epoch + 1, list(losses)))
    speed = parameters.epochs * corpus.words / (time.monotonic() - begin)
    told = f"{workers} worker{'s' * (workers > 1)}"
    progress.finish(f"{speed / 1e6:.2f} M words/s with {told}, vocabulary {len(vocabulary):,}")
    if losses.count(None) == len(losses) and not _has_neighbours(corpus, len(vocabulary)):
        raise NothingLearntError(
            "nothing was learnt: no two words of the vocabulary stand in the same document; give documents "
            "of several words, each of which occurs min_count times in all"
        )
    _check_learnt(losses, parameters.sample)
    return trainer.state(parameters.epochs, losses)


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
    with threads(workers) as pool:
        done = map_as_completed(pool, trainer.worker(epoch), trainer.pieces(), 2 * workers)
        for piece, (predictions, loss) in done:
            meter.add(Done(piece.stop - piece.start, predictions, loss))
    return meter.done.since(before)


class Word2VecTrainer:
    """The two matrices of a model in training, and everything the kernels need to change them."""

    def __init__(
        self,
        parameters: Word2VecParameters,
        corpus: Corpus,
        vocabulary: Vocabulary,
        start: Start | None = None,
    ) -> None:
        from embedkit.simd.storage import aligned_matrix

        assert vocabulary.counts is not None  # noqa: S101 - a corpus counts its words
        p = self.parameters = parameters
        self.corpus = corpus
        self.shards = [
            Shard(np.asarray(ids), np.asarray(offsets)) for _, (ids, offsets) in corpus.checked_shards()
        ]
        self.keep = thresholds(keep_probability(vocabulary.counts, p.sample))
        self.inputs = aligned_matrix(len(vocabulary), p.vector_size)
        self.outputs = aligned_matrix(len(vocabulary), p.vector_size)
        initialize(self.inputs, self.outputs, p, start)
        self._frozen: dict[str, Any] = {}
        if start and start.frozen.any():
            self._frozen["frozen"] = start.frozen.astype(np.uint8), self.inputs.flatten()
        self._train_range, self._targets = output_layer(p, vocabulary.counts)

    def compile(self) -> None:
        """Have the kernels ready, from disk or compiled now."""
        ids, offsets = self.shards[0]
        self._run(ids, offsets, 0, 0, 0.0, 0.0, np.uint64(0))

    def pieces(self) -> Iterator[CorpusPiece]:
        """The corpus, cut into pieces of at most `PIECE` positions."""
        before = 0
        for shard, (ids, _) in enumerate(self.shards):
            for start in range(0, len(ids), PIECE):
                stop = min(start + PIECE, len(ids))
                yield CorpusPiece(shard, start, stop, before)
                before += stop - start

    def rate(self, words: int) -> float:
        """The learning rate after `words` positions in all epochs: linear, down to `min_learning_rate`."""
        p = self.parameters
        share = words / (p.epochs * self.corpus.words)
        return p.learning_rate + (p.min_learning_rate - p.learning_rate) * share

    def worker(self, epoch: int) -> Callable[[CorpusPiece], tuple[int, float]]:
        """What trains on a piece in this epoch; it returns the predictions made and their summed loss."""
        done = epoch * self.corpus.words

        def work(piece: CorpusPiece) -> tuple[int, float]:
            shard, start, stop, before = piece
            ids, offsets = self.shards[shard]
            rates = self.rate(done + before), self.rate(done + before + stop - start)
            key = np.random.SeedSequence((self.parameters.seed, epoch, shard)).generate_state(1, np.uint64)[0]
            made, lost = self._run(ids, offsets, start, stop, *rates, key)
            return int(made), float(lost)

        return work

    def check_finite(self, epoch: int) -> None:
        """Raise `InputError` if the vectors have left the range of numbers."""
        if not np.isfinite(self.inputs).all():
            raise InputError(
                f"training diverged in epoch {epoch + 1}; learning_rate must be lower than "
                f"{self.parameters.learning_rate}"
            )

    def state(self, epochs: int, losses: list[float | None]) -> EpochState:
        """What so many epochs have made: vectors without padding, float32 (V, D), and losses."""
        vectors = self.inputs[:, : self.parameters.vector_size].copy()
        vectors.flags.writeable = False
        keep = self.parameters.keep_output
        outputs = self.outputs[:, : self.parameters.vector_size].copy() if keep else None
        return EpochState(epochs, vectors, losses, outputs)

    def _run(
        self, ids: Any, offsets: Any, start: int, stop: int, rate: float, last: float, key: np.uint64
    ) -> Any:
        return self._train_range(
            self.inputs.reshape(-1), self.outputs.reshape(-1), ids, offsets,
            start, stop, self.keep, self._targets, self.parameters.window, rate, last, key,
            **self._frozen,
        )  # fmt: skip
