"""Scores of tags: accuracy, and precision, recall and F1 of spans or of plain tags.

A span counts as right if its type, its first and its last token are (Tjong Kim Sang and De Meulder 2003), as
the script `conlleval` counts. Intervals are percentiles of a bootstrap over sentences, as the tokens and
spans of a sentence hang together; where all resamples agree, as if everything is right, they are Wilson's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Doubles1d, Longs2d
from embedkit.statistics.intervals import Estimate, bootstrap, wilson
from embedkit.tagging.spans import spans_of

Tags = Sequence[Sequence[str]]
CORRECT, PREDICTED, ACTUAL = range(3)  # columns of counts


class TagScore(NamedTuple):
    """Precision, recall and F1 of spans of a type, or of a tag; None where nothing is divided by 0.

    Example:
        >>> from embedkit.tagging.scores import span_scores
        >>> total, *by_type = span_scores([["B-place", "O", "B-person"]], [["B-place", "O", "O"]])
        >>> total.precision, total.recall, by_type[0].name, by_type[0].actual
        (1.0, 0.5, 'person', 1)
    """

    name: str
    precision: float | None
    recall: float | None
    f1: float | None
    low: float | None
    high: float | None
    actual: int
    predicted: int


def span_scores(truth: Tags, predicted: Tags) -> list[TagScore]:
    """The scores of all spans together ("all spans"), then those of each type, by name."""
    counts = _span_counts(truth, predicted)
    total = sum(counts.values(), np.zeros((len(truth), 3), np.int64))
    return [_score("all spans", total), *(_score(kind, counts[kind]) for kind in sorted(counts))]


def plain_scores(truth: Tags, predicted: Tags) -> list[TagScore]:
    """The scores of each tag, by name."""
    counts: dict[str, Longs2d] = {}
    for number, (actual, said) in enumerate(zip(truth, predicted, strict=True)):
        both = Counter(a for a, b in zip(actual, said, strict=True) if a == b)
        _add(counts, number, len(truth), both, Counter(said), Counter(actual))
    return [_score(tag, counts[tag]) for tag in sorted(counts)]


def accuracy(truth: Tags, predicted: Tags) -> Estimate:
    """The share of tokens whose tag is right, and its interval."""
    right = [sum(map(str.__eq__, *pair)) for pair in zip(truth, predicted, strict=True)]
    lengths = list(map(len, truth))
    interval = bootstrap(lambda right, lengths: _ratio(right.sum(1), lengths.sum(1)), right, lengths)
    total = sum(lengths)
    return Estimate(sum(right) / total if total else None, interval or wilson(sum(right), total))


def token_accuracy(truth: Tags, predicted: Tags) -> float:
    """The share of tokens whose tag is right, 0 of no token."""
    right = sum(sum(map(str.__eq__, *pair)) for pair in zip(truth, predicted, strict=True))
    return right / max(1, sum(map(len, truth)))


def entity_f1(truth: Tags, predicted: Tags) -> float:
    """F1 of all spans, 0 if there is none.

    Example:
        >>> from embedkit.tagging.scores import entity_f1
        >>> entity_f1([["I-place", "O", "B-person"]], [["B-place", "O", "I-person"]])
        1.0
    """
    counts = _span_counts(truth, predicted)
    total = sum((kind.sum(axis=0) for kind in counts.values()), np.zeros(3, np.int64))
    return float(2 * total[CORRECT] / max(1, total[PREDICTED] + total[ACTUAL]))


def _span_counts(truth: Tags, predicted: Tags) -> dict[str, Longs2d]:
    """Of each type the number of right, predicted and actual spans of each sentence, (n, 3)."""
    counts: dict[str, Longs2d] = {}
    for number, (actual, said) in enumerate(zip(truth, predicted, strict=True)):
        own, found = set(spans_of(actual)), set(spans_of(said))
        if own or found:
            kinds = (Counter(span.type for span in spans) for spans in (own & found, found, own))
            _add(counts, number, len(truth), *kinds)
    return counts


def _add(counts: dict[str, Longs2d], number: int, sentences: int, *of_columns: Counter[str]) -> None:
    for column, found in enumerate(of_columns):
        for name, count in found.items():
            if name not in counts:
                counts[name] = np.zeros((sentences, 3), np.int64)
            counts[name][number, column] = count


def _score(name: str, counts: Longs2d) -> TagScore:
    correct, predicted, actual = counts.sum(axis=0).tolist()
    interval = bootstrap(_f1, *counts.T) or wilson(correct, max(predicted, actual))
    low, high = interval or (None, None)
    return TagScore(
        name,
        correct / predicted if predicted else None,
        correct / actual if actual else None,
        2 * correct / (predicted + actual) if predicted + actual else None,
        low,
        high,
        actual,
        predicted,
    )


def _f1(correct: Doubles1d, predicted: Doubles1d, actual: Doubles1d) -> Doubles1d:
    return _ratio(2 * correct.sum(axis=1), predicted.sum(axis=1) + actual.sum(axis=1))


def _ratio(part: Doubles1d, whole: Doubles1d) -> Doubles1d:
    """The quotients, NaN where the whole is 0."""
    quotients: Doubles1d = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return quotients
