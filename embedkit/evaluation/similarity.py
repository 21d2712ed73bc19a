"""Word similarity: Spearman and Pearson correlation of cosines with human scores, with intervals."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from embedkit.arrays import Bools1d, Doubles1d, Longs2d
from embedkit.errors import InputError
from embedkit.evaluation.benchmarks.similarity_items import SimilarityBenchmark
from embedkit.evaluation.paired import Paired, ranked
from embedkit.evaluation.result_row import ResultRow
from embedkit.evaluation.word_lookup import VocabularyLookup
from embedkit.statistics.correlation import pearson, spearman
from embedkit.statistics.correlation_intervals import correlate
from embedkit.statistics.intervals import CONFIDENCE, Estimate
from embedkit.vectors.embeddings import Embeddings

Unknown = Literal["leave-out", "zero"]


@dataclass(frozen=True, eq=False)
class SimilarityResult:
    """What `evaluate_similarity` found.

    `cosines` (n,) hold a pair each, in the order of the benchmark: NaN for a pair that is left out, 0 for one
    that has an unknown word and is counted; `known` (n,) says which have none; `scores` (n,) are those of
    people.
    """

    benchmark: str
    unknown: Unknown
    spearman: Estimate
    pearson: Estimate
    known: Bools1d
    cosines: Doubles1d
    scores: Doubles1d
    warnings: tuple[str, ...]

    @property
    def covered(self) -> int:
        """The number of pairs whose words are both known."""
        return int(np.count_nonzero(self.known))

    @property
    def total(self) -> int:
        """The number of pairs."""
        return len(self.known)

    @property
    def coverage(self) -> float:
        """The share of pairs whose words are both known."""
        return self.covered / self.total

    def rows(self) -> list[ResultRow]:
        """One row a correlation."""
        correlations = (("spearman", self.spearman), ("pearson", self.pearson))
        return [
            ResultRow(self.benchmark, "total", metric, *correlation.numbers, self.covered, self.total)
            for metric, correlation in correlations
        ]

    def paired(self, other: SimilarityResult) -> Paired:
        """The cosines of this space and of another, of the pairs whose words both know."""
        return ranked(self.cosines, other.cosines, self.scores, self.known & other.known)


def evaluate_similarity(
    vectors: Embeddings,
    benchmark: SimilarityBenchmark,
    unknown: Unknown = "leave-out",
    *,
    lowercase: bool = False,
    only: Container[str] | None = None,
    resamples: int = 1000,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> SimilarityResult:
    """Correlate the cosines of pairs of words with the scores people gave them.

    Args:
        vectors: the space.
        benchmark: the pairs.
        unknown: "leave-out" pairs with an unknown word, or give them the cosine "zero".
        lowercase: look the words up in lower case.
        only: the words that count as known if the vectors have them; by default all.
        resamples: of the bootstrap in the intervals, which draws pairs; with 0 there are no intervals.
        seed: their random seed.
        confidence: confidence level of the intervals.

    Raises:
        InputError: another treatment of unknown words.

    Example:
        >>> import embedkit
        >>> from embedkit.evaluation.benchmarks.similarity_items import ScoredPair
        >>> pairs = (ScoredPair("car", "bus", 9), ScoredPair("car", "road", 6), ScoredPair("car", "law", 1))
        >>> result = evaluate_similarity(embedkit.load(), SimilarityBenchmark("cars", pairs))
        >>> result.covered, round(result.spearman.value, 2)
        (3, 1.0)
    """
    if unknown not in ("leave-out", "zero"):
        raise InputError(f"expected unknown words to be 'leave-out' or 'zero', got {unknown!r}")
    pairs = [pair[:2] for pair in benchmark.pairs]
    rows, known, warnings = VocabularyLookup(vectors.vocabulary, lowercase=lowercase, only=only).look_up(
        pairs
    )
    cosines = np.full(len(pairs), np.nan if unknown == "leave-out" else 0.0)
    cosines[known] = _cosines(vectors, rows[known])
    counted = ~np.isnan(cosines)
    columns = cosines[counted], benchmark.scores[counted]
    correlated = partial(correlate, resamples=resamples, seed=seed, confidence=confidence)
    return SimilarityResult(
        benchmark=benchmark.name,
        unknown=unknown,
        spearman=correlated(spearman, *columns),
        pearson=correlated(pearson, *columns),
        known=known,
        cosines=cosines,
        scores=benchmark.scores,
        warnings=warnings + undefined(*columns),
    )


def undefined(cosines: Doubles1d, scores: Doubles1d) -> tuple[str, ...]:
    """Why a correlation of these (n,) is not defined; empty if it is, or if there is nothing to correlate."""
    if len(cosines) == 1:
        return ("a correlation of one pair is not defined",)
    if len(scores) and scores.min() == scores.max():
        return ("the correlation is not defined: people gave all covered pairs the same score",)
    if len(cosines) and cosines.min() == cosines.max():
        return ("the correlation is not defined: the vectors give all covered pairs the same cosine",)
    return ()


def _cosines(vectors: Embeddings, pairs: Longs2d) -> Doubles1d:
    """The cosine of each of `pairs` (n, 2) of rows, (n,): exactly 1 of a row with itself, 0 of a zero row."""
    first, second = (vectors.take(column).astype(np.float64) for column in pairs.T)
    products = np.einsum("ij,ij->i", first, second)
    squares = np.einsum("ij,ij->i", first, first) * np.einsum("ij,ij->i", second, second)
    cosines: Doubles1d = np.zeros(len(pairs))
    np.divide(products, np.sqrt(squares), out=cosines, where=squares > 0)
    return cosines.clip(-1, 1)
