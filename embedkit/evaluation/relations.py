"""How well offsets between vectors rank pairs of words by a relation: SemEval-2012 task 2.

As Mikolov, Yih and Zweig 2013 do: the degree to which a pair c:d shows a relation is the mean over the
prototypes a:b of cos(b - a, d - c), all vectors of length 1; it is Spearman-correlated with the ratings. The
task's second measure, MaxDiff, needs people's single choices, which a graded file does not hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.evaluation.relation_items import Relation, RelationBenchmark
from embedkit.evaluation.rows import Row
from embedkit.evaluation.spellings import Spellings, all_known, coverage_warnings
from embedkit.statistics.correlation import spearman
from embedkit.statistics.intervals import Estimate, estimate
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.rows import FloatMatrix, unit_vectors
from embedkit.vectors.search import RowIds


class RelationScore(NamedTuple):
    """The rank correlation of one relation; `degrees` (n,) are NaN for pairs that are not covered."""

    part: str
    spearman: Estimate
    covered: int
    total: int
    degrees: NDArray[np.float64]


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
        return sum(score.covered for score in self.scores)

    @property
    def total(self) -> int:
        """The number of pairs."""
        return sum(score.total for score in self.scores)

    def rows(self) -> list[Row]:
        """One row for the mean, and one a relation."""
        mean = Row(self.benchmark, "total", "spearman", *self.spearman.numbers, self.covered, self.total)
        return [mean] + [
            Row(self.benchmark, score.part, "spearman", *score.spearman.numbers, score.covered, score.total)
            for score in self.scores
        ]


def evaluate_relations(
    vectors: Embeddings,
    benchmark: RelationBenchmark,
    *,
    lowercase: bool = False,
    resamples: int = 1000,
    seed: int = 1,
    confidence: float = 0.95,
) -> RelationResult:
    """Rank the pairs of each relation.

    Pairs and prototypes with unknown words are left out; a relation without a known prototype has no value.
    The interval of a relation is a bootstrap over its pairs, that of the mean one over the relations.
    """
    spellings = Spellings(vectors.vocabulary, lowercase=lowercase)
    estimated = partial(estimate, resamples=resamples, seed=seed, confidence=confidence)
    scores = tuple(_scored(vectors, spellings, relation, estimated) for relation in benchmark.relations)
    values = [score.spearman.value for score in scores if score.spearman.value is not None]
    mean = estimated(lambda drawn: drawn.mean(axis=-1), values)
    pairs = [pair[:2] for relation in benchmark.relations for pair in relation.pairs]
    covered = ~np.isnan(np.concatenate([score.degrees for score in scores]))
    return RelationResult(benchmark.name, mean, scores, coverage_warnings(spellings, pairs, covered))


def _scored(
    vectors: Embeddings, spellings: Spellings, relation: Relation, estimated: Callable[..., Estimate]
) -> RelationScore:
    prototypes = spellings.rows(relation.prototypes)
    prototypes = prototypes[all_known(prototypes)]
    pairs = spellings.rows([pair[:2] for pair in relation.pairs])
    covered = all_known(pairs) & (len(prototypes) > 0)
    degrees = np.full(len(pairs), np.nan)
    directions = _directions(vectors.unit_matrix, prototypes)
    if covered.any():
        degrees[covered] = (_directions(vectors.unit_matrix, pairs[covered]) @ directions.T).mean(axis=1)
    ratings = np.array([pair.rating for pair in relation.pairs])
    found = estimated(spearman, degrees[covered], ratings[covered])
    return RelationScore(relation.name, found, int(np.count_nonzero(covered)), len(pairs), degrees)


def _directions(unit: FloatMatrix, pairs: RowIds) -> FloatMatrix:
    """The directions (n, D) from the first to the second of `pairs` (n, 2); zero if they coincide."""
    return unit_vectors(unit[pairs[:, 1]] - unit[pairs[:, 0]])
