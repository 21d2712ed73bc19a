"""`FallingOrder`: sequences sorted by falling length, so that those that go on are always the first ones."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np

from embedkit.arrays import FloatArray, Longs1d
from embedkit.errors import InputError


class FallingOrder(NamedTuple):
    """An order of n sequences.

    Args:
        places: their numbers by falling length, (n,); None if they stand so already.
        counts: how many have a token at each step, (T,).

    Example:
        >>> import numpy as np
        >>> from embedkit.neural.cells.order import FallingOrder
        >>> order = FallingOrder.of(np.array([1, 3]), 3, 2)
        >>> order.places.tolist(), order.counts.tolist()
        ([1, 0], [2, 1, 1])
    """

    places: Longs1d | None
    counts: Longs1d

    @classmethod
    def of(cls, lengths: Longs1d | None, steps: int, texts: int) -> Self:
        """The order of sequences of these lengths (n,), or, without, of `texts` as long as all steps."""
        if lengths is None:
            return cls(None, np.full(steps, texts))
        if len(lengths) != texts or (texts and not 1 <= lengths.min() <= lengths.max() <= steps):
            raise InputError(f"expected {texts} lengths from 1 to {steps}, got {lengths!r:.80}")
        counts = (lengths > np.arange(steps)[:, None]).sum(axis=1)
        falling = bool((np.diff(lengths) <= 0).all())
        return cls(None if falling else np.argsort(-lengths, kind="stable"), counts)

    def sorted(self, values: FloatArray) -> FloatArray:
        """Values (any, n, any) with the sequences in this order."""
        return values if self.places is None else values[:, self.places]

    def restored(self, values: FloatArray) -> FloatArray:
        """Values (any, n, any) with sorted sequences in the order in which they came."""
        if self.places is None:
            return values
        restored = np.empty_like(values)
        restored[:, self.places] = values
        return restored
