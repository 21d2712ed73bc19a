"""Significance tests: McNemar's test, the paired bootstrap, Holm's correction.

All tests are two-sided and take items as independent. Items that share words are not quite, so that p-values
are, if anything, too small.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from embedkit.errors import InputError
from embedkit.statistics.intervals import (
    CONFIDENCE,
    Estimate,
    Statistic,
    check_confidence,
    percentiles,
    resampled,
)


def mcnemar(only_a: int, only_b: int) -> float:
    """The p-value that two spaces are equally often right (McNemar 1947), exactly.

    Of the items that only one of them has right, `only_a` + `only_b`, each is as likely to be a's as b's if
    they are equally good: a binomial distribution with p = 1/2. 1 if there is none.

    Example:
        >>> from embedkit.statistics.significance import mcnemar
        >>> round(mcnemar(1, 9), 4)
        0.0215
    """
    count, smaller = only_a + only_b, min(only_a, only_b)
    ways = term = 1
    for right in range(smaller):
        term = term * (count - right) // (right + 1)  # binomial coefficients, exact integers
        ways += term
    return min(1.0, float(Fraction(2 * ways, 1 << count)))


def paired_bootstrap(
    difference: Statistic,
    *columns: ArrayLike,
    resamples: int = 2000,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> tuple[Estimate, float | None]:
    """A difference between two spaces, its percentile interval and its p-value.

    The p-value is the level at which the percentile interval ceases to hold 0 (Efron and Tibshirani 1993,
    section 15.4), with 1 added to both counts (Davison and Hinkley 1997, eq. 4.11), so that it is never 0:
    2 (1 + resamples on the rarer side of 0) / (1 + resamples), at most 1. The least that 2,000 resamples can
    give is 0.001.

    Args:
        difference: takes columns (r, n), one resample a row, and returns r differences at once.
        columns: the numbers of the items, (n,) each; a resample draws items for both spaces together.
        resamples: how many times n items are drawn with replacement.
        seed: the same seed gives the same numbers.
        confidence: of the interval.

    Returns:
        (None, None) and None where the difference is not defined; no interval and no p-value for fewer than
        2 items, or if less than half of the resamples have a difference.

    Raises:
        InputError: no resample, or a confidence that is none.
    """
    check_confidence(confidence)
    if resamples < 1:
        raise InputError(f"expected at least 1 resample, got {resamples}")
    items = np.stack([np.asarray(column, np.float64) for column in columns])  # (columns, n)
    value = float(difference(*items[:, None])[0]) if items.shape[1] else np.nan
    if not np.isfinite(value):
        return Estimate(None, None), None
    values = resampled(difference, items, resamples, seed)
    if items.shape[1] < 2 or 2 * len(values) < resamples:
        return Estimate(value, None), None
    rarer = min(np.count_nonzero(values <= 0), np.count_nonzero(values >= 0))
    p_value = min(1.0, 2 * (1 + int(rarer)) / (1 + len(values)))
    return Estimate(value, percentiles(values, confidence)), p_value


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """p-values corrected for their number (Holm 1979); None stands for a test that was not made.

    The smallest of m is multiplied by m, the next by m - 1 and so on, none below the one before, none over 1.

    Example:
        >>> from embedkit.statistics.significance import holm
        >>> holm([0.01, 0.04, None])
        [0.02, 0.04, None]
    """
    made = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    corrected: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, (p, place) in enumerate(made):
        largest = max(largest, min(1.0, p * (len(made) - rank)))
        corrected[place] = largest
    return corrected
