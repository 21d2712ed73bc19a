"""Cross-domain similarity local scaling, CSLS: cosines between spaces, corrected for hubs.

Some words are near to many others of another space, and would be the answer to most questions. CSLS (Conneau
et al. 2018, "Word translation without parallel data", section 2.3) takes away from a cosine how near each
side is to its k nearest words of the other space:

    CSLS(x, y) = 2 cos(x, y) - r(x) - r(y)

with r(x) the mean cosine of x and its k nearest targets, r(y) that of y and its k nearest sources. All rows
are of length 1. As r(y) is a number a row, the search is one for dot products with one more dimension.
"""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats1d, Floats2d, Longs1d
from embedkit.vectors.search.exact import TopRows, nearest

NEIGHBORS = 10  # k of the paper


def nearness(rows: Floats2d, others: Floats2d, neighbors: int = NEIGHBORS) -> Floats1d:
    """The r of each of `rows` (n, D): the mean cosine with its nearest `neighbors` among `others` (m, D).

    Example:
        >>> rows = np.eye(2, dtype=np.float32)
        >>> nearness(rows[:1], rows, 2).tolist()
        [0.5]
    """
    mean: Floats1d = nearest(others, rows, neighbors).scores.mean(axis=1)
    return mean


def csls_nearest(rows: Floats2d, others: Floats2d, r_rows: Floats1d, r_others: Floats1d, k: int) -> TopRows:
    """The `k` of `others` (m, D) with the largest CSLS to each of `rows` (n, D), of which r is known."""
    ones = np.ones((len(rows), 1), np.float32)
    best = nearest(np.hstack([others, -r_others[:, None] / 2]), np.hstack([rows, ones]), k)
    return best._replace(scores=2 * best.scores - r_rows[:, None])


def mutual_pairs(sources: Floats2d, targets: Floats2d, neighbors: int = NEIGHBORS) -> tuple[Longs1d, Longs1d]:
    """The rows of pairs of which each is nearest to the other by CSLS.

    Example:
        >>> sources, targets = np.eye(2, dtype=np.float32), np.array([[0.6, 0.8], [0.8, 0.6]], np.float32)
        >>> [rows.tolist() for rows in mutual_pairs(sources, targets, neighbors=2)]
        [[0, 1], [1, 0]]
    """
    near = nearness(sources, targets, neighbors), nearness(targets, sources, neighbors)
    forth = csls_nearest(sources, targets, *near, k=1).rows[:, 0]
    back = csls_nearest(targets, sources, *near[::-1], k=1).rows[:, 0]
    mutual = np.flatnonzero(back[forth] == np.arange(len(sources)))
    return mutual, forth[mutual]
