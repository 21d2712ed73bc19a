"""Categorization: the purity of clusters of vectors against human categories.

The known words are clustered into as many clusters as they have categories: k-means on vectors of length 1,
the best by its own criterion of several restarts (scikit-learn's `KMeans`), chosen without a look at the
categories; scores that take the best purity of several clusterings are higher. A word is right if its
category is the commonest of its cluster; purity (Zhao and Karypis 2001) is the share of correct words. Of one
category that share says how many of its words are in clusters where it is the commonest.

The interval is Wilson's for the share of correct words, that is, the clusters found are taken as given.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Bools1d, Doubles1d, Floats2d, Longs1d
from embedkit.errors import InputError
from embedkit.evaluation.benchmarks.categorization_items import CategorizationBenchmark
from embedkit.evaluation.paired import Paired, right_or_wrong
from embedkit.evaluation.result_row import ResultRow
from embedkit.evaluation.word_lookup import VocabularyLookup
from embedkit.statistics.clusters import k_means
from embedkit.statistics.intervals import CONFIDENCE, Estimate, wilson
from embedkit.vectors.embeddings import Embeddings


class CategoryScore(NamedTuple):
    """The share of correct words of all words, which is the purity, or of one category."""

    part: str
    metric: str
    right: Estimate
    covered: int
    total: int


@dataclass(frozen=True, eq=False)
class CategorizationResult:
    """What `evaluate_categorization` found.

    `scores` begin with the part "total", the categories follow. `clusters` and `outcomes` (n,) are in the
    order of the benchmark: the number of a word's cluster, -1 if the word is unknown; 1 right, 0 wrong, NaN
    unknown.
    """

    benchmark: str
    scores: tuple[CategoryScore, ...]
    clusters: Longs1d
    outcomes: Doubles1d
    warnings: tuple[str, ...]

    @property
    def purity(self) -> Estimate:
        """The share of correct words."""
        return self.scores[0].right

    @property
    def total(self) -> CategoryScore:
        """The score of all words."""
        return self.scores[0]

    def rows(self) -> list[ResultRow]:
        """One row a part."""
        return [
            ResultRow(
                self.benchmark, score.part, score.metric, *score.right.numbers, score.covered, score.total
            )
            for score in self.scores
        ]

    def paired(self, other: CategorizationResult) -> Paired:
        """Which words this space and another have right, of those that both know."""
        shared = ~np.isnan(self.outcomes) & ~np.isnan(other.outcomes)
        return right_or_wrong("purity", (self.outcomes, other.outcomes), shared)


def evaluate_categorization(
    vectors: Embeddings,
    benchmark: CategorizationBenchmark,
    *,
    lowercase: bool = False,
    only: Container[str] | None = None,
    restarts: int = 20,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> CategorizationResult:
    """Cluster the words of a benchmark and compare the clusters with their categories.

    Args:
        vectors: the space.
        benchmark: the words; unknown ones are left out.
        lowercase: look the words up in lower case.
        only: the words that count as known if the vectors have them; by default all.
        restarts: of the clustering.
        seed: their random seed.
        confidence: confidence level of the Wilson intervals.

    Raises:
        InputError: no restart.

    Example:
        >>> import embedkit
        >>> from embedkit.evaluation.benchmarks.categorization_items import CategorizedWord
        >>> pets = [CategorizedWord(word, "pet") for word in ("cat", "dog", "hamster")]
        >>> fruit = [CategorizedWord(word, "fruit") for word in ("apple", "banana", "cherry")]
        >>> benchmark = CategorizationBenchmark("mine", (*pets, *fruit))
        >>> evaluate_categorization(embedkit.load(), benchmark).purity.value
        1.0
    """
    if restarts < 1:
        raise InputError(f"expected at least 1 restart, got {restarts}")
    words = [(member.word,) for member in benchmark.members]
    rows, known, warnings = VocabularyLookup(vectors.vocabulary, lowercase=lowercase, only=only).look_up(
        words
    )
    categories = _numbered(benchmark)
    clusters, outcomes = np.full(len(words), -1), np.full(len(words), np.nan)
    if known.any():
        unit, count = vectors.take_unit(rows[known, 0]), len(np.unique(categories[known]))
        clusters[known] = _clustered(unit, count, restarts, seed)
        outcomes[known] = right_words(clusters[known], categories[known])
    scores = _scores(benchmark, categories, outcomes, confidence)
    return CategorizationResult(benchmark.name, scores, clusters, outcomes, warnings)


def _clustered(unit: Floats2d, count: int, restarts: int, seed: int) -> Longs1d:
    """The cluster of each of `unit` (n, D), n > 0, (n,): `count` clusters, or as many as vectors differ."""
    return k_means(unit, min(count, len(np.unique(unit, axis=0))), starts=restarts, seed=seed)


def right_words(clusters: Longs1d, categories: Longs1d) -> Bools1d:
    """Which words (n,) are of the commonest of `categories` (n,) in their cluster, the lowest of several."""
    counts = np.zeros((clusters.max() + 1, categories.max() + 1), np.int64)
    np.add.at(counts, (clusters, categories), 1)
    right: Bools1d = counts.argmax(axis=1)[clusters] == categories
    return right


def _numbered(benchmark: CategorizationBenchmark) -> Longs1d:
    """The category of each word as its place among the categories, (n,)."""
    numbers = {category: number for number, category in enumerate(benchmark.categories)}
    return np.array([numbers[member.category] for member in benchmark.members], np.int64)


def _scores(
    benchmark: CategorizationBenchmark, categories: Longs1d, outcomes: Doubles1d, confidence: float
) -> tuple[CategoryScore, ...]:
    """The scores of all words and of each category."""
    total = _score("total", "purity", outcomes, confidence)
    parts = enumerate(benchmark.categories)
    return total, *(
        _score(name, "correct words", outcomes[categories == number], confidence) for number, name in parts
    )


def _score(part: str, metric: str, outcomes: Doubles1d, confidence: float) -> CategoryScore:
    right, covered = int(np.nansum(outcomes)), int(np.count_nonzero(~np.isnan(outcomes)))
    share = Estimate(right / covered if covered else None, wilson(right, covered, confidence))
    return CategoryScore(part, metric, share, covered, len(outcomes))
