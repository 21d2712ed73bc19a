"""`Seq2SeqTrainer`: the training loop, whose batches are dealt out to threads, with validation."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embedkit.neural.adam import Adam
from embedkit.neural.clipping import clip_by_norm
from embedkit.neural.epochs import BestEpoch, check_learned, check_loss, cosine_rate
from embedkit.neural.network_position import NetworkPosition, TrainingPart
from embedkit.parallel.blas import one_blas_thread
from embedkit.parallel.cores import available_cores
from embedkit.parallel.threads import shared_threads
from embedkit.progress import Progress
from embedkit.saver import UNSAVED, Saver
from embedkit.simd.compiling import announced
from embedkit.translation.batches import NumberedPairs, PairBatch
from embedkit.translation.network import Seq2SeqNetwork
from embedkit.translation.parameters import Seq2SeqTraining
from embedkit.translation.teacher_forcing import TeacherForcing
from embedkit.translation.weights import NamedWeights

PAIRS_PER_THREAD = 16  # that are worth a thread


class Seq2SeqEpoch(NamedTuple):
    """How an epoch went: the mean loss a token, and that on what is held out, None if nothing is.

    The loss of training is with dropout and smoothed labels; the other one is the plain cross-entropy.

    Example:
        >>> from embedkit.translation.trainer import Seq2SeqEpoch
        >>> Seq2SeqEpoch(1, 2.5, 2.0, 0.001).validation_loss
        2.0
    """

    epoch: int
    loss: float
    validation_loss: float | None
    learning_rate: float
    seconds: float | None = None


@dataclass
class Seq2SeqTrainer:
    """A network in training.

    Args:
        network: whose weights are trained in place.
        config: how it is trained.
        seed: of all that is drawn.
        progress: where loss and speed are reported.
        saver: saves the training, and has what was saved.
    """

    network: Seq2SeqNetwork
    config: Seq2SeqTraining
    seed: int
    progress: Progress
    saver: Saver = UNSAVED

    def run(self, training: NumberedPairs, held: NumberedPairs | None) -> list[Seq2SeqEpoch]:
        """Train; the weights end as those of the epoch of the lowest loss on `held`, else of the last.

        Raises:
            DivergenceError: training diverged.
        """
        weights = self.network.weights
        self._adam, best = Adam(weights), BestEpoch(weights, self.config.patience)
        parts: dict[str, TrainingPart] = {"adam": self._adam, "best": best}
        self._position = NetworkPosition(self.saver, weights, parts, None, Seq2SeqEpoch, self.config.epochs)
        with announced(self.progress.note), one_blas_thread():
            for number in self._position.numbers:
                loss = self._epoch(number, training, held)
                if loss is not None and best.ends_after(loss):
                    break
        best.take()
        return self._position.epochs

    def _epoch(self, number: int, training: NumberedPairs, held: NumberedPairs | None) -> float | None:
        begin, at = time.monotonic(), self._position
        count, before = int(training.targets.lengths.sum()) - len(training), at.items
        self.progress.start(f"epoch {number}", count)
        self.progress.go_on(before)
        for batch in at.batches(lambda: training.batches(self.config.batch_size, self.seed + number), count):
            passed = number - 1 + at.items / count
            at.rate = cosine_rate(self.config.learning_rate, passed, self.config.epochs)
            at.add(int(batch.target_lengths.sum()), self._step(batch, at.rate, self._sampled(passed)))
            speed = (at.items - before) / (time.monotonic() - begin)
            self.progress.update(at.items, f"loss {at.loss / at.items:.4f}, {speed:,.0f} tokens/s")
            check_loss(at.loss, number, self.config.learning_rate)
        check_learned(at.loss / count, len(self.network.output_vectors), number, self.config.learning_rate)
        loss = mean_loss(self.network, held) if held else None
        at.epochs.append(Seq2SeqEpoch(number, at.loss / count, loss, at.rate, time.monotonic() - begin))
        told = "" if loss is None else f", validation {loss:.4f} (perplexity {math.exp(min(loss, 99)):.2f})"
        self.progress.finish(f"loss {at.loss / count:.4f}{told}")
        return loss

    def _sampled(self, passed: float) -> float:
        """The share of inputs that are predictions after so many epochs."""
        return self.config.scheduled_sampling * min(1.0, passed / max(1, self.config.epochs - 1))

    def _step(self, batch: PairBatch, rate: float, sampled: float) -> float:
        """A step against the gradient of a batch, whose loss is returned, summed over tokens."""
        parts = batch.parts(workers_for(len(batch.sources)))
        seeds = [(self.seed, self._adam.steps + 1, part) for part in range(len(parts))]
        found = list(shared_threads().map(self._gradients, parts, seeds, [sampled] * len(parts)))
        loss, gradients = found[0]
        for other, more in found[1:]:
            loss += other
            for name, gradient in more.items():
                gradients[name] += gradient
        share = np.float32(1 / batch.target_lengths.sum())
        for gradient in gradients.values():
            gradient *= share
        clip_by_norm(gradients, self.config.clip_norm)
        self._adam.step(gradients, rate)
        return loss

    def _gradients(self, batch: PairBatch, seed: Sequence[int], sampled: float) -> tuple[float, NamedWeights]:
        generator = np.random.default_rng(seed)
        if sampled:
            batch = with_predictions(self.network, batch, sampled, generator)
        forced = TeacherForcing(self.network, batch, self.config.dropout, generator, compiled=True)
        return forced.gradients(self.config.label_smoothing)


def with_predictions(
    network: Seq2SeqNetwork, batch: PairBatch, share: float, generator: np.random.Generator
) -> PairBatch:
    """Pairs with a share of the decoder's inputs in the place of which it reads its own predictions.

    Scheduled sampling (Bengio et al. 2015), for all steps at once (Duckworth et al. 2019, with one pass):
    predictions are those behind the right tokens, the likeliest at each place.
    """
    predicted = TeacherForcing(network, batch, compiled=True).predictions()
    inputs = batch.inputs.copy()
    drawn = (generator.random(inputs[:, 1:].shape) < share) & batch.mask[:, 1:]
    inputs[:, 1:][drawn] = predicted[:, :-1][drawn]
    return batch._replace(inputs=inputs)


def mean_loss(network: Seq2SeqNetwork, pairs: NumberedPairs, batch_size: int = 64) -> float:
    """The cross-entropy of pairs, a token."""
    batches = pairs.batches(batch_size, None)

    def total(batch: PairBatch) -> float:
        return float(TeacherForcing(network, batch, compiled=True).log_probabilities().sum())

    return -sum(shared_threads().map(total, batches)) / float(pairs.targets.lengths.sum() - len(pairs))


def workers_for(pairs: int) -> int:
    """The number of threads that a batch of so many pairs is dealt out to."""
    return max(1, min(available_cores(), pairs // PAIRS_PER_THREAD))
