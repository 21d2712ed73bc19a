"""The nearest rows to each row, and how many of them stay near on a map."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from embedkit.arrays import Floats2d, Longs1d, Longs2d
from embedkit.progress import SILENT, Progress
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.search.exact import slices
from embedkit.vectors.search.nearest import nearest

BLOCK = 4096  # rows whose neighbors are sought at once
KEPT, NEAR, SAMPLED = 10, 30, 1000  # true neighbors, places on the map, rows that `neighbors_kept` looks at


class Neighborhoods(NamedTuple):
    """The k nearest rows to each of V rows, (V, k), and their distances, float32 (V, k), nearest first."""

    rows: Longs2d
    distances: Floats2d


def neighborhoods(unit: StoredRows, count: int, progress: Progress = SILENT) -> Neighborhoods:
    """The `count` nearest other rows to each of some rows of length 1, exactly, by Euclidean distance.

    `progress` is told how many rows are done.

    Example:
        >>> rows = StoredRows(np.array([[1, 0], [0.8, 0.6], [0, 1]], np.float32))
        >>> neighborhoods(rows, 1).rows.tolist()
        [[1], [0], [1]]
    """
    found = Neighborhoods(np.empty((len(unit), count), np.int64), np.empty((len(unit), count), np.float32))
    for block in slices(len(unit), BLOCK):
        own = np.arange(block.start, block.stop)[:, None]
        best = nearest(unit, unit.block(block), count, excluded=own)
        found.rows[block] = best.rows
        found.distances[block] = np.sqrt(np.maximum(2 - 2 * best.scores, 0))
        progress.update(block.stop)
    return found


def neighbors_kept(points: Floats2d, true: Longs2d, seed: int = 1) -> float:
    """The share of true nearest neighbors, (V, k), that are among the 30 nearest on a map, (V, 2).

    The first 10 of each of at most 1,000 rows are looked at.

    Example:
        >>> neighbors_kept(np.array([[0, 0], [1, 0], [9, 9]], np.float32), np.array([[1], [0], [1]]))
        1.0
    """
    rows = _sample(len(points), seed)
    near = min(NEAR, len(points) - 1)
    kept = 0
    for row in rows:
        distances = np.square(points - points[row]).sum(axis=1)
        distances[row] = np.inf
        shown = np.argpartition(distances, near - 1)[:near]
        kept += int(np.isin(true[row, :KEPT], shown).sum())
    return kept / float(len(rows) * min(KEPT, true.shape[1]))


def _sample(count: int, seed: int) -> Longs1d:
    if count <= SAMPLED:
        return np.arange(count)
    return np.random.default_rng(seed).choice(count, SAMPLED, replace=False)
