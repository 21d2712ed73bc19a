"""`Paired`: the numbers that two spaces have for the same items, and the scores made of them."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

import numpy as np

from embedkit.statistics.correlation import Values
from embedkit.statistics.intervals import Statistic


class Paired(NamedTuple):
    """The numbers of the items that both spaces cover.

    `columns` (2 or 3, n) hold those of the first space, of the second and, for correlations, of people.
    `score` makes the scores (r,) of a space from its column (r, n) and the last one. `shares` tells whether
    the items are right (1) or wrong (0). `shared` of `total` items are covered by both.
    """

    metric: str
    score: Statistic
    columns: Values
    shares: bool
    shared: int
    total: int

    @property
    def scores(self) -> tuple[float | None, float | None]:
        """The score of either space, None where it is not defined."""
        a, b, *gold = self.columns
        if not self.columns.size:
            return None, None
        found = [float(self.score(column, *gold)) for column in (a, b)]
        return found[0] if isfinite(found[0]) else None, found[1] if isfinite(found[1]) else None

    @property
    def discordant(self) -> tuple[int, int]:
        """How many items only the first space has right, and only the second."""
        a, b = self.columns
        return int(np.count_nonzero(a > b)), int(np.count_nonzero(a < b))

    def difference(self, a: Values, b: Values, *gold: Values) -> Values:
        """The score of the first space less that of the second, from columns (r, n), as (r,)."""
        return self.score(a, *gold) - self.score(b, *gold)


def right_or_wrong(metric: str, a: Values, b: Values) -> Paired:
    """Items that each space has right (1), wrong (0) or not covered (NaN), (n,); the score is their mean."""
    columns, shared = covered_by_both(a, b)
    return Paired(metric, mean, columns, True, shared, len(a))


def mean(column: Values) -> Values:
    """The mean of each of (..., n) values, as (...)."""
    means: Values = column.mean(axis=-1)
    return means


def covered_by_both(*columns: Values) -> tuple[Values, int]:
    """The columns (c, n) without the items that have a NaN, and how many items are left."""
    items = np.stack(columns)
    items = items[:, ~np.isnan(items).any(axis=0)]
    return items, items.shape[1]
