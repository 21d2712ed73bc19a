"""`nearest`: the rows of largest cosine with each target, found in the way that is fastest for so many."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d, Longs1d, Longs2d
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.search.exact import QUERIES, TopRows, empty_answers, joined, slices, top_rows
from embedkit.vectors.search.scan import best_places, rounding, scan

FEW = 4  # targets that are compared one by one


def nearest(
    rows: StoredRows,
    targets: NDArray[np.floating],
    k: int,
    excluded: Longs2d | None = None,
    candidates: int | Longs1d | None = None,
) -> TopRows:
    """The `k` rows of largest cosine with each of `targets` (Q, D), best first; equal ones by row number.

    A zero row or target has the cosine 0 with everything.

    Args:
        rows: the rows searched, (V, D).
        targets: finite vectors of any length.
        k: answers a target; there are fewer if fewer rows may answer, and -1 stands in their place.
        excluded: (Q, E) rows that may not answer each target, padded with -1.
        candidates: the rows that may answer: the first so many, or those of these numbers (n,); None: all.

    Raises:
        InputError: `k` is no whole number above 0, or there are no such candidates.

    Example:
        >>> rows = StoredRows(np.array([[1, 0], [8, 6], [0, 1]], np.float32))
        >>> nearest(rows, rows.take(np.array([0])), 2).rows.tolist()
        [[0, 1]]
        >>> nearest(rows, rows.take(np.array([0])), 1, candidates=np.array([1, 2])).rows.tolist()
        [[1]]
    """
    check_count("top", k)
    unit = unit_vectors(targets)
    if isinstance(candidates, int | np.integer):
        check_count("candidates", candidates)
        rows = rows.first(int(candidates))
        excluded = None if excluded is None else np.where(excluded < len(rows), excluded, -1)
    if candidates is None or isinstance(candidates, int | np.integer):
        return _search(rows, unit, k, excluded, None)
    numbers = _numbers(candidates, len(rows))
    places = None if excluded is None else _places(excluded, numbers)
    found = _search(rows, unit, k, places, numbers)
    return found._replace(rows=np.where(found.rows >= 0, numbers[found.rows], -1))


def _search(
    rows: StoredRows, unit: Floats2d, k: int, excluded: Longs2d | None, numbers: Longs1d | None
) -> TopRows:
    if len(unit) <= FEW:
        return _one_by_one(rows, unit, k, excluded, numbers)
    parts = [
        top_rows(
            rows, unit[chunk], k, excluded=None if excluded is None else excluded[chunk], numbers=numbers
        )
        for chunk in slices(len(unit), QUERIES)
    ]
    return joined(parts)


def _one_by_one(
    rows: StoredRows, unit: Floats2d, k: int, excluded: Longs2d | None, numbers: Longs1d | None
) -> TopRows:
    found = empty_answers(len(unit), min(k, len(rows) if numbers is None else len(numbers)))
    for query, target in enumerate(unit):
        scores = scan(rows, target, numbers)
        if excluded is not None:
            scores[excluded[query][excluded[query] >= 0]] = -np.inf
        places, cosines = best_places(rows, target, k, scores, rounding(rows.vector_size), numbers)
        found.rows[query, : len(places)], found.scores[query, : len(places)] = places, cosines
    return found


def _numbers(candidates: Longs1d, count: int) -> Longs1d:
    """The numbers of rows that may answer, in ascending order, each once."""
    numbers = np.unique(candidates)
    if not len(numbers) or numbers[0] < 0 or numbers[-1] >= count:
        raise InputError(f"expected candidates among the rows 0 to {count - 1}, got {numbers}")
    return numbers


def _places(excluded: Longs2d, numbers: Longs1d) -> Longs2d:
    """Where rows stand among those of `numbers`; -1 for those that do not."""
    places = np.searchsorted(numbers, excluded).clip(max=len(numbers) - 1)
    return np.where(numbers[places] == excluded, places, -1)
