"""Graded relations (SemEval-2012 task 2): rank correlation of offsets between vectors with ratings.

As Mikolov, Yih and Zweig 2013 do: the degree to which a pair c:d shows a relation is the mean over the
prototypes a:b of cos(b - a, d - c), all vectors of length 1; it is Spearman-correlated with the ratings. The
task's second measure, MaxDiff, needs people's single choices, which a graded file does not hold.

The interval of a relation is that of a correlation (`embedkit.statistics.correlation_intervals`); that of
their mean treats the relations as drawn, scores from -1 to 1 (`embedkit.statistics.shares.graded`). One
relation alone is its own mean.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Bools1d, Doubles1d, Floats2d, Longs2d
from embedkit.evaluation.benchmarks.relation_items import Relation, RelationBenchmark
from embedkit.evaluation.paired import Paired, averaged, ranked
from embedkit.evaluation.result_row import ResultRow
from embedkit.evaluation.word_lookup import VocabularyLookup, all_known
from embedkit.statistics.correlation import spearman
from embedkit.statistics.correlation_intervals import correlate
from embedkit.statistics.intervals import CONFIDENCE, Estimate, Interval
from embedkit.statistics.shares import graded
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.norms import unit_vectors


class RelationScore(NamedTuple):
    """The rank correlation of one relation: of `degrees` (n,), NaN for pairs not covered, with `ratings`."""

    part: str
    spearman: Estimate
    degrees: Doubles1d
    ratings: Doubles1d

    @property
    def known(self) -> Bools1d:
        """Which pairs are covered, (n,)."""
        return ~np.isnan(self.degrees)


@dataclass(frozen=True, eq=False)
class RelationResult:
    """What `evaluate_relations` found: the mean over the relations that have a value, and each relation."""

    benchmark: str
    spearman: Estimate
    scores: tuple[RelationScore, ...]
    warnings: tuple[str, ...]

    @property
    def covered(self) -> int:
        """The number of pairs that got a degree."""
        return sum(int(np.count_nonzero(score.known)) for score in self.scores)

    @property
    def total(self) -> int:
        """The number of pairs."""
        return sum(len(score.degrees) for score in self.scores)

    def rows(self) -> list[ResultRow]:
        """One row for the mean, and one a relation."""
        mean = ResultRow(
            self.benchmark, "total", "spearman", *self.spearman.numbers, self.covered, self.total
        )
        return [mean] + [
            ResultRow(
                self.benchmark,
                score.part,
                "spearman",
                *score.spearman.numbers,
                int(np.count_nonzero(score.known)),
                len(score.degrees),
            )
            for score in self.scores
        ]

    def paired(self, other: RelationResult) -> Paired:
        """The correlations of this space and of another; of one relation alone, the degrees of its pairs."""
        both = [mine.known & theirs.known for mine, theirs in zip(self.scores, other.scores, strict=True)]
        if len(both) == 1:
            return ranked(self.scores[0].degrees, other.scores[0].degrees, self.scores[0].ratings, both[0])
        values = np.array([_values(self), _values(other)])
        a, b = values[:, ~np.isnan(values).any(axis=0)]
        return averaged(a, b, sum(int(np.count_nonzero(known)) for known in both), self.total)


def evaluate_relations(
    vectors: Embeddings,
    benchmark: RelationBenchmark,
    *,
    lowercase: bool = False,
    only: Container[str] | None = None,
    resamples: int = 1000,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> RelationResult:
    """Rank the pairs of each relation.

    Pairs and prototypes with unknown words are left out; a relation without a known prototype has no value.

    Args:
        vectors: the space.
        benchmark: the relations.
        lowercase: look the words up in lower case.
        only: the words that count as known if the vectors have them; by default all.
        resamples: of the bootstrap in the intervals of relations; with 0 those have none.
        seed: their random seed.
        confidence: confidence level of the intervals.

    Example:
        >>> import embedkit
        >>> from embedkit.evaluation.benchmarks.relation_items import RatedPair
        >>> rated = [("bus", "vehicle", 60), ("cat", "animal", 50), ("animal", "cat", -20)]
        >>> pairs = tuple(RatedPair(*pair) for pair in rated)
        >>> relation = Relation("kind of", (("dog", "animal"), ("car", "vehicle")), pairs)
        >>> result = evaluate_relations(embedkit.load(), RelationBenchmark("mine", (relation,)))
        >>> result.covered, round(result.spearman.value, 2)
        (3, 0.5)
    """
    lookup = VocabularyLookup(vectors.vocabulary, lowercase=lowercase, only=only)
    pairs = lookup.look_up([pair[:2] for relation in benchmark.relations for pair in relation.pairs])
    correlated = partial(correlate, spearman, resamples=resamples, seed=seed, confidence=confidence)
    ends = np.cumsum([len(relation.pairs) for relation in benchmark.relations])[:-1]
    scores = tuple(
        _scored(vectors, lookup.rows(relation.prototypes), rows, relation, correlated)
        for relation, rows in zip(benchmark.relations, np.split(pairs.rows, ends), strict=True)
    )
    warnings = pairs.warnings + tuple(_undefined(scores))
    return RelationResult(benchmark.name, _mean(scores, confidence), scores, warnings)


def _scored(
    vectors: Embeddings,
    prototypes: Longs2d,
    pairs: Longs2d,
    relation: Relation,
    correlated: Callable[..., Estimate],
) -> RelationScore:
    prototypes = prototypes[all_known(prototypes)]
    covered = all_known(pairs) & (len(prototypes) > 0)
    degrees = np.full(len(pairs), np.nan)
    if covered.any():
        prototypical = _directions(vectors, prototypes)
        degrees[covered] = (_directions(vectors, pairs[covered]) @ prototypical.T).mean(axis=1)
    ratings = np.array([pair.rating for pair in relation.pairs])
    return RelationScore(relation.name, correlated(degrees[covered], ratings[covered]), degrees, ratings)


def _directions(vectors: Embeddings, pairs: Longs2d) -> Floats2d:
    """The directions (n, D) from the first to the second of `pairs` (n, 2); zero if they coincide."""
    return unit_vectors(vectors.take_unit(pairs[:, 1]) - vectors.take_unit(pairs[:, 0]))


def _mean(scores: tuple[RelationScore, ...], confidence: float) -> Estimate:
    """The mean over the relations that have a value."""
    if len(scores) == 1:
        return scores[0].spearman
    values = np.array([score.spearman.value for score in scores if score.spearman.value is not None])
    if not len(values):
        return Estimate(None, None)
    ends = graded((values + 1) / 2, confidence) if len(values) > 1 else None
    return Estimate(float(values.mean()), Interval(2 * ends.low - 1, 2 * ends.high - 1) if ends else None)


def _values(result: RelationResult) -> list[float]:
    """The correlation of each relation, NaN for those that have none."""
    return [np.nan if score.spearman.value is None else score.spearman.value for score in result.scores]


def _undefined(scores: tuple[RelationScore, ...]) -> Iterator[str]:
    """How many relations have no value, and why that may be, unless nothing is covered at all."""
    without = sum(score.spearman.value is None for score in scores)
    if without and any(score.known.any() for score in scores):
        yield (
            f"{without} of {len(scores)} relations have no value: fewer than two covered pairs, no known "
            "prototype, or degrees or ratings that are all the same"
        )
