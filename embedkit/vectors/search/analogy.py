"""Analogies a : b :: c : d by vector arithmetic, in batches.

Vectors are taken at length 1. A method scores every candidate row d from its cosines with a, b and c alone:

- 3CosAdd (Mikolov et al. 2013): cos(d, b - a + c), the same order as cos(d, b) - cos(d, a) + cos(d, c).
- 3CosMul (Levy and Goldberg 2014, eq. 4): cos(d, b) cos(d, c) / (cos(d, a) + 0.001), each cosine shifted to
  [0, 1] by (x + 1) / 2.
- PairDirection (Mikolov et al. 2013): cos(d - c, b - a); 0 for a candidate within 0.001 of c, which lies in
  no direction from it.

A target shorter than 0.001 (b - a + c, or b - a) points nowhere: all its cosines are 0. A zero candidate
counts as a unit vector at right angles to every word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bools1d, Floats1d, Floats2d, Floats3d, Longs1d, Longs2d
from embedkit.errors import InputError
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.search.exact import QUERIES, Combine, Screen, TopRows, joined, slices, top_rows
from embedkit.vectors.search.nearest import FEW, of_rows, one_by_one, searched_rows
from embedkit.vectors.search.scan import number_of

Method = Literal["3cosadd", "3cosmul", "pairdirection"]

EPSILON = np.float32(0.001)  # of eq. 4: keeps the quotient finite
LARGE = 500_000_000  # scores from which on the compiled loop is worth importing numba for
ROUNDING = np.float32(1e-6)  # more than the relative error of a float32 quotient
NEAR = np.float32(1e-6)  # squared distance from c under which a candidate has no direction


def solve(
    rows: StoredRows,
    triples: Longs2d,
    top: int,
    method: Method,
    include_query: bool = False,
    *,
    exclude: Longs1d | None = None,
    extra: Floats2d | None = None,
    candidates: int | Longs1d | None = None,
) -> TopRows:
    """The `top` rows d that best solve a : b :: c : d for each of `triples` (Q, 3) = (a, b, c), as row ids.

    Args:
        rows: the rows (V, D).
        triples: the questions; ids from V on are those of `extra`.
        top: answers a question.
        method: how they are scored.
        include_query: whether the rows of a question may answer it.
        exclude: more rows that may not answer.
        extra: vectors (n, D) of words that questions may name, but that are no answers.
        candidates: the rows that may answer: the first so many, or those of these numbers; None for all.

    Example:
        >>> rows = StoredRows(np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], np.float32))
        >>> solve(rows, np.array([[0, 1, 2]]), 1, "3cosadd").rows.tolist()
        [[3]]
    """
    if method not in METHODS:
        raise InputError(f"expected one of the methods {', '.join(METHODS)}, got {method!r}")
    barred = triples[:, :0] if include_query else triples
    which, excluded = searched_rows(candidates, len(rows), barred, exclude)
    if method == "3cosadd" and len(triples) <= FEW:
        basis = unit_vectors(_vectors(rows, triples.reshape(-1), extra)).reshape(-1, 3, rows.vector_size)
        return of_rows(one_by_one(rows, which, _sums(basis), top, excluded), which)
    large = method == "3cosadd" and len(triples) * number_of(which) >= LARGE
    parts = []
    for chunk in slices(len(triples), QUERIES):
        words, places = np.unique(triples[chunk], return_inverse=True)
        basis, places = unit_vectors(_vectors(rows, words, extra)), places.reshape(-1, 3)
        combine = METHODS[method](basis, places)
        screen = _screen(basis, places) if large else None
        parts.append(top_rows(rows, basis, top, combine, screen, len(places), excluded[chunk], which))
    return of_rows(joined(parts), which)


def _vectors(rows: StoredRows, ids: Longs1d, extra: Floats2d | None) -> Floats2d:
    """The rows of these ids (n,), those from V on of `extra`."""
    known = ids < len(rows)
    vectors = rows.take(np.where(known, ids, 0))
    if extra is not None:
        vectors[~known] = extra[ids[~known] - len(rows)]
    return vectors


def _sums(basis: Floats3d) -> Floats2d:
    """The unit vectors (Q, D) of b - a + c, for unit vectors (Q, 3, D) of a, b and c; zero if it is short."""
    sums = basis[:, 1] - basis[:, 0] + basis[:, 2]
    sums[_inverse_lengths(sums)[:, 0] == 0] = 0
    return unit_vectors(sums)


def _three_cos_add(basis: Floats2d, places: NDArray[np.intp]) -> Combine:
    """Scores from the table's rows at `places` (Q, 3): the cosine with b - a + c is linear in theirs."""
    a, b, c = places.T
    shrink = _inverse_lengths(basis[b] - basis[a] + basis[c])

    def combine(table: Floats2d, queries: Longs1d) -> Floats2d:
        scores: Floats2d = table[b[queries]]
        scores -= table[a[queries]]
        scores += table[c[queries]]
        scores *= shrink[queries]
        return scores

    return combine


