"""`TaggerTrainer`: the training loop of a tagger, with validation and early stopping."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Ints1d, Ints2d, Longs1d
from embedkit.neural.adam import Adam, unique_rows
from embedkit.neural.clipping import clip_by_norm
from embedkit.neural.epochs import BestEpoch, check_loss, cosine_rate
from embedkit.neural.network_position import NetworkPosition
from embedkit.parallel.blas import one_blas_thread
from embedkit.progress import Progress
from embedkit.saver import UNSAVED, Saver
from embedkit.simd.compiling import announced
from embedkit.tagging.backpropagation import TaggedBatch, batch_gradients
from embedkit.tagging.crf import Transitions
from embedkit.tagging.parameters import TaggerTraining
from embedkit.tagging.weights import FIRST, LAST, PAIRS, WORDS, TaggerWeights
from embedkit.tagging.word_reader import UNKNOWN, WordFeatures
from embedkit.text.sequences.buckets import length_buckets
from embedkit.text.sequences.sequences import Sequences


class TaggingEpoch(NamedTuple):
    """How an epoch went: the mean loss a token, and the score on what is held out, None if nothing is.

    The score is entity F1 of spans, the accuracy of plain tags.

    Example:
        >>> from embedkit.tagging.trainer import TaggingEpoch
        >>> TaggingEpoch(1, 0.5, 0.9, 0.003).score
        0.9
    """

    epoch: int
    loss: float
    score: float | None
    learning_rate: float
    seconds: float | None = None


@dataclass(frozen=True)
class TaggedSentences:
    """Sentences to be learned from.

    Args:
        words: what is read of the different words.
        counts: how often each occurs, (m,).
        sentences: the words of each sentence.
        tags: those of all tokens, int32, sentence by sentence.
    """

    words: WordFeatures
    counts: Longs1d
    sentences: Sequences
    tags: Ints1d

    def batch(self, numbers: Longs1d, unknown: np.ndarray) -> TaggedBatch:
        """Some of the sentences; the words marked in `unknown` (m,) are taken for unknown ones."""
        padded: Ints2d = self.sentences.padded(numbers)
        lengths = self.sentences.lengths[numbers]
        mask = np.arange(padded.shape[1]) < lengths[:, None]
        words, tokens = np.unique(padded[mask], return_inverse=True)
        places = np.zeros(padded.shape, np.int32)
        places[mask] = tokens
        features = self.words.rows(words)
        vectors = np.where(unknown[words], UNKNOWN, features.vectors).astype(np.int32)
        tags = np.concatenate([self.tags[slice(*self.sentences.offsets[[i, i + 1]])] for i in numbers])
        features = WordFeatures(vectors, features.shapes, features.characters, features.lengths)
        return TaggedBatch(features, places, lengths.astype(np.int32), tags)


@dataclass
class TaggerTrainer:
    """A tagger in training.

    Args:
        weights: of its network, which are trained in place.
        allowed: 0 for transitions that may be, else `FORBIDDEN`.
        frozen: the names of weights that stay as they are.
        config: how it is trained.
        seed: of all that is drawn.
        progress: where loss and speed are reported.
        saver: saves the training, and has what was saved.
    """

    weights: TaggerWeights
    allowed: Transitions
    frozen: Sequence[str]
    config: TaggerTraining
    seed: int
    progress: Progress
    saver: Saver = UNSAVED

    def run(self, training: TaggedSentences, validate: Callable[[], float] | None) -> list[TaggingEpoch]:
        """Train; the weights end as those of the epoch of the best score, else of the last.

        Args:
            training: sentences with tags.
            validate: gives the score of the weights as they are, the higher the better, which may also end
                the training early; None if nothing is held out.

        Raises:
            DivergenceError: training diverged.
        """
        self._adam = Adam({name: weight for name, weight in self.weights.items() if name not in self.frozen})
        self._generator = np.random.default_rng(self.seed)
        best = BestEpoch(self.weights, self.config.patience)
        self._position = NetworkPosition(
            self.saver,
            self.weights,
            {"adam": self._adam, "best": best},
            self._generator,
            TaggingEpoch,
            self.config.epochs,
        )
        with announced(self.progress.note), one_blas_thread():
            for number in self._position.numbers:
                score = self._epoch(number, training, validate)
                nothing_right = best.cost >= 0  # while that is so, there is no best epoch
                if score is not None and best.ends_after(-score, anyway=nothing_right):
                    break
        best.take()
        return self._position.epochs

    def _epoch(
        self, number: int, training: TaggedSentences, validate: Callable[[], float] | None
    ) -> float | None:
        begin, at, count = time.monotonic(), self._position, len(training.tags)
        before = at.items
        self.progress.start(f"epoch {number}", count)
        self.progress.go_on(before)
        odds = self.config.word_dropout / (self.config.word_dropout + np.maximum(training.counts, 1e-9))
        lengths = training.sentences.lengths
        for batch in at.batches(
            lambda: length_buckets(lengths, self.config.batch_size, self.seed + number), count
        ):
            at.rate = cosine_rate(
                self.config.learning_rate, number - 1 + at.items / count, self.config.epochs
            )
            unknown = self._generator.random(len(odds)) < odds
            at.add(int(lengths[batch].sum()), self._step(training.batch(batch, unknown), at.rate))
            speed = (at.items - before) / (time.monotonic() - begin)
            self.progress.update(at.items, f"loss {at.loss / at.items:.4f}, {speed:,.0f} tokens/s")
        check_loss(at.loss, number, self.config.learning_rate)
        score = validate() if validate else None
        at.epochs.append(TaggingEpoch(number, at.loss / count, score, at.rate, time.monotonic() - begin))
        self.progress.finish(
            f"loss {at.loss / count:.4f}" + ("" if score is None else f", validation {score:.4f}")
        )
        return score

    def _step(self, batch: TaggedBatch, rate: float) -> float:
        loss, gradients = batch_gradients(
            self.weights, batch, self.allowed, self.config.dropout, self._generator
        )
        rows, gradients[WORDS] = unique_rows(batch.words.vectors, gradients[WORDS])
        for name in self.frozen:
            del gradients[name]
        clip_by_norm({name: own for name, own in gradients.items() if name != WORDS}, self.config.clip_norm)
        self._adam.step(gradients, rate, {WORDS: rows})
        return loss


CRF_WEIGHTS = (PAIRS, FIRST, LAST)  # what stays 0 of a tagger without a CRF
