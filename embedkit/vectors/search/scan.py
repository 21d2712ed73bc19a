"""One target compared with all rows: cosines of all in single precision, then those that matter exactly.

The cosine of a row is the product in float64 of what is kept of it with the target, times the factor of the
row, rounded to float32. A scan finds it for all rows to within a bound, by whatever is fastest; rows whose
upper bound reaches the k-th best lower bound are compared anew, so that neither the order of a sum nor a scan
in fewer bits is seen in the answer.
"""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Doubles1d, Floats1d, Longs1d
from embedkit.vectors.rows import StoredRows

BLOCK = 1024  # rows that become float32, or float64, at once: they stay in the caches
GROUP = 64  # scores of which the largest stands for all
UNIT_ROUNDOFF = 2.0**-24  # of float32


def scan(rows: StoredRows, target: Floats1d, which: slice | Longs1d) -> Floats1d:
    """The cosines of a unit vector (D,) with some rows, to within `rounding`, float32 (n,).

    `which` are the first rows, a slice that begins at 0, or the numbers of some, (n,).
    """
    with np.errstate(invalid="ignore", over="ignore"):  # of rows that are not finite, which callers refuse
        if rows.dtype == "float32" and isinstance(which, slice):
            return (rows.values[which] @ target) * rows.factors[which]
        scores = np.empty(number_of(which), np.float32)
        for start in range(0, len(scores), BLOCK):
            block = slice(start, min(start + BLOCK, len(scores)))
            some = block if isinstance(which, slice) else which[block]
            np.einsum("ij,j->i", rows.numbers(some), target, out=scores[block])  # no threads for so little
            scores[block] *= rows.factors[some]
    return scores


def number_of(which: slice | Longs1d) -> int:
    """How many rows these are."""
    return int(which.stop) if isinstance(which, slice) else len(which)


def rounding(size: int) -> float:
    """How far a cosine in float32 may be from the one in float64, however its `size` products are added."""
    return 1.01 * (size + 4) * UNIT_ROUNDOFF


def best_places(
    rows: StoredRows,
    target: Floats1d,
    which: slice | Longs1d,
    k: int,
    scores: Floats1d,
    bounds: Floats1d | float,
) -> tuple[Longs1d, Floats1d]:
    """The places of the `k` scores (n,) whose rows have the largest cosines, and these, best first.

    Args:
        rows: the rows that were scanned.
        target: what they were compared with, a unit vector (D,).
        which: the rows of the scores, in ascending order, as ties go by place; see `scan`.
        k: how many are wanted; fewer are found if fewer are above -inf.
        scores: within `bounds` of the cosines; -inf for rows that may not answer.
        bounds: of each score, or of all.
    """
    floor = kth_largest(scores - bounds, k)
    places = np.flatnonzero((scores + bounds >= floor) & (scores > -np.inf))
    exact = cosines(rows, places if isinstance(which, slice) else which[places], target)
    order = np.lexsort((places, -exact))[:k]
    return places[order], exact[order]


def cosines(rows: StoredRows, ids: Longs1d, target: Floats1d) -> Floats1d:
    """The cosines (n,) of the rows `ids` with a unit vector (D,), as this module defines them."""
    double: Doubles1d = target.astype(np.float64)
    found = np.empty(len(ids), np.float32)
    for start in range(0, len(ids), BLOCK):
        some = ids[start : start + BLOCK]
        products = np.einsum("ij,j->i", rows.values[some].astype(np.float64), double)
        found[start : start + BLOCK] = products * rows.factors[some]
    return found


def kth_largest(values: Floats1d, k: int) -> np.float32:
    """The `k`-th largest of `values` (n,); -inf if there are fewer.

    The k-th largest of the maxima of groups is no larger, so that few values are left to be ordered.

    Example:
        >>> kth_largest(np.array([3, 1, 4, 1, 5], np.float32), 2)
        np.float32(4.0)
    """
    if len(values) < k:
        return np.float32(-np.inf)
    if len(values) >= 2 * k * GROUP:
        maxima = np.maximum.reduceat(values, np.arange(0, len(values), GROUP))
        values = values[values >= kth_largest(maxima, k)]
    return np.float32(np.partition(values, len(values) - k)[len(values) - k])
