"""`MovingAverage`: averaged weights, which predict better than those that training ends with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from embedkit.arrays import FloatArray

EARLY = 10  # steps in which the average forgets faster, as it begins with weights at random


class MovingAverage:
    """The exponential moving average of weights in training (Polyak and Juditsky 1992).

    Args:
        weights: by name; an average of each is kept beside it.
        decay: the share of itself that the average keeps at each step; with 0 it is the weights.

    Example:
        >>> import numpy as np
        >>> from embedkit.neural.averaging import MovingAverage
        >>> weights = {"w": np.zeros(1)}
        >>> average = MovingAverage(weights, decay=0.9)
        >>> for number in range(1000):
        ...     weights["w"][0] = 1 + number % 2
        ...     average.update()
        >>> with average.applied():
        ...     weights["w"].round(2).tolist()
        [1.53]
        >>> weights["w"].tolist()
        [2.0]
    """

    def __init__(self, weights: Mapping[str, FloatArray], decay: float) -> None:
        self._weights, self._decay, self._steps = weights, decay, 0
        self._averages = {name: weight.copy() for name, weight in weights.items()} if decay else {}

    def update(self) -> None:
        """Take in the weights as they are now."""
        self._steps += 1
        share = 1 - min(self._decay, self._steps / (self._steps + EARLY))
        for name, average in self._averages.items():
            average += average.dtype.type(share) * (self._weights[name] - average)

    def state(self) -> tuple[int, dict[str, FloatArray]]:
        """The number of updates and the averages, for a checkpoint."""
        return self._steps, self._averages

    def restore(self, numbers: int, arrays: Mapping[str, FloatArray]) -> None:
        """Go on from what `state` told."""
        self._steps, self._averages = numbers, dict(arrays)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Within the block the weights are their averages."""
        trained = {name: self._weights[name].copy() for name in self._averages}
        self._set(self._averages)
        try:
            yield
        finally:
            self._set(trained)

    def _set(self, values: Mapping[str, FloatArray]) -> None:
        for name, value in values.items():
            self._weights[name][...] = value
