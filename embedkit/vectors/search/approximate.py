"""Approximate search: the protocol that an index fulfils, and the parameters of the one there is.

An index proposes rows that are probably among the nearest; `VectorIndex` compares these exactly, so that only
which rows are found is approximate, never a score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from embedkit.arrays import Floats2d, Longs2d
from embedkit.hyperparameters import MAX_WORKERS, check, hyperparameter
from embedkit.progress import SILENT, Progress
from embedkit.vectors.rows import RowType, StoredRows


class SearchIndex(Protocol):
    """Proposes the rows that are nearest to a vector."""

    def build(self, rows: StoredRows, progress: Progress = SILENT) -> None:
        """Take in all rows (V, D); zero rows, which have no direction, may be left out."""

    def query(self, targets: Floats2d, count: int) -> Longs2d:
        """The numbers of `count` rows that are probably near each of `targets` (Q, D), or -1."""


@dataclass(frozen=True, kw_only=True)
class IndexParameters:
    """Parameters of an index: a graph of neighbours, searched greedily (HNSW, Malkov and Yashunin 2018).

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
