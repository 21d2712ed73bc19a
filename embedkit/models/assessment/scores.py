"""Precision, recall, F1 and accuracy, by class and averaged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Bools2d, Doubles1d, Longs1d
from embedkit.statistics.f1 import macro_f1
from embedkit.statistics.intervals import wilson


class ClassifierScore(NamedTuple):
    """One number about all texts (`part` is "total") or about one class, with what it rests on.

    `value` is None where the metric is not defined, as the recall of a class without texts; `low` and `high`
    are None where it has no interval. `score._asdict()` is ready for JSON.
    """

    part: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    texts: int


class Hits(NamedTuple):
    """Of each class (K,): texts rightly said to be of it, texts said to be, and texts that are."""

    right: Longs1d
    predicted: Longs1d
    actual: Longs1d

    @property
    def f1(self) -> Doubles1d:
        """The harmonic mean of precision and recall, NaN for a class that no text is of or is said to be."""
        both = (self.predicted + self.actual).astype(np.float64)
        scores: Doubles1d = np.full(len(both), np.nan)
        np.divide(2.0 * self.right, both, out=scores, where=both > 0)
        return scores

    @property
    def pooled(self) -> Hits:
        """All classes as one."""
        return Hits(*(np.array([counts.sum()]) for counts in self))


def share(part: str, metric: str, right: int, total: int) -> ClassifierScore:
    """A share with Wilson's interval."""
    low, high = wilson(right, total) or (None, None)
    return ClassifierScore(part, metric, right / total if total else None, low, high, total)


def plain(metric: str, value: float, texts: int, part: str = "total") -> ClassifierScore:
    """A number without an interval; NaN stands for none."""
    return ClassifierScore(part, metric, None if np.isnan(value) else float(value), None, None, texts)


def macro_score(truth: Bools2d, predicted: Bools2d) -> ClassifierScore:
    """Macro-F1 with its interval; truth and answers are (n, K)."""
    return ClassifierScore("total", "macro-F1", *macro_f1(truth, predicted).numbers, len(truth))


def micro_scores(hits: Hits) -> Iterator[ClassifierScore]:
    """Precision, recall and F1 of all decisions pooled."""
    for score in class_scores(hits.pooled, ["total"]):
        yield score._replace(metric=f"micro-{score.metric}")


def class_scores(hits: Hits, names: Sequence[str]) -> Iterator[ClassifierScore]:
    """Precision, recall and F1 of each class."""
    for name, right, predicted, actual, f1 in zip(names, *map(np.ndarray.tolist, hits), hits.f1, strict=True):
        yield share(name, "precision", right, predicted)
        yield share(name, "recall", right, actual)
        yield plain("F1", f1, actual, name)
