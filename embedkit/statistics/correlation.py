"""Pearson's and Spearman's correlation of many samples at once, over the last axis.

Spearman's is Pearson's of the ranks, where equal values share the mean of their ranks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]


def pearson(x: ArrayLike, y: ArrayLike) -> Values:
    """The correlation of x and y, both (..., n), as (...); NaN where either does not vary."""
    x, y = _centred(x), _centred(y)
    product = (x * y).sum(axis=-1)
    lengths = np.sqrt((x * x).sum(axis=-1) * (y * y).sum(axis=-1))
    undefined = np.full_like(product, np.nan)
    correlations: Values = np.divide(product, lengths, out=undefined, where=lengths > 0)
    return correlations.clip(-1, 1)


def spearman(x: ArrayLike, y: ArrayLike) -> Values:
    """The rank correlation of x and y, both (..., n), as (...); NaN where either does not vary."""
    return pearson(ranks(x), ranks(y))


def ranks(values: ArrayLike) -> Values:
    """The rank of each of (..., n) values, from 1; ties share their mean: [7, 9, 7] -> [1.5, 3, 1.5]."""
    values = np.asarray(values, np.float64)
    order = np.argsort(values, axis=-1)
    ordered = np.take_along_axis(values, order, axis=-1)
    places = np.broadcast_to(np.arange(values.shape[-1], dtype=np.float64), values.shape)
    new = np.ones(values.shape, bool)  # whether a place begins a group of equal values
    new[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    first = np.maximum.accumulate(np.where(new, places, 0), axis=-1)
    ends = np.ones(values.shape, bool)
    ends[..., :-1] = new[..., 1:]
    last = np.where(ends, places, np.inf)
    last = np.minimum.accumulate(last[..., ::-1], axis=-1)[..., ::-1]
    ranked = np.empty(values.shape)
    np.put_along_axis(ranked, order, (first + last) / 2 + 1, axis=-1)
    return ranked


def _centred(values: ArrayLike) -> Values:
    """Values less their mean; exactly zero where they are all equal, whatever the mean is rounded to."""
    values = np.asarray(values, np.float64)
    varies = values.min(axis=-1, keepdims=True) < values.max(axis=-1, keepdims=True)
    return np.where(varies, values - values.mean(axis=-1, keepdims=True), 0.0)
