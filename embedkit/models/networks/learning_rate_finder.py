"""The learning-rate finder: how the loss of a network changes while its learning rate grows (Smith 2017).

In a few steps the rate grows exponentially from the least to the greatest. Where the loss falls is what the
network can learn with; where it rises, steps are too long (section 3.3 of the paper).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, takewhile
from typing import Any

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import InputError
from embedkit.models.inference.predictor import TextSequence
from embedkit.models.networks.examples import Examples
from embedkit.models.networks.history import Epoch
from embedkit.models.networks.learning_rates import LearningRateRange, LearningRateSearch, smooth
from embedkit.models.networks.text_network import TextNetwork
from embedkit.models.networks.trainer import NetworkTrainer
from embedkit.progress import SILENT, Progress
from embedkit.text.sequences.buckets import length_buckets

DIVERGED = 4  # times the lowest mean loss, at which the trial ends
DEFAULT = LearningRateRange()
RECENT = 30  # losses of which that mean is taken


def find_learning_rate(
    model: TextNetwork,
    texts: TextSequence,
    labels: Any,
    *,
    tried: LearningRateRange = DEFAULT,
    progress: Progress = SILENT,
) -> LearningRateSearch:
    """Try growing learning rates on a copy of a network; the model itself is not changed.

    Args:
        model: the network, a classifier or a regressor, fitted or not. Its own learning rate, schedule,
            epochs, averages and validation play no part.
        texts: to learn from.
        labels: theirs, or their numbers, as `fit` of the model takes them.
        tried: the rates, 100 from 1e-5 to 10 unless told otherwise.
        progress: where it is reported.

    Raises:
        InputError: texts, labels or parameters that `fit` refuses, or a loss that is not finite at first.
        DependencyError: TensorFlow is not installed.

    Example:
        >>> from embedkit import TextClassifier
        >>> texts, labels = ["good film", "bad film"] * 20, ["pos", "neg"] * 20
        >>> model = TextClassifier(embeddings="random", vector_size=8, batch_size=8)
        >>> found = find_learning_rate(model, texts, labels, tried=LearningRateRange(steps=30))
        >>> 1e-5 <= found.suggestion <= 1
        True
    """
    trials: list[RangeTest] = []

    def trainer(*given: Any) -> NetworkTrainer:
        trials.append(RangeTest(*given))
        trials[-1].tried = tried
        return trials[-1]

    parameters = {**model.get_params(deep=False), "validation_fraction": 0.0, "average": 0.0}
    copy: Any = type(model)(**parameters)
    copy.trainer = trainer
    copy.fit(texts, labels, progress=progress)
    return trials[0].found()


@dataclass
class RangeTest(NetworkTrainer):
    """A trainer whose steps have growing learning rates."""

    tried: LearningRateRange = DEFAULT
    losses: list[float] = field(default_factory=list)
    _lowest: float = math.inf  # of the mean losses so far

    def found(self) -> LearningRateSearch:
        """What was found, up to the first loss that is not finite; `InputError` if none is."""
        finite = np.array([*takewhile(math.isfinite, self.losses)])
        if not len(finite):
            raise InputError(
                f"the loss is {self.losses[0]} before any step, so that no learning rate can mend it; "
                "are the vectors too long?"
            )
        return LearningRateSearch(self.tried.rates()[: len(finite)], finite)

    def _epochs(self, training: Examples, *_: Any) -> list[Epoch]:
        self.progress.start("learning rates", self.tried.steps)
        for rate, batch in zip(self.tried.rates().astype(np.float32), self._batches(training), strict=False):
            _, loss, total = self._step(
                *training.batch(batch), rate, np.float32(rate * self._table_factor(1))
            )
            self.losses.append(float(loss) / float(total))
            self.progress.update(len(self.losses), f"rate {rate:.2g}, loss {self.losses[-1]:.4f}")
            if self._diverged():
                break
        self.progress.finish(f"{len(self.losses)} batches, up to a rate of {rate:.2g}")
        return []

    def _diverged(self) -> bool:
        smoothed = smooth(self.losses[-RECENT:])
        self._lowest = min(self._lowest, smoothed[-1])
        return not smoothed[-1] <= DIVERGED * self._lowest

    def _batches(self, training: Examples) -> Iterator[Longs1d]:
        """The batches of one epoch after the other."""
        for number in count(1):
            yield from length_buckets(training.lengths, self.config.batch_size, self.seed + number)
