"""How well clusters of vectors agree with people's categories: purity.

The known words are clustered into as many clusters as they have categories (`clustering`). A word is right
if its category is the commonest of its cluster; purity (Zhao and Karypis 2001) is the share of right words.
The clustering scored is the one of the greatest cohesion among the restarts, chosen without a look at the
categories: scores that take the best purity of several clusterings are higher.

The interval is Wilson's for the share of right words, that is, the clusters found are taken as given. How far
the purity depends on the random start is told by the purities of all restarts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.evaluation.categorization_items import CategorizationBenchmark
from embedkit.evaluation.clustering import spherical_k_means
from embedkit.evaluation.rows import Row
from embedkit.evaluation.spellings import Spellings, all_known, coverage_warnings
from embedkit.statistics.intervals import Estimate, wilson
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.rows import FloatMatrix
from embedkit.vectors.search import RowIds


class CategoryScore(NamedTuple):
    """The purity of all words, or the share of right words in one category."""

    part: str
    purity: Estimate
    covered: int
    total: int


@dataclass(frozen=True, eq=False)
class CategorizationResult:
    """What `evaluate_categorization` found.

    `scores` begin with the part "total", the categories follow. `clusters` and `outcomes` (n,) are in the
    order of the benchmark: the number of a word's cluster, -1 if the word is unknown; 1 right, 0 wrong, NaN
    unknown. `restarts` (r,) are the purities of all restarts, that of the greatest cohesion first.
    """

    benchmark: str
    scores: tuple[CategoryScore, ...]
    clusters: RowIds
    outcomes: NDArray[np.float64]
    restarts: NDArray[np.float64]
    warnings: tuple[str, ...]

    @property
    def total(self) -> CategoryScore:
        """The purity of all words."""
        return self.scores[0]

    def rows(self) -> list[Row]:
        """One row a part."""
        return [
            Row(self.benchmark, score.part, "purity", *score.purity.numbers, score.covered, score.total)
            for score in self.scores
        ]


def evaluate_categorization(
    vectors: Embeddings,
    benchmark: CategorizationBenchmark,
    *,
    lowercase: bool = False,
    restarts: int = 20,
    seed: int = 1,
    confidence: float = 0.95,
) -> CategorizationResult:
    """Cluster the words of a benchmark and compare the clusters with their categories.

    Args:
        vectors: the space. A zero vector is at right angles to every centroid and goes to the first cluster.
        benchmark: the words; unknown ones are left out.
        lowercase: look the words up in lower case.
        restarts: of the clustering.
        seed: of the same.
        confidence: of the Wilson intervals.

    Raises:
        InputError: no restart.
    """
    spellings = Spellings(vectors.vocabulary, lowercase=lowercase)
    words = [(member.word,) for member in benchmark.members]
    rows = spellings.rows(words)
    covered = all_known(rows)
    categories = _numbered(benchmark)
    clusters, outcomes = np.full(len(words), -1), np.full(len(words), np.nan)
    unit = vectors.unit_matrix[rows[covered, 0]]
    clusters[covered], outcomes[covered], purities = _clustered(unit, categories[covered], restarts, seed)
    return CategorizationResult(
        benchmark=benchmark.name,
        scores=_scores(benchmark, categories, outcomes, confidence),
        clusters=clusters,
        outcomes=outcomes,
        restarts=purities,
        warnings=coverage_warnings(spellings, words, covered),
    )


def _clustered(
    unit: FloatMatrix, categories: RowIds, restarts: int, seed: int
) -> tuple[RowIds, NDArray[np.bool_], NDArray[np.float64]]:
    """The best clusters of known words, (n,), which words are right, (n,), and the purities, (restarts,)."""
    if not len(unit):
        return np.empty(0, np.int64), np.empty(0, np.bool_), np.empty(0)
    found = spherical_k_means(unit, len(np.unique(categories)), restarts, seed)
    right = [right_words(clustering.clusters, categories) for clustering in found]
    return found[0].clusters, right[0], np.array([words.mean() for words in right])


def right_words(clusters: RowIds, categories: RowIds) -> NDArray[np.bool_]:
    """Which words (n,) are of the commonest of `categories` (n,) in their cluster, the lowest of several."""
    counts = np.zeros((clusters.max() + 1, categories.max() + 1), np.int64)
    np.add.at(counts, (clusters, categories), 1)
    right: NDArray[np.bool_] = counts.argmax(axis=1)[clusters] == categories
    return right


def _numbered(benchmark: CategorizationBenchmark) -> RowIds:
    """The category of each word as its place among the categories, (n,)."""
    numbers = {category: number for number, category in enumerate(benchmark.categories)}
    return np.array([numbers[member.category] for member in benchmark.members], np.int64)


def _scores(
    benchmark: CategorizationBenchmark, categories: RowIds, outcomes: NDArray[np.float64], confidence: float
) -> tuple[CategoryScore, ...]:
    """The scores of all words and of each category."""
    parts = [outcomes] + [outcomes[categories == number] for number in range(len(benchmark.categories))]
    return tuple(
        _score(part, members, confidence)
        for part, members in zip(("total", *benchmark.categories), parts, strict=True)
    )


def _score(part: str, outcomes: NDArray[np.float64], confidence: float) -> CategoryScore:
    right, covered = int(np.nansum(outcomes)), int(np.count_nonzero(~np.isnan(outcomes)))
    purity = Estimate(right / covered if covered else None, wilson(right, covered, confidence))
    return CategoryScore(part, purity, covered, len(outcomes))
