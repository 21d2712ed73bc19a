"""The learning rates that the finder tries, and what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from embedkit.arrays import Doubles1d
from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter

SMOOTHING = 0.8  # how much less a loss weighs in a mean with each step that it is away

CAP = 2  # so that a loss that explodes does not hide how low it was before
BELOW = 10  # how far below the rate of the lowest loss one learns well


@dataclass(frozen=True, kw_only=True)
class LearningRateRange:
    """The learning rates that are tried.

    Example:
        >>> LearningRateRange(lowest_rate=0.001, highest_rate=1, steps=4).rates().round(3).tolist()
        [0.001, 0.01, 0.1, 1.0]
    """

    lowest_rate: float = hyperparameter(1e-5, "learning rate to begin with", above=0, maximum=1e38)
    highest_rate: float = hyperparameter(10.0, "learning rate to end with", above=0, maximum=1e38)
    steps: int = hyperparameter(100, "number of batches, a rate each", minimum=2, maximum=1_000_000)

    def __post_init__(self) -> None:
        check(self)
        if self.lowest_rate >= self.highest_rate:
            raise InputError(
                "expected lowest_rate to be less than highest_rate, "
                f"got {self.lowest_rate:g} and {self.highest_rate:g}"
            )

    def rates(self) -> Doubles1d:
        """The rates, (steps,), each the same multiple of the one before."""
        return np.geomspace(self.lowest_rate, self.highest_rate, self.steps)


@dataclass(frozen=True)
class LearningRateSearch:
    """What the learning-rate finder found.

    Args:
        rates: the learning rates that were tried, (n,), rising; fewer than were asked for if it diverged.
        losses: the loss of the batch of each, before its step.

    Example:
        >>> losses = np.array([0.7] * 10 + [0.5] + [0.3] * 10 + [9] * 10)
        >>> round(LearningRateSearch(np.geomspace(0.001, 1, 31), losses).suggestion, 4)
        0.002
    """

    rates: Doubles1d
    losses: Doubles1d

    @property
    def smoothed(self) -> Doubles1d:
        """The mean loss around each rate, (n,); losses of more than `CAP` times the first count as that."""
        return smooth(np.minimum(self.losses, CAP * self.losses[0]))

    @property
    def suggestion(self) -> float | None:
        """The lower of the two usual readings; None if the mean loss never falls.

        They are where the mean loss falls most steeply, and a tenth of the rate at which it is lowest.
        """
        lowest = int(self.smoothed.argmin())
        if not lowest:
            return None
        steepest = self.rates[np.gradient(self.smoothed)[: lowest + 1].argmin()]
        return float(min(steepest, max(self.rates[lowest] / BELOW, self.rates[0])))


def smooth(losses: Sequence[float] | Doubles1d) -> Doubles1d:
    """The mean of the losses around each, (n,); each weighs `SMOOTHING` times as much as one a step nearer.

    Example:
        >>> smooth([0.0, 2.6, 0.0]).round(2).tolist()
        [0.85, 1.0, 0.85]
    """
    total = _decayed(losses) + _decayed(losses[::-1])[::-1] - losses
    ones = np.ones(len(losses))
    weights: Doubles1d = _decayed(ones) + _decayed(ones)[::-1] - ones
    return total / weights


def _decayed(values: Sequence[float] | Doubles1d) -> Doubles1d:
    """The sum of the values up to each, of which `SMOOTHING` stays in a step."""
    return np.array([*accumulate(values, lambda kept, value: SMOOTHING * kept + value)])
