"""`nearest`: the rows of largest cosine with each target, found in the way that is fastest for so many."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d, Longs1d, Longs2d
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count
from embedkit.parallel.blas import one_blas_thread
from embedkit.parallel.cores import available_cores
from embedkit.parallel.threads import threads
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.search.exact import QUERIES, TopRows, empty_answers, joined, slices, top_rows
from embedkit.vectors.search.scan import best_places, number_of
from embedkit.vectors.search.sketch import has_sketch, scores_and_bounds

FEW = 4  # targets that are compared one by one
FEW_SCANNED = (
    64  # the same, once a compiled scan reads the rows: faster for so many than products of matrices
)
LARGE = 1 << 31  # multiplications from which on every core searches for targets of its own


def nearest(
    rows: StoredRows,
    targets: NDArray[np.floating],
    k: int,
    excluded: Longs2d | None = None,
    candidates: int | Longs1d | None = None,
    exclude: Longs1d | None = None,
) -> TopRows:
    """The `k` rows of largest cosine with each of `targets` (Q, D), best first; equal ones by row number.

    A zero row or target has the cosine 0 with everything.

    Args:
        rows: the rows searched, (V, D).
        targets: finite vectors of any length.
        k: answers a target; there are fewer if fewer rows may answer, and -1 stands in their place.
        excluded: (Q, E) rows that may not answer each target, padded with -1.
        candidates: the rows that may answer: the first so many, or those of these numbers (n,); None: all.
        exclude: (E,) rows that may answer no target, or -1.

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
    barred = np.empty((len(unit), 0), np.int64) if excluded is None else excluded
    which, places = searched_rows(candidates, len(rows), barred, exclude)
    return of_rows(_search(rows, which, unit, k, places), which)


def _search(
    rows: StoredRows, which: slice | Longs1d, unit: Floats2d, k: int, excluded: Longs2d | None
) -> TopRows:
    """Search the rows `which`, of which answers and `excluded` tell the places."""
    if len(unit) <= (FEW_SCANNED if has_sketch(rows) else FEW):
        return one_by_one(rows, which, unit, k, excluded)

    def part(some: slice) -> TopRows:
        return top_rows(
            rows, unit[some], k, excluded=None if excluded is None else excluded[some], which=which
        )

    if len(unit) * number_of(which) * rows.vector_size < LARGE:
        return joined([part(some) for some in slices(len(unit), QUERIES)])
    _ = rows.factors  # computed once
    share = -(-len(unit) // available_cores())
    with one_blas_thread(), threads() as pool:
        return joined(list(pool.map(part, slices(len(unit), min(QUERIES, share)))))


def one_by_one(
    rows: StoredRows, which: slice | Longs1d, unit: Floats2d, k: int, excluded: Longs2d | None
) -> TopRows:
    """The `k` rows of `which` nearest to each of a few unit vectors (Q, D), a pass over them for each.

    Answers and `excluded` (Q, E) tell the places of rows among `which`.
    """
    check_count("top", k)
    found = empty_answers(len(unit), min(k, number_of(which)))
    for query, target in enumerate(unit):
        scores, bounds = scores_and_bounds(rows, target, which)
        if excluded is not None:
            scores[excluded[query][excluded[query] >= 0]] = -np.inf
        places, cosines = best_places(rows, target, which, k, scores, bounds)
        found.rows[query, : len(places)], found.scores[query, : len(places)] = places, cosines
    return found


def candidate_rows(candidates: int | Longs1d | None, count: int) -> slice | Longs1d:
    """Which of `count` rows may answer: the first ones, or those of numbers in ascending order, each once."""
    if candidates is None:
        return slice(0, count)
    if not isinstance(candidates, np.ndarray):
        check_count("candidates", candidates)
        return slice(0, min(count, candidates))
    numbers = np.unique(candidates)
    if not len(numbers) or numbers[0] < 0 or numbers[-1] >= count:
        raise InputError(f"expected candidates among the rows 0 to {count - 1}, got {numbers}")
    return numbers


def searched_rows(
    candidates: int | Longs1d | None, count: int, excluded: Longs2d, exclude: Longs1d | None
) -> tuple[slice | Longs1d, Longs2d]:
    """Which of `count` rows are searched, and the places among them of those that may not answer, (Q, E).

    Rows that may answer no query, `exclude`, are not searched if that takes fewer numbers than to leave them
    out for each query, of which `excluded` (Q, E), padded with -1, are its own.
    """
    which = candidate_rows(candidates, count)
    if exclude is not None and len(excluded) * len(exclude) > number_of(which):
        numbers = np.arange(which.stop) if isinstance(which, slice) else which
        which = np.setdiff1d(numbers, exclude, assume_unique=True)
        if not len(which):
            which = slice(0, 0)
    elif exclude is not None:
        excluded = with_shared(excluded, exclude)
    return which, places_among(excluded, which)


def with_shared(excluded: Longs2d, exclude: Longs1d) -> Longs2d:
    """What may not answer each query, (Q, E), and what may answer none, (S,), as (Q, E + S)."""
    return np.hstack([excluded, np.broadcast_to(exclude, (len(excluded), len(exclude)))])


def places_among(rows: Longs2d, which: slice | Longs1d) -> Longs2d:
    """Where rows stand among those that may answer; -1 for those that do not."""
    if isinstance(which, slice):
        return np.where(rows < which.stop, rows, -1)
    places = np.searchsorted(which, rows).clip(max=len(which) - 1)
    return np.where(which[places] == rows, places, -1)


def of_rows(found: TopRows, which: slice | Longs1d) -> TopRows:
    """Answers by the numbers of rows, of answers by their places among those that may answer."""
    if isinstance(which, slice):
        return found
    return found._replace(rows=np.where(found.rows >= 0, which[found.rows], -1))
