"""Approximate search: the protocol that an index fulfils, and the parameters of the one there is.

An index proposes rows that are probably among the nearest; these are compared exactly, so that only which
rows are found is approximate, never a score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d, Longs2d
from embedkit.hyperparameters import MAX_WORKERS, check, hyperparameter
from embedkit.progress import SILENT, Progress
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.rows import RowType, StoredRows, check_scores
from embedkit.vectors.search.exact import TopRows, joined, slices

ENTRIES = 1 << 22  # numbers of proposed rows that are compared at once


class SearchIndex(Protocol):
    """Proposes the rows that are nearest to a vector."""

    def build(self, rows: StoredRows, progress: Progress = SILENT) -> None:
        """Take in all rows (V, D); zero rows, which have no direction, may be left out."""

    def query(self, targets: Floats2d, count: int) -> Longs2d:
        """The numbers of `count` rows that are probably near each of `targets` (Q, D), or -1."""


@dataclass(frozen=True, kw_only=True)
class IndexParameters:
    """Parameters of an index: a graph of neighbors, searched greedily (HNSW, Malkov and Yashunin 2018).

    Example:
        >>> IndexParameters(connectivity=32).dtype
        'int8'
    """

    dtype: RowType = hyperparameter(
        "int8", "how numbers are kept in the index; what it finds is compared exactly"
    )
    connectivity: int = hyperparameter(
        16,
        "edges of a word in the graph (M of the paper): more find more, and take memory",
        minimum=2,
        maximum=1024,
    )
    expansion_add: int = hyperparameter(
        64,
        "candidates looked at when a word is added (efConstruction): more make a better graph, more slowly",
        minimum=1,
        maximum=1 << 16,
    )
    expansion_search: int = hyperparameter(
        64, "candidates looked at in a search (ef): more find more, more slowly", minimum=1, maximum=1 << 16
    )
    workers: int | None = hyperparameter(
        None,
        "number of threads that build it; default: one per core; only 1 is deterministic",
        minimum=1,
        maximum=MAX_WORKERS,
    )

    def __post_init__(self) -> None:
        check(self)


def best_proposals(
    index: SearchIndex,
    depth: int,
    rows: StoredRows,
    targets: NDArray[np.floating],
    k: int,
    excluded: Longs2d | None = None,
) -> TopRows:
    """The `k` rows of largest cosine with each of `targets` (Q, D), of those that an index proposes.

    Args:
        index: proposes rows.
        depth: how many are asked for at least.
        rows: the rows that were indexed.
        targets: finite vectors of any length.
        k: answers a target; where there are fewer, -1 stands in their place.
        excluded: (Q, E) rows that may not answer each target, padded with -1.
    """
    unit, left_out = unit_vectors(targets), 0 if excluded is None else excluded.shape[1]
    count = min(len(rows), max(k + left_out, depth))
    parts = []
    for some in slices(len(unit), max(1, ENTRIES // (count * max(rows.vector_size, left_out)))):
        ids = index.query(unit[some], count)
        if excluded is not None:
            ids[(ids[:, :, None] == excluded[some, None, :]).any(axis=2)] = -1
        parts.append(_best(rows, unit[some], ids, min(k, len(rows))))
    return joined(parts)


def _best(rows: StoredRows, unit: Floats2d, ids: Longs2d, k: int) -> TopRows:
    """The `k` of the rows `ids` (q, n), or -1, that have the largest cosines with each of `unit` (q, D)."""
    proposed = rows.select(ids.reshape(-1))
    products = np.einsum(
        "qnd,qd->qn", proposed.values.reshape(*ids.shape, -1).astype(np.float64), unit.astype(np.float64)
    )
    scores = (products * proposed.factors.reshape(ids.shape)).astype(np.float32)
    check_scores(scores.reshape(-1), ids.reshape(-1))
    scores[ids < 0] = -np.inf
    order = np.lexsort((ids, -scores), axis=1)[:, :k]
    scores = np.take_along_axis(scores, order, axis=1)
    found = np.where(np.isneginf(scores), -1, np.take_along_axis(ids, order, axis=1))
    return TopRows(found, scores)
