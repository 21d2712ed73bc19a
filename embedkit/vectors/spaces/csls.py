"""Cross-domain similarity local scaling, CSLS: cosines between spaces, corrected for hubs.

Some words are near to many others of another space, and would be the answer to most questions. CSLS (Conneau
et al. 2018, "Word translation without parallel data", section 2.3) takes away from a cosine how near each
side is to its k nearest words of the other space:

    CSLS(x, y) = 2 cos(x, y) - r(x) - r(y)

with r(x) the mean cosine of x and its k nearest targets, r(y) that of y and its k nearest sources. As r(y) is
a number a row, this is a search for cosines with two more dimensions: of [x, 1, 0] with [y, -r(y) / 2, z],
where z makes all these rows of the same length.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from embedkit.arrays import Floats1d, Floats2d, Longs1d
from embedkit.progress import SILENT, Progress
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.search.exact import QUERIES, TopRows, slices
from embedkit.vectors.search.nearest import nearest
from embedkit.vectors.spaces.rows import blocks

NEIGHBORS = 10  # k of the paper


def nearness(
    rows: StoredRows, others: StoredRows, neighbors: int = NEIGHBORS, progress: Progress = SILENT
) -> Floats1d:
    """The r of each of `rows` (n, D): the mean cosine with its nearest `neighbors` among `others` (m, D).

    Example:
        >>> rows = StoredRows(np.eye(2, dtype=np.float32))
        >>> nearness(rows, rows, 2).tolist()
        [0.5, 0.5]
    """
    means = np.empty(len(rows), np.float32)
    progress.start("nearness by CSLS", len(rows))
    for chunk in slices(len(rows), QUERIES):
        means[chunk] = nearest(others, rows.block(chunk), neighbors).scores.mean(axis=1)
        progress.update(chunk.stop)
    progress.finish()
    return means


def csls_nearest(
    rows: StoredRows, others: StoredRows, r_rows: Floats1d, r_others: Floats1d, k: int
) -> TopRows:
    """The `k` of `others` (m, D) with the largest CSLS to each of `rows` (n, D), of which r is known."""
    best = nearest(StoredRows(_searched(others, r_others)), _asked(rows), k)
    lengths = np.sqrt(1 + (rows.norms > 0)) * _length(r_others)  # of asked times searched vectors
    return best._replace(scores=2 * best.scores * lengths[:, None].astype(np.float32) - r_rows[:, None])


def _length(r_others: Floats1d) -> float:
    """The length of what is searched."""
    return sqrt(1 + float(np.abs(r_others).max()) ** 2 / 4)


def _searched(others: StoredRows, r_others: Floats1d) -> Floats2d:
    """Rows [y, -r / 2, z] of one length, (m, D + 2)."""
    made = np.empty((len(others), others.vector_size + 2), np.float32)
    for block in blocks(len(others), others.vector_size):
        unit, half = unit_vectors(others.block(block)), r_others[block] / 2
        used = np.square(unit, dtype=np.float64).sum(axis=1) + np.square(half, dtype=np.float64)
        made[block, :-2], made[block, -2] = unit, -half
        made[block, -1] = np.sqrt((_length(r_others) ** 2 - used).clip(0))
    return made


def _asked(rows: StoredRows) -> Floats2d:
    """Rows [x, 1, 0], (n, D + 2)."""
    made = np.zeros((len(rows), rows.vector_size + 2), np.float32)
    for block in blocks(len(rows), rows.vector_size):
        made[block, :-2] = unit_vectors(rows.block(block))
    made[:, -2] = 1
    return made


def mutual_pairs(
    sources: StoredRows, targets: StoredRows, neighbors: int = NEIGHBORS
) -> tuple[Longs1d, Longs1d]:
    """The rows of pairs of which each is nearest to the other by CSLS.

    Example:
        >>> sources = StoredRows(np.eye(2, dtype=np.float32))
        >>> targets = StoredRows(np.array([[3, 4], [4, 3]], np.float32))
        >>> [rows.tolist() for rows in mutual_pairs(sources, targets, neighbors=2)]
        [[0, 1], [1, 0]]
    """
    near = nearness(sources, targets, neighbors), nearness(targets, sources, neighbors)
    forth = csls_nearest(sources, targets, *near, k=1).rows[:, 0]
    back = csls_nearest(targets, sources, *near[::-1], k=1).rows[:, 0]
    mutual = np.flatnonzero(back[forth] == np.arange(len(sources)))
    return mutual, forth[mutual]
