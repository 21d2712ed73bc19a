"""The rule by which the changes of several workers to one row are merged.

In a round n workers change a row from the same state; their changes are added and divided by
1 + (n - 1) d. With d = 0 the changes are added, as if made one after the other: right for a row that is
seldom changed, whose changes have little to do with one another. With d = 1 they are averaged: right for a
row that is changed so often that each worker brings it near to where it is going. Between the two,
d = u / (u + c) for a row that a worker is expected to change u times in a round. A row that one worker
changed becomes what that one made of it.
"""

from __future__ import annotations

import math

from embedkit.arrays import Doubles1d, Floats1d

HALF = 400.0  # c of one worker; 16 workers diverge with eight times as much
HALF_OF_MEANS = 300.0


def half(workers: int, means: bool = False) -> float:
    """The number c: changes of a row by a worker after which d is a half.

    The sum of more of them, by all workers from the same state, goes too far. The rows of CBOW, which learn
    through means of words, bear more. Both were found by trial, for 4 to 64 workers.

    Example:
        >>> from embedkit.training.rounds.merging import half
        >>> half(4), half(4, means=True)
        (100.0, 150.0)
    """
    return HALF_OF_MEANS / math.sqrt(workers) if means else HALF / workers


def damping(updates: Doubles1d, half: float) -> Floats1d:
    """The number d of each row, of the `updates` that each worker is expected to make in a round.

    Example:
        >>> import numpy as np
        >>> from embedkit.training.rounds.merging import damping
        >>> damping(np.array([0.0, 100.0, 300.0]), half=100).tolist()
        [0.0, 0.5, 0.75]
    """
    share: Floats1d = (updates / (updates + half)).astype("float32")
    return share
