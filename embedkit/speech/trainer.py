"""`SpeechTrainer`: the training loop of a recognizer, on examples that are made anew in each epoch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d
from embedkit.models.networks.saved_training import BestWeights, TrainedVariables
from embedkit.neural.epochs import check_loss, cosine_rate
from embedkit.neural.network_position import NetworkPosition, TrainingPart
from embedkit.parallel.blas import one_blas_thread
from embedkit.parallel.threads import threads
from embedkit.progress import Progress
from embedkit.saver import UNSAVED, Saver
from embedkit.simd.compiling import announced
from embedkit.speech.augmentation import Augmenter
from embedkit.speech.ctc import frames_needed
from embedkit.speech.parameters import SpeechTraining
from embedkit.speech.training_network import SpeechBatch, TrainingNetwork

WARM = 50  # steps in which the learning rate rises
WINDOW = 8  # batches whose examples are made together, and sorted by length

SpeechWeights = dict[str, NDArray[np.float32]]


class SpeechEpoch(NamedTuple):
    """How an epoch went: the mean loss of an example, and the errors a label on what is held out.

    Example:
        >>> from embedkit.speech.trainer import SpeechEpoch
        >>> SpeechEpoch(1, 2.5, 0.1, 0.003).errors
        0.1
    """

    epoch: int
    loss: float
    errors: float | None
    learning_rate: float
    seconds: float | None = None


@dataclass
class SpeechTrainer:
    """A recognizer in training.

    Args:
        network: what learns.
        augmenter: makes examples.
        inputs: makes what the network reads (T, B) of samples and a warp.
        config: how it is trained.
        seed: of all that is drawn.
        progress: where loss and speed are reported.
        saver: saves the training, and has what was saved.
    """

    network: TrainingNetwork
    augmenter: Augmenter
    inputs: Callable[[Floats1d, float], Floats2d]
    config: SpeechTraining
    seed: int
    progress: Progress
    saver: Saver = UNSAVED

    def run(
        self,
        recordings: Sequence[Floats1d],
        labels: Sequence[Sequence[int]],
        validate: Callable[[SpeechWeights], float] | None,
        between: int | None,
    ) -> SpeechWeights:
        """Train; the weights of the epoch with the fewest errors, else of the last.

        Args:
            recordings: samples each, at the sampling rate of the features.
            labels: the numbers of the labels of each.
            validate: gives the errors a label of weights, which may also end the training early; None if
                nothing is held out.
            between: the label between joined recordings, None for none.

        Raises:
            DivergenceError: training diverged.
        """
        self._recordings, self._labels, self._between = recordings, labels, between
        best = BestWeights(self.network.weights())
        parts: dict[str, TrainingPart] = {"variables": TrainedVariables(self.network.variables), "best": best}
        self._position = NetworkPosition(self.saver, {}, parts, None, SpeechEpoch, self.config.epochs)
        with announced(self.progress.note):
            self.network.body.compile()
        for number in self._position.numbers:
            errors = self._epoch(number, validate)
            if errors is None:
                continue
            if errors < best.loss:
                best.loss, best.weights, best.waited = errors, self.network.weights(), 0
                continue
            best.waited += 1
            if best.waited >= self.config.patience:
                break
        return self.network.weights() if validate is None else best.weights

    @property
    def epochs(self) -> list[SpeechEpoch]:
        """How those went that are over."""
        return self._position.epochs

    def _epoch(self, number: int, validate: Callable[[SpeechWeights], float] | None) -> float | None:
        begin, at, count = time.monotonic(), self._position, len(self._recordings)
        before = at.items
        self.progress.start(f"epoch {number}", count)
        self.progress.go_on(before)
        with one_blas_thread():
            for batch in at.batches(lambda: self._batches(number), count):
                at.rate, size = self._rate(number - 1 + at.items / count), len(batch.lengths)
                at.add(size, self.network.step(batch, at.rate) * size)
                speed = (at.items - before) / (time.monotonic() - begin)
                self.progress.update(at.items, f"loss {at.loss / at.items:.4f}, {speed:,.0f} examples/s")
        check_loss(at.loss, number, self.config.learning_rate)
        errors = validate(self.network.weights()) if validate else None
        at.epochs.append(SpeechEpoch(number, at.loss / count, errors, at.rate, time.monotonic() - begin))
        self.progress.finish(
            f"loss {at.loss / count:.4f}" + ("" if errors is None else f", validation errors {errors:.2%}")
        )
        return errors

    def _batches(self, number: int) -> Iterator[SpeechBatch]:
        """An epoch in batches, each recording the first of an example; windows are made one ahead.

        The first epoch joins none: CTC finds out soonest where a word is if it stands alone.
        """
        self._generator = np.random.default_rng((self.seed, number))
        most = 1 if number == 1 else self.augmenter.changes.joined
        order = self._generator.permutation(len(self._recordings)).tolist()
        size = WINDOW * self.config.batch_size
        with threads(1) as pool:
            made = pool.submit(self._window, order[:size], most)
            for start in range(size, len(order) + size, size):
                window = made.result()
                made = pool.submit(self._window, order[start : start + size], most)
                yield from window

    def _window(self, numbers: Sequence[int], most: int) -> list[SpeechBatch]:
        """Examples that begin with these recordings in batches of similar lengths, in any order."""
        size = self.config.batch_size
        examples = [self._example(first, most) for first in numbers]
        examples.sort(key=lambda example: len(example[0]))
        batches = [examples[at : at + size] for at in range(0, len(examples), size)]
        order = self._generator.permutation(len(batches)).tolist()
        return [SpeechBatch.of(*zip(*batches[place], strict=True)) for place in order]

    def _example(self, first: int, most: int) -> tuple[Floats2d, list[int]]:
        """Features and labels; a recording that became too short for its labels is taken as it is."""
        generator = self._generator
        samples, warp, numbers = self.augmenter.example(self._recordings, first, most, generator)
        labels = self._joined(numbers)
        features = self.inputs(samples, warp)
        if self.network.stack.frame_counts(np.array(len(features))) < frames_needed(labels):
            features, labels = self.inputs(self._recordings[first], 1.0), self._joined([first])
        return self.augmenter.masked(features, generator), labels

    def _joined(self, numbers: Sequence[int]) -> list[int]:
        """The labels of joined recordings."""
        between = [] if self._between is None else [self._between]
        joined: list[int] = []
        for number in numbers:
            joined += [*(between if joined and self._labels[number] else []), *self._labels[number]]
        return joined

    def _rate(self, passed: float) -> float:
        """The learning rate after so many epochs; in the first steps it rises."""
        falling = cosine_rate(self.config.learning_rate, passed, self.config.epochs)
        return falling * min(1.0, (self.network.steps + 1) / WARM)
