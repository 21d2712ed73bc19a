"""`Paired`: the scores of two spaces on the same items, and the test of their difference."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from embedkit.arrays import Bools1d, Doubles1d
from embedkit.statistics.correlation import spearman
from embedkit.statistics.intervals import Estimate, Statistic
from embedkit.statistics.shares import newcombe
from embedkit.statistics.significance import mcnemar, paired_bootstrap

Test = Literal["mcnemar", "bootstrap"]


class Difference(NamedTuple):
    """The scores of both spaces, their difference with its interval, and the p-value; None if undefined."""

    a: float | None
    b: float | None
    difference: Estimate
    p_value: float | None


class Paired(NamedTuple):
    """The numbers of the items that both spaces cover.

    `columns` (2 or 3, n) hold those of the first space, of the second and, for correlations, of people.
    `score` makes the scores (r,) of a space from its column (r, n) and the last one. `shared` of `total`
    items are covered by both; what the test draws may be fewer, as relations are fewer than their pairs.
    """

    metric: str
    test: Test
    score: Statistic
    columns: Doubles1d
    shared: int
    total: int

    def tested(self, resamples: int, seed: int, confidence: float) -> Difference:
        """The difference of the spaces; of answers by McNemar's test, of others by the paired bootstrap."""
        a, b = self._scores()
        if a is None or b is None:
            return Difference(a, b, Estimate(None, None), None)
        if self.test == "mcnemar":
            first, second = self.columns > 0
            both, only_a, only_b, neither = (
                int(np.count_nonzero(x & y)) for x in (first, ~first) for y in (second, ~second)
            )
            interval = newcombe(both, only_a, only_b, neither, confidence)
            return Difference(a, b, Estimate(a - b, interval), mcnemar(only_a, only_b))
        tested = paired_bootstrap(
            self._difference, *self.columns, resamples=resamples, seed=seed, confidence=confidence
        )
        return Difference(a, b, *tested)

    def _scores(self) -> tuple[float | None, float | None]:
        """The score of either space, None where it is not defined."""
        if not self.columns.size:
            return None, None
        a, b, *gold = self.columns
        scores = [float(self.score(column, *gold)) for column in (a, b)]
        return scores[0] if np.isfinite(scores[0]) else None, scores[1] if np.isfinite(scores[1]) else None

    def _difference(self, a: Doubles1d, b: Doubles1d, *gold: Doubles1d) -> Doubles1d:
        """The score of the first space less that of the second, from columns (r, n), as (r,)."""
        return self.score(a, *gold) - self.score(b, *gold)


def right_or_wrong(metric: str, outcomes: tuple[Doubles1d, Doubles1d], shared: Bools1d) -> Paired:
    """Items that each space has right (1) or wrong (0), (n,), of which the `shared` ones (n,) count."""
    columns = np.stack(outcomes)[:, shared]
    return Paired(metric, "mcnemar", _mean, columns, columns.shape[1], len(shared))


def ranked(a: Doubles1d, b: Doubles1d, gold: Doubles1d, shared: Bools1d) -> Paired:
    """Items to which spaces and people give numbers, (n,), of which the `shared` ones (n,) count."""
    columns = np.stack([a, b, gold])[:, shared]
    return Paired("spearman", "bootstrap", spearman, columns, columns.shape[1], len(shared))


def averaged(a: Doubles1d, b: Doubles1d, shared: int, total: int) -> Paired:
    """Rank correlations of relations, (r,) a space; the score is their mean, and relations are drawn."""
    return Paired("spearman", "bootstrap", _mean, np.stack([a, b]), shared, total)


def _mean(column: Doubles1d) -> Doubles1d:
    """The mean of each of (..., n) values, as (...)."""
    means: Doubles1d = column.mean(axis=-1)
    return means
