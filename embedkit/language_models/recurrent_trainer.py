"""`LanguageModelTrainer`: epoch by epoch, by Adam with a learning rate that falls along a cosine."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Floats3d, Longs1d
from embedkit.errors import DivergenceError
from embedkit.language_models.batches import TokenBatch, line_batches, stream_batches
from embedkit.language_models.candidates import CandidateSampler
from embedkit.language_models.network_gradients import NetworkGradients
from embedkit.language_models.parameters import RecurrentDropout, RecurrentLayers, RecurrentTraining
from embedkit.language_models.recurrent_weights import BIAS, OUTPUT, VECTORS, NetworkWeights
from embedkit.language_models.token_text import TokenText
from embedkit.neural.adam import Adam
from embedkit.neural.averaging import MovingAverage
from embedkit.neural.clipping import clip_by_norm
from embedkit.neural.epochs import BestEpoch, cosine_rate
from embedkit.neural.network_position import NetworkPosition, TrainingPart
from embedkit.parallel.blas import one_blas_thread
from embedkit.progress import Progress
from embedkit.saver import UNSAVED, Saver

LARGEST_EXPONENT = 700.0  # exp of more overflows
ROWS = (VECTORS, OUTPUT, BIAS)  # weights of which a batch moves some rows


class LanguageModelEpoch(NamedTuple):
    """How an epoch of training went.

    Args:
        epoch: its number, from 1 on.
        perplexity: of the text, with dropout, while the weights changed.
        validation: the perplexity of what is held out, None if nothing is.
        learning_rate: at its end.
        seconds: that it took; not kept in files.
    """

    epoch: int
    perplexity: float
    validation: float | None
    learning_rate: float
    seconds: float


@dataclass
class LanguageModelTrainer:
    """A network in training.

    Args:
        weights: which are trained in place.
        layers: the form of the network.
        dropout: what is left out.
        training: how it is trained.
        counts: how often each token occurs, (V,).
        seed: of all that is drawn.
        progress: where perplexity and speed are reported.
        saver: saves the training, and has what was saved.
    """

    weights: NetworkWeights
    layers: RecurrentLayers
    dropout: RecurrentDropout
    training: RecurrentTraining
    counts: Longs1d
    seed: int
    progress: Progress
    saver: Saver = UNSAVED

    def run(self, text: TokenText, validate: Callable[[], float] | None) -> list[LanguageModelEpoch]:
        """Train; the weights end as those of the epoch of the lowest validation perplexity, else of the last.

        Args:
            text: to be learned from.
            validate: gives the perplexity of the weights as they are; None if nothing is held out.

        Raises:
            DivergenceError: training diverged.
        """
        self._adam = Adam(self.weights)
        self._generator = np.random.default_rng(self.seed)
        sampler = CandidateSampler(self.counts, self.training.softmax_samples)
        self._gradients = NetworkGradients(self.weights, self.layers, self.dropout, sampler, self._generator)
        self._average = MovingAverage(self.weights, self.training.averaging)
        best = BestEpoch(self.weights, self.training.patience)
        parts: dict[str, TrainingPart] = {"adam": self._adam, "average": self._average, "best": best}
        self._position = NetworkPosition(
            self.saver, self.weights, parts, self._generator, LanguageModelEpoch, self.training.epochs
        )
        with one_blas_thread():  # more gain nothing on matrices of this size
            for number in self._position.numbers:
                if self._epoch(number, text, validate, best):
                    break
        best.take()
        return self._position.epochs

    def _epoch(
        self, number: int, text: TokenText, validate: Callable[[], float] | None, best: BestEpoch
    ) -> bool:
        """Read the text once; whether training is to end."""
        begin = time.monotonic()
        learned, rate = self._read(number, text)
        with self._average.applied():
            reached = validate() if validate else None
            ended = best.ends_after(reached or 0.0, anyway=reached is None)
        seconds = time.monotonic() - begin
        self._position.epochs.append(LanguageModelEpoch(number, learned, reached, rate, seconds))
        told = "" if reached is None else f", validation {reached:,.2f}"
        self.progress.finish(f"perplexity {learned:,.2f}{told}")
        return ended

    def _read(self, number: int, text: TokenText) -> tuple[float, float]:
        """The perplexity of the text while it is learned, and the last learning rate."""
        begin, at = time.monotonic(), self._position
        before = at.items
        self.progress.start(f"epoch {number}", len(text))
        self.progress.go_on(before)
        with np.errstate(over="ignore", invalid="ignore"):  # where training diverges, which is told
            for batch in at.batches(lambda: self._batches(text, number), len(text)):
                passed = number - 1 + at.items / len(text)
                at.rate = cosine_rate(self.training.learning_rate, passed, self.training.epochs)
                loss, at.carried = self._step(batch, None if batch.begins else at.carried, at.rate)
                at.add(batch.tokens, loss)
                if not math.isfinite(at.loss):
                    raise self._diverged(number, at.loss / at.items)
                speed = (at.items - before) / (time.monotonic() - begin)
                told = f"perplexity {_exp(at.loss / at.items):,.2f}, {speed:,.0f} tokens/s"
                self.progress.update(at.items, told)
        if at.loss / at.items > math.log(len(self.counts)):  # more than of no knowledge at all
            raise self._diverged(number, at.loss / at.items)
        return _exp(at.loss / at.items), at.rate

    def _diverged(self, number: int, loss: float) -> DivergenceError:
        return DivergenceError(
            f"training diverged in epoch {number}: the loss of a token is {loss:.4g}, where that of drawing "
            f"from all tokens is {math.log(len(self.counts)):.4g}; lower learning_rate, which is "
            f"{self.training.learning_rate:g}, or clip_norm, which is {self.training.clip_norm:g}"
        )

    def _batches(self, text: TokenText, number: int) -> Iterator[TokenBatch]:
        rows, steps = self.training.batch_size, self.training.steps
        if len(text.offsets) > 2:
            return line_batches(text, rows, self.seed + number)
        return stream_batches(text, rows, steps, int(self._generator.integers(steps)))

    def _step(
        self, batch: TokenBatch, states: Sequence[Floats3d] | None, rate: float
    ) -> tuple[float, Sequence[Floats3d]]:
        found = self._gradients.of(batch, states)
        clip_by_norm(
            {name: value for name, value in found.gradients.items() if name not in ROWS},
            self.training.clip_norm,
        )
        self._adam.step(found.gradients, rate, found.rows)
        self._average.update()
        return found.loss, found.states


def _exp(value: float) -> float:
    return math.exp(min(value, LARGEST_EXPONENT))
