"""`ZipfFit`: the exponent of Zipf's law, by maximum likelihood from how many types have which count.

If words are drawn at random and the one of rank r has a probability proportional to r ** -s, the number of
types that occur k times is proportional to Gamma(k - a) / k! with a = 1 / s: a power law k ** -(1 + a) and
what drawing adds to it (Evert, "A simple LNRE model for random character sequences", 2004, the model of Zipf
and Mandelbrot). With the least count m that law holds for, the share of types with at least k occurrences is
Gamma(k - a) Gamma(m) / (Gamma(k) Gamma(m - a)). So a maximizes a likelihood in closed form, whose curvature
gives the standard error; and m is chosen as in Clauset, Shalizi and Newman, "Power-law distributions in
empirical data" (SIAM Review 51, 2009, section 3.3): where the law is closest to the data by Kolmogorov and
Smirnov's distance.

A fit over ranks would take every token for an independent draw, which makes its standard error far too small;
and as ranks are sorted by the counts that they are to explain, it is biased. As each type counts once here,
the law is that of the many rarer words; the most frequent ones of a natural language fall off less steeply.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import InputError

MIN_TYPES = 50  # that a law is fitted to
_CANDIDATES = 100  # least counts that are tried
_LOWEST, _HIGHEST = 1e-3, 5.0  # of a


class ZipfFit(NamedTuple):
    """The word of rank r, up to the rank `types`, occurs about factor * r ** -exponent times."""

    exponent: float
    error: float  # standard error of the exponent
    factor: float
    least: int  # the least count that the law holds for
    types: int  # how many words occur as often or more often
    distance: float  # of Kolmogorov and Smirnov, between the law and the counts


def fit_zipf(counts: Longs1d) -> ZipfFit:
    """Zipf's law for the counts of types, in any order, each at least 1.

    Raises:
        InputError: fewer than `MIN_TYPES` counts, or all of them equal.

    Example:
        >>> import numpy as np
        >>> from embedkit.statistics.zipf import fit_zipf
        >>> probabilities = np.arange(1.0, 1e6) ** -1.25
        >>> random = np.random.default_rng(0)
        >>> counts = random.multinomial(1_000_000, probabilities / probabilities.sum())
        >>> fit = fit_zipf(counts[counts > 0])
        >>> print(f"{fit.exponent:.3f} ± {fit.error:.3f}")
        1.246 ± 0.008
    """
    values, numbers = np.unique(counts, return_counts=True)
    above = numbers[::-1].cumsum()[::-1]  # how many types have each count or a higher one
    enough = int(np.count_nonzero(above[:-1] >= MIN_TYPES))  # the last value alone has no spread
    if not enough:
        raise InputError(
            f"Zipf's law is fitted to {MIN_TYPES} counts or more that are not all equal, got {len(counts)}"
        )
    places = np.unique(np.geomspace(1, enough, _CANDIDATES).astype(int)) - 1
    fits = (_fit_from(values[place:], numbers[place:]) for place in places.tolist())
    return min(fits, key=lambda fit: fit.distance)


def _fit_from(values: Longs1d, numbers: Longs1d) -> ZipfFit:
    """The law from the first of some counts on, each of which so many types have."""
    from scipy.optimize import brentq
    from scipy.special import gammaln, polygamma, psi

    least, total = int(values[0]), int(numbers.sum())

    def slope(a: float) -> float:
        """The derivative of the log-likelihood of a type, on average."""
        return float(1 / a - numbers @ psi(values - a) / total + psi(least - a))

    highest = min(_HIGHEST, least - _LOWEST)
    a = float(brentq(slope, _LOWEST, highest)) if slope(highest) < 0 else highest
    information = (
        1 / a**2 - float(numbers @ polygamma(1, values - a)) / total + float(polygamma(1, least - a))
    )
    share = np.exp(gammaln(values + 1 - a) + gammaln(least) - gammaln(values + 1) - gammaln(least - a))
    distance = float(np.abs(numbers.cumsum() / total - (1 - share)).max())
    factor = float(np.exp((np.log(total) + gammaln(least) - gammaln(least - a)) / a))
    return ZipfFit(1 / a, 1 / (a**2 * sqrt(total * information)), factor, least, total, distance)
