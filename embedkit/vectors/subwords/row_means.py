"""Means of rows of a table, added up in float32 in the order of fastText: equal to the last bit."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats2d, Longs1d


def row_means(table: Floats2d, ids: Longs1d, counts: Longs1d, first: Floats2d | None = None) -> Floats2d:
    """The mean of so many rows for each of n words, float32 (n, D); zero for a word without any.

    Args:
        table: rows (B, D).
        ids: the rows of the first word, then those of the second, and so on.
        counts: how many rows each word has, (n,).
        first: one more row for each word, which is added before the others, (n, D).

    Example:
        >>> table = np.array([[1, 0], [3, 2]], np.float32)
        >>> row_means(table, np.array([0, 1, 1]), np.array([2, 1, 0])).tolist()
        [[2.0, 1.0], [3.0, 2.0], [0.0, 0.0]]
    """
    order = np.argsort(-counts, kind="stable")  # the words with another row are always the first ones
    starts, sorted_counts = (np.cumsum(counts) - counts)[order], counts[order]
    sums = np.zeros((len(counts), table.shape[1]), np.float32)
    if first is not None:
        sums += first[order]
    for place in range(int(counts.max(initial=0))):
        more = int(np.count_nonzero(sorted_counts > place))
        sums[:more] += table[ids[starts[:more] + place]]
    divisors = np.maximum(sorted_counts + (first is not None), 1)
    means = np.empty_like(sums)
    means[order] = sums * (1 / divisors).astype(np.float32)[:, None]
    return means
