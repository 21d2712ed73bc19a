"""Adam (Kingma and Ba 2015, algorithm 1) on arrays; of a table of vectors only rows that were read move."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from embedkit.arrays import FloatArray, Floats2d, Ints1d

EPSILON = 1e-8


class Adam:
    """The moments of weights, which it changes in place.

    Args:
        weights: by name.
        beta1: how much of the mean is kept.
        beta2: how much of the mean square is kept.

    Example:
        >>> import numpy as np
        >>> from embedkit.neural.adam import Adam
        >>> weights = {"kernel": np.ones(2, np.float32)}
        >>> Adam(weights).step({"kernel": np.array([5, -0.1], np.float32)}, rate=0.1)
        >>> weights["kernel"].round(4).tolist()
        [0.8999999761581421, 1.100000023841858]
    """

    def __init__(self, weights: Mapping[str, FloatArray], beta1: float = 0.9, beta2: float = 0.999) -> None:
        self._weights, self._betas = weights, (beta1, beta2)
        self._mean = {name: np.zeros_like(weight) for name, weight in weights.items()}
        self._square = {name: np.zeros_like(weight) for name, weight in weights.items()}
        self._steps = 0

    @property
    def steps(self) -> int:
        """How many were taken."""
        return self._steps

    def state(self) -> tuple[int, dict[str, FloatArray]]:
        """The number of steps and the moments, for a checkpoint."""
        means = {f"mean/{name}": moment for name, moment in self._mean.items()}
        return self._steps, means | {f"square/{name}": moment for name, moment in self._square.items()}

    def restore(self, numbers: int, arrays: Mapping[str, FloatArray]) -> None:
        """Go on from what `state` told."""
        self._steps = numbers
        for name in self._mean:
            self._mean[name][...], self._square[name][...] = arrays[f"mean/{name}"], arrays[f"square/{name}"]

    def step(
        self, gradients: Mapping[str, FloatArray], rate: float, rows: Mapping[str, Ints1d] | None = None
    ) -> None:
        """Take a step against the gradients of some weights, at this learning rate.

        Of a weight in `rows` the gradient is that of these rows, each of which is named once.
        """
        self._steps += 1
        (beta1, beta2), rows = self._betas, rows or {}
        corrected = rate * math.sqrt(1 - beta2**self._steps) / (1 - beta1**self._steps)
        for name, gradient in gradients.items():
            number, at = gradient.dtype.type, rows.get(name, slice(None))
            mean, square = self._mean[name][at], self._square[name][at]
            mean *= number(beta1)
            mean += number(1 - beta1) * gradient
            square *= number(beta2)
            square += number(1 - beta2) * gradient * gradient
            if name in rows:
                self._mean[name][at], self._square[name][at] = mean, square
            self._weights[name][at] -= number(corrected) * mean / (np.sqrt(square) + number(EPSILON))


def unique_rows(rows: Ints1d, gradient: Floats2d) -> tuple[Ints1d, Floats2d]:
    """The rows that were read, each once, and the sums of their gradients.

    Example:
        >>> import numpy as np
        >>> from embedkit.neural.adam import unique_rows
        >>> rows, gradient = unique_rows(np.array([3, 0, 3]), np.ones((3, 1), np.float32))
        >>> rows.tolist(), gradient.ravel().tolist()
        ([0, 3], [1.0, 2.0])
    """
    from scipy.sparse import csc_array

    unique, places = np.unique(rows, return_inverse=True)
    ones, columns = np.ones(len(rows), np.float32), np.arange(len(rows) + 1)
    total: Floats2d = csc_array((ones, places, columns), shape=(len(unique), len(rows))) @ gradient
    return unique, total
