"""The rule by which the changes of several workers to one row are merged.

In a round n workers change a row from the same state; their changes are added and divided by
1 + (n - 1) d. With d = 0 the changes are added, as if made one after the other: right for a row that is
seldom changed, whose changes have little to do with one another. With d = 1 they are averaged: right for a
row that is changed so often that each worker brings it near to where it is going. Between the two,
d = u / (u + c) for a row that a worker is expected to change u times in a round. A row that one worker
changed becomes what that one made of it.
"""

from __future__ import annotations

from embedkit.arrays import Doubles1d, Floats1d

HALF = 400.0  # changes of a row by all workers, of which c is a worker's share; 16 workers diverge with 3,200


def damping(updates: Doubles1d, workers: int) -> Floats1d:
    """The number d of each row, of the `updates` that each of `workers` is expected to make in a round.

    c = 400 / workers: of the rows that are changed more often, the sum of so many changes from the same state
    goes too far.

    Example:
        >>> import numpy as np
        >>> from embedkit.training.rounds.merging import damping
        >>> damping(np.array([0.0, 100.0, 300.0]), workers=4).tolist()
        [0.0, 0.5, 0.75]
    """
    share: Floats1d = (updates / (updates + HALF / workers)).astype("float32")
    return share