def _screen(basis: Floats2d, places: NDArray[np.intp]) -> Screen:
    """Tells by a compiled loop which questions of `places` (Q, 3) may have a 3CosAdd score above a floor."""
    from embedkit.vectors.search.analogy_kernel import count_above

    a, b, c = places.T
    shrink = _inverse_lengths(basis[b] - basis[a] + basis[c])[:, 0]

    def screen(table: Floats2d, queries: slice, floors: Floats1d) -> Bools1d:
        everything = np.full_like(floors, -np.inf)
        floors = np.divide(floors, shrink[queries], out=everything, where=shrink[queries] > 0)
        counts = np.empty(len(floors), np.int32)
        floors -= ROUNDING * (1 + np.abs(floors))
        count_above(table, places[queries], floors, counts)
        return counts > 0

    return screen


def _three_cos_mul(basis: Floats2d, places: NDArray[np.intp]) -> Combine:
    """Scores from the table's rows at `places` (Q, 3), each cosine shifted to [0, 1]."""
    a, b, c = places.T

    def combine(table: Floats2d, queries: Longs1d) -> Floats2d:
        shifted_a, shifted_b, shifted_c = ((table[p[queries]] + 1) / 2 for p in (a, b, c))
        scores: Floats2d = shifted_b * shifted_c / (shifted_a + EPSILON)
        return scores

    return combine


def _pair_direction(basis: Floats2d, places: NDArray[np.intp]) -> Combine:
    """Scores from the table's rows at `places` (Q, 3): (d - c).(b - a) / |d - c| |b - a|, where |d| = 1."""
    a, b, c = places.T
    shrink = _inverse_lengths(basis[b] - basis[a])
    offset = np.einsum("ij,ij->i", basis[c], basis[b] - basis[a])[:, None]
    square = np.einsum("ij,ij->i", basis[c], basis[c])[:, None] + 1

    def combine(table: Floats2d, queries: Longs1d) -> Floats2d:
        along = (table[b[queries]] - table[a[queries]] - offset[queries]) * shrink[queries]
        squared = square[queries] - 2 * table[c[queries]]
        scores: Floats2d = np.where(squared > NEAR, along / np.sqrt(np.maximum(squared, NEAR)), np.float32(0))
        return scores

    return combine


def _inverse_lengths(vectors: Floats2d) -> Floats2d:
    """1 / length of each of (Q, D) differences of unit vectors, as (Q, 1); 0 for those of no direction."""
    lengths = np.linalg.norm(vectors, axis=1)[:, None]
    inverse: Floats2d = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > EPSILON)
    return inverse


METHODS: dict[str, Callable[[Floats2d, NDArray[np.intp]], Combine]] = {
    "3cosadd": _three_cos_add,
    "3cosmul": _three_cos_mul,
    "pairdirection": _pair_direction,
}
