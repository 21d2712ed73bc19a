"""Exact top-k search by matrix products, for many queries at once: neighbors, analogies and evaluation.

A search compares U basis vectors with blocks of R rows at a time, giving a table (U, R) of cosines; a
`Combine` function turns the table into scores (q, R) of q queries. Plain cosine search takes the table as it
is; analogies combine three of its rows a question, so that 20,000 questions about 900 words cost 900 products
a row, not 20,000. A `Screen` may say more cheaply which queries can have a score above the worst answer they
hold; only those are scored. After the first blocks, few are.

Rows are kept as they are, in whatever type; a block of them becomes float32 for its product, and the product
is divided by the lengths of the rows, so that no unit vectors of all rows are ever made.

The answer does not depend on the size of the blocks (beyond the rounding of the products): equal scores are
ordered by row index. Memory is the table, one block of scores and k answers a query, whatever V is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Bools1d, Floats1d, Floats2d, Longs1d, Longs2d
from embedkit.hyperparameters import check_count
from embedkit.vectors.rows import StoredRows, check_scores
from embedkit.vectors.search.scan import number_of

Combine = Callable[[Floats2d, Longs1d], Floats2d]  # table (U, R), ids of q queries -> scores (q, R), new
Screen = Callable[[Floats2d, slice, Floats1d], Bools1d]  # table, queries, floors (q,) -> (q,)

QUERIES = 4096  # queries searched together
ROWS = 256  # least number of matrix rows compared at once
TABLE = 1 << 20  # entries of a table
SCREENED_TABLE = 1 << 17  # the same when it is screened: it stays in the second-level cache
SCORES = 1 << 20  # entries of a block of scores: stays in the caches


class TopRows(NamedTuple):
    """The k best rows of each of Q queries, best first; rows that do not exist are -1 with score -inf."""

    rows: Longs2d  # (Q, k)
    scores: Floats2d  # (Q, k)


def top_rows(
    rows: StoredRows,
    basis: Floats2d,
    k: int,
    combine: Combine | None = None,
    screen: Screen | None = None,
    queries: int | None = None,
    excluded: Longs2d | None = None,
    which: slice | Longs1d | None = None,
) -> TopRows:
    """The `k` of `rows` (V, D) with the best scores for each query.

    Args:
        rows: the rows searched.
        basis: unit or zero vectors (U, D), of whose cosines with every row the scores are made.
        k: answers a query.
        combine: makes scores from the cosines; None takes the cosines, one basis vector a query.
        screen: tells which queries may have a score above a floor; it may err only by saying yes, and needs a
            `combine`. None: all.
        queries: the number of queries Q, U if None.
        excluded: (Q, E) rows that may not answer each query, padded with -1.
        which: the rows that are searched, the first ones or those of numbers in ascending order, of which
            answers and `excluded` tell the places; None: all.
    """
    check_count("top", k)
    count = len(basis) if queries is None else queries
    searchable = len(rows) if which is None else number_of(which)
    best = empty_answers(count, min(k, searchable))
    entries = TABLE if screen is None else SCREENED_TABLE
    width = max(ROWS, entries // max(len(basis), 1), 4 * k)
    for searched in slices(searchable, width):
        table = _cosines(rows, which[searched] if isinstance(which, np.ndarray) else searched, basis)
        for block in slices(count, max(1, SCORES // width)):
            asked = np.arange(block.start, block.stop)
            if screen is not None:
                asked = asked[screen(table, block, best.scores[block, -1])]
            scores = table[block] if combine is None else combine(table, asked)
            if excluded is not None:
                _leave_out(scores, excluded[asked], searched.start)
            _offer(best, asked, scores, searched.start)
    return best


def slices(count: int, size: int) -> Iterator[slice]:
    """Consecutive slices of at most `size` that cover range(count): `slices(5, 3)` -> 0:3, 3:5."""
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


def joined(parts: list[TopRows]) -> TopRows:
    """The answers of several searches as one; of none, no answer."""
    if len(parts) < 2:
        return parts[0] if parts else empty_answers(0, 1)
    rows, scores = zip(*parts, strict=True)
    return TopRows(np.concatenate(rows), np.concatenate(scores))


def _cosines(rows: StoredRows, searched: slice | Longs1d, basis: Floats2d) -> Floats2d:
    """The cosines (U, R) of `basis` (U, D) with some rows; 0 where either vector is zero."""
    block, factors = rows.numbers(searched), rows.factors[searched]
    with np.errstate(invalid="ignore", over="ignore"):  # of rows that are not finite, which are refused
        if len(basis) >= rows.vector_size:  # lengths are divided out of whatever is smaller
            unit: Floats2d = block * factors[:, None]
            table: Floats2d = basis @ unit.T
        else:
            table = basis @ block.T
            table *= factors
    check_scores(table[:1].ravel(), searched)
    return table


def empty_answers(queries: int, k: int) -> TopRows:
    """Answers before there are any."""
    return TopRows(np.full((queries, k), -1, np.int64), np.full((queries, k), -np.inf, np.float32))


def _leave_out(scores: Floats2d, excluded: Longs2d, start: int) -> None:
    """Set the scores (q, R) of excluded rows (q, E) to -inf, in place; column 0 is row `start`."""
    columns = excluded - start
    query, place = np.nonzero((columns >= 0) & (columns < scores.shape[1]))
    scores[query, columns[query, place]] = -np.inf


def _offer(best: TopRows, queries: Longs1d, scores: Floats2d, start: int) -> None:
    """Let rows `start`, `start` + 1, ... compete for a place among the answers of `queries` (q,), in place.

    Rows come in ascending order, so a row must score (q, R) better than the worst answer held: a tie is lost.
    """
    ahead = np.flatnonzero(scores.max(axis=1) > best.scores[queries, -1])
    if not len(ahead):
        return
    live, k = queries[ahead], best.scores.shape[1]
    held, offered = best.scores[live], scores[ahead]
    better = np.flatnonzero(offered > _floor(held[:, -1], offered, k)[:, None])
    query, column = np.divmod(better, offered.shape[1])
    owners = np.concatenate([np.repeat(np.arange(len(live)), k), query])
    values = np.concatenate([held.ravel(), offered[query, column]])
    rows = np.concatenate([best.rows[live].ravel(), column + start])
    order = np.lexsort((-values, owners))  # stable: among equals, the lower row stays first
    first = np.searchsorted(owners[order], np.arange(len(live)))
    chosen = order[first[:, None] + np.arange(k)]
    best.rows[live], best.scores[live] = rows[chosen], values[chosen]


def _floor(worst: Floats1d, offered: Floats2d, k: int) -> Floats1d:
    """The score (q,) a newcomer must exceed: the worst held or, with places free, a hair under the k-th."""
    free = np.isneginf(worst)
    if k < offered.shape[1] and free.any():
        kth = -np.partition(-offered[free], k - 1, axis=1)[:, k - 1]
        worst[free] = np.nextafter(kth, np.float32(-np.inf))
    return worst
