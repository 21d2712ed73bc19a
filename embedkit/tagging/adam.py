"""Adam (Kingma and Ba 2015, algorithm 1) on arrays; of a table of vectors only rows that were read move."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from embedkit.arrays import Floats2d, Ints1d
from embedkit.tagging.weights import TaggerWeights

BETA1, BETA2, EPSILON = np.float32(0.9), np.float32(0.999), np.float32(1e-8)


class Adam:
    """The moments of weights, which it changes in place.

    Args:
        weights: float32, by name.
    """

    def __init__(self, weights: TaggerWeights) -> None:
        self._weights = weights
        self._mean = {name: np.zeros_like(weight) for name, weight in weights.items()}
        self._square = {name: np.zeros_like(weight) for name, weight in weights.items()}
        self._steps = 0

    def step(self, gradients: TaggerWeights, rows: Mapping[str, Ints1d], rate: float) -> None:
        """Take a step against the gradients of some weights, at this learning rate.

        Of a weight in `rows` the gradient is that of these rows, each of which is named once.
        """
        self._steps += 1
        corrected = rate * (1 - 0.999**self._steps) ** 0.5 / (1 - 0.9**self._steps)
        for name, gradient in gradients.items():
            at = rows.get(name, slice(None))
            mean, square = self._mean[name][at], self._square[name][at]
            mean *= BETA1
            mean += (1 - BETA1) * gradient
            square *= BETA2
            square += (1 - BETA2) * gradient * gradient
            if name in rows:
                self._mean[name][at], self._square[name][at] = mean, square
            self._weights[name][at] -= np.float32(corrected) * mean / (np.sqrt(square) + EPSILON)


def clipped(gradients: TaggerWeights, largest: float, without: str) -> None:
    """Shorten gradients in place whose norm together is larger, all but the one of this name."""
    squares = [np.vdot(value, value) for name, value in gradients.items() if name != without]
    norm = float(np.sqrt(sum(squares)))
    if norm > largest:
        for name, value in gradients.items():
            if name != without:
                value *= np.float32(largest / norm)


def unique_rows(rows: Ints1d, gradient: Floats2d) -> tuple[Ints1d, Floats2d]:
    """The rows that were read, each once, and the sums of their gradients.

    Example:
        >>> import numpy as np
        >>> from embedkit.tagging.adam import unique_rows
        >>> rows, gradient = unique_rows(np.array([3, 0, 3]), np.ones((3, 1), np.float32))
        >>> rows.tolist(), gradient.ravel().tolist()
        ([0, 3], [1.0, 2.0])
    """
    unique, places = np.unique(rows, return_inverse=True)
    total = np.zeros((len(unique), gradient.shape[1]), np.float32)
    np.add.at(total, places, gradient)
    return unique, total
