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
from embedkit.vectors.search.scan import best_places, number_of
from embedkit.vectors.search.sketch import scores_and_bounds

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
    if isinstance(candidates, np.ndarray):
        numbers = _numbers(candidates, len(rows))
        places = None if excluded is None else _places(excluded, numbers)
        found = _search(rows, numbers, unit, k, places)
        return found._replace(rows=np.where(found.rows >= 0, numbers[found.rows], -1))
    if candidates is None:
        return _search(rows, slice(0, len(rows)), unit, k, excluded)
    check_count("candidates", candidates)
    count = min(len(rows), candidates)
    places = None if excluded is None else np.where(excluded < count, excluded, -1)
    return _search(rows, slice(0, count), unit, k, places)


def _search(
    rows: StoredRows, which: slice | Longs1d, unit: Floats2d, k: int, excluded: Longs2d | None
) -> TopRows:
    """Search the rows `which`, of which answers and `excluded` tell the places."""
    if len(unit) <= FEW:
        return _one_by_one(rows, which, unit, k, excluded)
    parts = [
        top_rows(rows, unit[some], k, excluded=None if excluded is None else excluded[some], which=which)
        for some in slices(len(unit), QUERIES)
    ]
    return joined(parts)


def _one_by_one(
    rows: StoredRows, which: slice | Longs1d, unit: Floats2d, k: int, excluded: Longs2d | None
) -> TopRows:
    found = empty_answers(len(unit), min(k, number_of(which)))
    for query, target in enumerate(unit):
        scores, bounds = scores_and_bounds(rows, target, which)
        if excluded is not None:
            scores[excluded[query][excluded[query] >= 0]] = -np.inf
        places, cosines = best_places(rows, target, which, k, scores, bounds)
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
