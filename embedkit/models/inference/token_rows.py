"""`TokenRows`: the sequences that layers read in prediction, time first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d, Floats3d, Longs1d


@dataclass(frozen=True)
class TokenRows:
    """Sequences of n texts that stand in order of falling length.

    Args:
        rows: float32 (m, D), of words or of tokens.
        places: (T, n), the row of each token; anything behind the end of a text.
        lengths: int64 (n,), at least 1.
    """

    rows: Floats2d
    places: NDArray[np.integer]
    lengths: Longs1d

    @classmethod
    def of(cls, hidden: Floats3d, lengths: Longs1d) -> TokenRows:
        """The sequences whose tokens have the rows `hidden` (T, n, D)."""
        places = np.arange(hidden.shape[0] * hidden.shape[1]).reshape(hidden.shape[:2])
        return cls(hidden.reshape(-1, hidden.shape[2]), places, lengths)

    @cached_property
    def counts(self) -> Longs1d:
        """How many texts have a token at each step, (T,)."""
        counts: Longs1d = (self.lengths > np.arange(len(self.places))[:, None]).sum(axis=1)
        return counts

    def hidden(self, beyond: float) -> Floats3d:
        """The rows of all tokens, (T, n, D), with the number `beyond` behind the end of texts."""
        return self.masked(self.rows[self.places], beyond)

    def masked(self, values: NDArray[Any], beyond: float) -> NDArray[Any]:
        """Values (T, n, any), in which the number `beyond` is set behind the end of texts."""
        for row, count in zip(values, self.counts.tolist(), strict=True):
            row[count:] = beyond
        return values
