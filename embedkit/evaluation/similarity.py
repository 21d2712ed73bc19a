"""How well cosines agree with people's judgement of similarity: Spearman and Pearson, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from embedkit.errors import InputError
from embedkit.evaluation.rows import Row
from embedkit.evaluation.similarity_items import SimilarityBenchmark
from embedkit.evaluation.spellings import Spellings, all_known, coverage_warnings
from embedkit.statistics.correlation import pearson, spearman
from embedkit.statistics.intervals import Estimate, estimate
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.rows import FloatMatrix
from embedkit.vectors.search import RowIds

Unknown = Literal["leave-out", "zero"]


@dataclass(frozen=True, eq=False)
class SimilarityResult:
    """What `evaluate_similarity` found.

    `cosines` (n,) hold a pair each, in the order of the benchmark: NaN for a pair that is left out, 0 for one
    that has an unknown word and is counted; `scores` (n,) are those of people.
    """

    benchmark: str
    unknown: Unknown
    spearman: Estimate
    pearson: Estimate
    covered: int
    total: int
    cosines: NDArray[np.float64]
    scores: NDArray[np.float64]
    warnings: tuple[str, ...]

    @property
    def coverage(self) -> float:
        """The share of pairs whose words are both known."""
        return self.covered / self.total

    def rows(self) -> list[Row]:
        """One row a correlation."""
        correlations = (("spearman", self.spearman), ("pearson", self.pearson))
        return [
            Row(self.benchmark, "total", metric, *found.numbers, self.covered, self.total)
            for metric, found in correlations
        ]


def evaluate_similarity(
    vectors: Embeddings,
    benchmark: SimilarityBenchmark,
    unknown: Unknown = "leave-out",
    *,
    lowercase: bool = False,
    resamples: int = 1000,
    seed: int = 1,
    confidence: float = 0.95,
) -> SimilarityResult:
    """Correlate the cosines of pairs of words with the scores people gave them.

    Args:
        vectors: the space.
        benchmark: the pairs.
        unknown: "leave-out" pairs with an unknown word, or give them the cosine "zero".
        lowercase: look the words up in lower case.
        resamples: of the bootstrap intervals, which draw pairs.
        seed: of the same.
        confidence: of the same.

    Raises:
        InputError: another treatment of unknown words.
    """
    if unknown not in ("leave-out", "zero"):
        raise InputError(f"expected unknown words to be 'leave-out' or 'zero', got {unknown!r}")
    spellings = Spellings(vectors.vocabulary, lowercase=lowercase)
    pairs = [pair[:2] for pair in benchmark.pairs]
    rows = spellings.rows(pairs)
    covered = all_known(rows)
    cosines = np.full(len(pairs), np.nan if unknown == "leave-out" else 0.0)
    cosines[covered] = _cosines(vectors.matrix, rows[covered])
    counted = ~np.isnan(cosines)
    columns = cosines[counted], benchmark.scores[counted]
    estimated = partial(estimate, resamples=resamples, seed=seed, confidence=confidence)
    return SimilarityResult(
        benchmark=benchmark.name,
        unknown=unknown,
        spearman=estimated(spearman, *columns),
        pearson=estimated(pearson, *columns),
        covered=int(np.count_nonzero(covered)),
        total=len(pairs),
        cosines=cosines,
        scores=benchmark.scores,
        warnings=coverage_warnings(spellings, pairs, covered),
    )


def _cosines(matrix: FloatMatrix, pairs: RowIds) -> NDArray[np.float64]:
    """The cosine of each of `pairs` (n, 2) of rows, (n,): exactly 1 of a row with itself, 0 of a zero row."""
    first, second = (matrix[column].astype(np.float64) for column in pairs.T)
    products = np.einsum("ij,ij->i", first, second)
    squares = np.einsum("ij,ij->i", first, first) * np.einsum("ij,ij->i", second, second)
    cosines: NDArray[np.float64] = np.zeros(len(pairs))
    np.divide(products, np.sqrt(squares), out=cosines, where=squares > 0)
    return cosines.clip(-1, 1)
