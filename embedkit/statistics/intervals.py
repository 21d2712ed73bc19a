"""Confidence intervals: Wilson's and the bootstrap.

`wilson` is for a share of right answers: the score interval of Wilson (1927), "Probable inference, the law of
succession, and statistical inference", JASA 22, without continuity correction; `embedkit.statistics.shares`
has its kin. `bootstrap` is for any other statistic: the percentile interval of Efron (1979), "Bootstrap
methods: another look at the jackknife"; `embedkit.statistics.correlation_intervals` has what correlations
need beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.errors import InputError
from embedkit.hyperparameters import check_seed

Statistic = Callable[..., Doubles1d]  # columns, each (r, n) -> (r,)

CONFIDENCE = 0.95  # of every interval, unless another is asked for
ENTRIES = 1 << 20  # entries of a block of resampled columns: bounds the memory


class Interval(NamedTuple):
    """The lower and the upper end."""

    low: float
    high: float


class Estimate(NamedTuple):
    """A statistic and its interval; None where it is not defined or nothing is known of it."""

    value: float | None
    interval: Interval | None

    @property
    def numbers(self) -> tuple[float | None, float | None, float | None]:
        """The value and the two ends, as a `Row` has them."""
        low, high = self.interval or (None, None)
        return self.value, low, high


def wilson(successes: int, total: int, confidence: float = CONFIDENCE) -> Interval | None:
    """The interval of a share, `successes` of `total`; None of 0, about which nothing is known.

    Its ends are the shares p whose distance from the observed one is z standard errors sqrt(p (1 - p) / n).

    Example:
        >>> from embedkit.statistics.intervals import wilson
        >>> low, high = wilson(8, 10)
        >>> round(low, 2), round(high, 2)
        (0.49, 0.94)
    """
    z = quantile(confidence)
    if not 0 <= successes <= total:
        raise InputError(f"expected between 0 and {total} successes of {total}, got {successes}")
    if total == 0:
        return None
    share, shrink = successes / total, 1 + z * z / total
    middle = (share + z * z / (2 * total)) / shrink
    half = z / shrink * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return Interval(0.0 if successes == 0 else middle - half, 1.0 if successes == total else middle + half)


def bootstrap(
    statistic: Statistic,
    *columns: ArrayLike,
    resamples: int = 1000,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> Interval | None:
    """The percentile interval of a statistic of n items, described by `columns` (n,) each.

    Args:
        statistic: takes columns (r, n), one resample a row, and returns r values at once; NaN for a resample
            of which it is not defined, such as the correlation of two equal pairs.
        columns: the numbers of the items; a resample draws items, so columns stay together.
        resamples: how many times n items are drawn with replacement.
        seed: the same seed gives the same interval.
        confidence: the share of resamples between the ends.

    Returns:
        None for fewer than 2 items, if the statistic is defined for less than half of the resamples, or if
        all resamples agree: then the items are too few or too much alike to tell how far it varies.
    """
    check_confidence(confidence)
    if resamples < 1:
        raise InputError(f"expected at least 1 resample, got {resamples}")
    items = np.stack([np.asarray(column, np.float64) for column in columns])  # (columns, n)
    if items.shape[1] < 2:
        return None
    values = resampled(statistic, items, resamples, seed)
    if 2 * len(values) < resamples:
        return None
    return percentiles(values, confidence)


def percentiles(values: Doubles1d, confidence: float) -> Interval | None:
    """The interval that holds the middle of `values`, None if they are all the same."""
    low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(float(low), float(high)) if values.min() < values.max() else None


def resampled(statistic: Statistic, items: Doubles2d, resamples: int, seed: int) -> Doubles1d:
    """The finite ones among the statistics of `resamples` resamples of `items` (columns, n), in blocks."""
    check_seed(seed)
    generator = np.random.default_rng(seed)
    count = items.shape[1]
    block = max(1, ENTRIES // count)
    sizes = [min(block, resamples - start) for start in range(0, resamples, block)]
    values = [statistic(*items[:, generator.integers(count, size=(size, count))]) for size in sizes]
    joined = np.concatenate(values)
    return joined[np.isfinite(joined)]


def quantile(confidence: float) -> float:
    """The standard errors of a normal distribution on either side that hold a share: 0.95 -> 1.96."""
    check_confidence(confidence)
    return NormalDist().inv_cdf((1 + confidence) / 2)


def check_confidence(confidence: float) -> None:
    """Raise `InputError` unless the confidence is a share between 0 and 1."""
    if not 0 < confidence < 1:
        raise InputError(f"expected a confidence between 0 and 1, such as 0.95, got {confidence}")
