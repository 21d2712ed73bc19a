"""`Measurement`: what every bias metric returns, a value with interval, p-value and coverage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypedDict

from embedkit.arrays import Doubles1d
from embedkit.bias.topics.word_lists import MatchedWords
from embedkit.statistics.intervals import CONFIDENCE, bootstrap

Alternative = Literal["two-sided", "greater", "less"]
RESAMPLES = 2000


@dataclass(frozen=True, kw_only=True, eq=False)
class Measurement:
    """A number that says something about bias, and what it rests on.

    Args:
        name: of the measure.
        value: what was measured.
        meaning: one sentence: what the number means, its range, and which direction is worse.
        low: the lower end of the interval; None if the measure has none.
        high: the upper end.
        confidence: the confidence level of the interval.
        p_value: the chance of a value at least as extreme if there were no bias; None without such a test.
        alternative: which values count as extreme.
        coverage: for each list of words how many were found, of how many.
        lowercased: for each list the words that the vectors know in lower case only, if there are any.
        seed: the random seed; None if nothing was drawn.
        details: whatever else the measure has to tell; ready for JSON.
    """

    name: str
    value: float
    meaning: str
    low: float | None = None
    high: float | None = None
    confidence: float = CONFIDENCE
    p_value: float | None = None
    alternative: Alternative | None = None
    coverage: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    lowercased: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seed: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether all words of all lists were found, and found as they are written."""
        return not self.lowercased and all(known == total for known, total in self.coverage.values())

    def as_dict(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return asdict(self)


class Coverage(TypedDict):
    """What a `Measurement` tells of the words that it rests on."""

    coverage: dict[str, tuple[int, int]]
    lowercased: dict[str, tuple[str, ...]]


def coverage_of(**lists: MatchedWords) -> Coverage:
    """The coverage of each named list: `coverage_of(a=matched)["coverage"]` -> {"a": (7, 8)}."""
    return {
        "coverage": {name: matched.coverage for name, matched in lists.items()},
        "lowercased": {name: matched.lowercased for name, matched in lists.items() if matched.lowercased},
    }


def mean_interval(
    values: Doubles1d, seed: int, resamples: int = RESAMPLES
) -> tuple[float | None, float | None]:
    """The percentile interval of the mean of one number a word, (n,), over words like these."""
    return bootstrap(_means, values, resamples=resamples, seed=seed, confidence=CONFIDENCE) or (None, None)


def by_word(matched: MatchedWords, values: Doubles1d) -> dict[str, float]:
    """The number of each word."""
    return dict(zip(matched.words, values.tolist(), strict=True))


def _means(values: Doubles1d) -> Doubles1d:
    means: Doubles1d = values.mean(axis=-1)
    return means
