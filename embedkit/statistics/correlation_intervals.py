"""Confidence intervals of correlations, for few items, ties and scores far from normal alike.

An interval reaches as far as the further of two: the percentile bootstrap, which knows the ties and the
distribution of these scores but is too short for few items, and the one on Fisher's z scale, atanh(r), which
is right for few items if the scores are normal. The standard error of z is 1 / sqrt(n - 3) for Pearson's
(Fisher 1921) and sqrt((1 + r^2 / 2) / (n - 3)) for Spearman's (Bonett and Wright 2000, "Sample size
requirements for estimating Pearson, Kendall and Spearman correlations", Psychometrika 65).
"""

from __future__ import annotations

from math import atanh, sqrt, tanh

import numpy as np
from numpy.typing import ArrayLike

from embedkit.statistics.correlation import spearman
from embedkit.statistics.intervals import CONFIDENCE, Estimate, Interval, Statistic, bootstrap, quantile

MIN_ITEMS = 4  # items for whose correlation Fisher's z has a standard error


def correlate(
    statistic: Statistic,
    x: ArrayLike,
    y: ArrayLike,
    *,
    resamples: int = 1000,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """A correlation and its interval.

    Args:
        statistic: `pearson` or `spearman` of `embedkit.statistics.correlation`.
        x: a number an item, (n,).
        y: another, (n,).
        resamples: of the bootstrap; with 0 there is no interval.
        seed: of the same.
        confidence: of the interval.

    Returns:
        No value for fewer than 2 items, or if x or y does not vary; no interval for fewer than `MIN_ITEMS`
        items, or if hardly any or all of the resamples agree.
    """
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    value = float(statistic(x[None], y[None])[0]) if len(x) > 1 else np.nan
    if not np.isfinite(value):
        return Estimate(None, None)
    if not resamples or len(x) < MIN_ITEMS:
        return Estimate(value, None)
    drawn = bootstrap(statistic, x, y, resamples=resamples, seed=seed, confidence=confidence)
    if drawn is None or abs(value) == 1:
        return Estimate(value, drawn)
    variance = 1 + value * value / 2 if statistic is spearman else 1
    half = quantile(confidence) * sqrt(variance / (len(x) - 3))
    low, high = tanh(atanh(value) - half), tanh(atanh(value) + half)
    return Estimate(value, Interval(min(low, drawn.low), max(high, drawn.high)))
