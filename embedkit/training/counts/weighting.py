"""Weights of context words by distance, as integers, so that sums do not depend on their order."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Longs1d


class Weighting(NamedTuple):
    """A word at `distance` from another counts `values[distance] / unit`.

    `values` are int64 (window + 1,); `symmetric` says that words behind count as well as words before.
    """

    values: Longs1d
    unit: int
    symmetric: bool

    @property
    def window(self) -> int:
        """The greatest distance that counts."""
        return len(self.values) - 1

    @classmethod
    def of(cls, name: str, window: int, symmetric: bool, words: int) -> Weighting:
        """The weighting "harmonic" or "uniform" for a text of so many words."""
        if name == "uniform":
            return cls.uniform(window, symmetric)
        return cls.harmonic(window, symmetric, words)

    @classmethod
    def uniform(cls, window: int, symmetric: bool) -> Weighting:
        """1 at every distance."""
        return cls(np.ones(window + 1, np.int64), 1, symmetric)

    @classmethod
    def harmonic(cls, window: int, symmetric: bool, words: int) -> Weighting:
        """1 / distance, for a text of so many words: no sum over it exceeds 64 bits.

        The unit is the least common multiple of all distances, and the weights are exact. Where that is too
        much (a window of 25 and 50 million words), it is the greatest power of two that is not, and the
        weights are rounded to whole units.
        """
        sum_of_weights = 2 + int(math.log(window))  # 1 + 1/2 + ... + 1/window is less
        most = (2**63 - 1) // (2 * words * sum_of_weights)
        unit = math.lcm(*range(1, window + 1))
        if unit > most:
            unit = 1 << (most.bit_length() - 1)
        values = [(2 * unit + distance) // (2 * distance) for distance in range(1, window + 1)]
        return cls(np.array([0, *values], np.int64), unit, symmetric)
