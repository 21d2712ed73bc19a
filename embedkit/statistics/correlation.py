"""Pearson and Spearman correlation of many samples at once, over the last axis.

Spearman's is Pearson's of the ranks, where equal values share the mean of their ranks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from embedkit.arrays import Doubles1d


def pearson(x: ArrayLike, y: ArrayLike) -> Doubles1d:
    """The correlation of x and y, both (..., n), as (...); NaN where either does not vary."""
    x, y = _centered(x), _centered(y)
    product = (x * y).sum(axis=-1)
    lengths = np.sqrt((x * x).sum(axis=-1) * (y * y).sum(axis=-1))
    undefined = np.full_like(product, np.nan)
    correlations: Doubles1d = np.divide(product, lengths, out=undefined, where=lengths > 0)
    return correlations.clip(-1, 1)


def spearman(x: ArrayLike, y: ArrayLike) -> Doubles1d:
    """The rank correlation of x and y, both (..., n), as (...); NaN where either does not vary.

    Example:
        >>> from embedkit.statistics.correlation import spearman
        >>> float(spearman([1, 2, 3, 4], [1, 3, 2, 9]).round(3))
        0.8
    """
    return pearson(ranks(x), ranks(y))


def ranks(values: ArrayLike) -> Doubles1d:
    """The rank of each of (..., n) values, from 1; ties share their mean: [7, 9, 7] -> [1.5, 3, 1.5]."""
    values = np.asarray(values, np.float64)
    order = values.argsort(axis=-1)
    ascending = np.take_along_axis(values, order, axis=-1)
    begins = np.flatnonzero(np.diff(ascending, axis=-1, prepend=np.nan))  # of equal values, in all rows
    lengths = np.diff(begins, append=values.size)
    means = begins % values.shape[-1] + (lengths + 1) / 2
    ranked: Doubles1d = np.empty_like(values)
    np.put_along_axis(ranked, order, np.repeat(means, lengths).reshape(values.shape), axis=-1)
    return ranked


def _centered(values: ArrayLike) -> Doubles1d:
    """Values less their mean; exactly zero where they are all equal, whatever the mean is rounded to."""
    values = np.asarray(values, np.float64)
    varies = values.min(axis=-1, keepdims=True) < values.max(axis=-1, keepdims=True)
    return np.where(varies, values - values.mean(axis=-1, keepdims=True), 0.0)
