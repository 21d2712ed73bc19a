"""Confidence intervals of means of scores between 0 and 1, and of the difference of two proportions.

Near 0 and 1 the percentile bootstrap is far too short: if no item of a sample is missed, no resample misses
one. The score intervals here stay honest there, down to samples of a few items.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from embedkit.errors import InputError
from embedkit.statistics.intervals import CONFIDENCE, Interval, quantile, wilson

PRIOR = 2.0  # right-or-wrong items that the spread of graded scores is drawn towards


def graded(scores: ArrayLike, confidence: float = CONFIDENCE) -> Interval | None:
    """The interval of the mean of scores (n,) from 0 to 1, not only right or wrong; None of no score.

    A score interval as Wilson's, whose variance p (1 - p) / n is multiplied by a dispersion: that of the
    scores beside right-or-wrong ones of the same mean (the quasi-likelihood of Wedderburn 1974). It is at
    most 1, and Wilson's interval if all scores are 0 or 1. A few scores tell little of their spread, none if
    all are equal, so the dispersion is drawn towards 1 with the weight of `PRIOR` items at the middle of
    Wilson's interval. The tests simulate its coverage.

    Raises:
        InputError: a score that is not between 0 and 1, or a confidence that is none.
    """
    values = np.asarray(scores, np.float64)
    z, count = quantile(confidence), len(values)
    if not count:
        return None
    if not ((values >= 0) & (values <= 1)).all():
        raise InputError("expected scores between 0 and 1")
    mean = float(values.mean())
    middle = (mean + z * z / (2 * count)) / (1 + z * z / count)
    prior = PRIOR * middle * (1 - middle)
    spread = float(((values - mean) ** 2).sum())
    dispersion = min(1.0, (spread + prior) / (count * mean * (1 - mean) + prior))
    return score_interval(mean, count / dispersion, confidence)


def score_interval(mean: float, items: float, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's interval of a mean that varies as the share of so many right-or-wrong items, whole or not."""
    z = quantile(confidence)
    shift = z * z / items
    half = sqrt(shift * mean * (1 - mean) + shift * shift / 4) / (1 + shift)
    center = (mean + shift / 2) / (1 + shift)
    low, high = max(0.0, center - half), min(1.0, center + half)
    return Interval(0.0 if mean == 0 else low, 1.0 if mean == 1 else high)


def newcombe(both: int, only_a: int, only_b: int, neither: int, confidence: float = CONFIDENCE) -> Interval:
    """The interval of a's share of right answers less b's, on the same items.

    Method 10 of Newcombe (1998), "Improved confidence intervals for the difference between binomial
    proportions based on paired data", Statistics in Medicine 17: Wilson's intervals of both shares, squared
    and added with the correlation of the answers, which is corrected for continuity.

    Raises:
        InputError: counts that are negative or all 0, or a confidence that is none.
    """
    total = both + only_a + only_b + neither
    if min(both, only_a, only_b, neither) < 0 or total == 0:
        raise InputError(f"expected counts of items, got {both}, {only_a}, {only_b} and {neither}")
    a, b = (both + only_a) / total, (both + only_b) / total
    a_ends, b_ends = wilson(both + only_a, total, confidence), wilson(both + only_b, total, confidence)
    assert a_ends is not None  # noqa: S101 - the total is not 0
    assert b_ends is not None  # noqa: S101
    phi = _correlation(both, only_a, only_b, neither)

    def distance(first: float, second: float) -> float:
        return sqrt(max(0.0, first * first - 2 * phi * first * second + second * second))

    low = a - b - distance(a - a_ends.low, b_ends.high - b)
    return Interval(low, a - b + distance(a_ends.high - a, b - b_ends.low))


def _correlation(both: int, only_a: int, only_b: int, neither: int) -> float:
    """The phi coefficient of a table, a positive one corrected for continuity; 0 if a margin is."""
    margins = (both + only_a) * (only_b + neither) * (both + only_b) * (only_a + neither)
    if margins == 0:
        return 0.0
    product = both * neither - only_a * only_b
    if product > 0:
        return max(product - (both + only_a + only_b + neither) / 2, 0.0) / sqrt(margins)
    return product / sqrt(margins)
