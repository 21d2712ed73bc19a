"""`evaluate`: scores vectors on a benchmark of any kind."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Protocol

from embedkit.errors import InputError
from embedkit.evaluation.analogies import evaluate_analogies
from embedkit.evaluation.benchmarks.analogy_items import AnalogyBenchmark
from embedkit.evaluation.benchmarks.catalogue import find_benchmark
from embedkit.evaluation.benchmarks.categorization_items import CategorizationBenchmark
from embedkit.evaluation.benchmarks.detection import Benchmark
from embedkit.evaluation.benchmarks.outlier_items import OutlierBenchmark
from embedkit.evaluation.benchmarks.relation_items import RelationBenchmark
from embedkit.evaluation.benchmarks.similarity_items import SimilarityBenchmark
from embedkit.evaluation.categorization import evaluate_categorization
from embedkit.evaluation.outliers import evaluate_outliers
from embedkit.evaluation.paired import Paired
from embedkit.evaluation.protocols import AnalogyProtocol, protocol_named
from embedkit.evaluation.relations import evaluate_relations
from embedkit.evaluation.result_row import ResultRow
from embedkit.evaluation.similarity import Unknown, evaluate_similarity
from embedkit.statistics.intervals import CONFIDENCE
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.search.analogy import Method


class EvaluationResult(Protocol):
    """What the evaluation of a benchmark of any kind gives."""

    @property
    def benchmark(self) -> str:
        """The name of the benchmark."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the scores should know."""

    def rows(self) -> list[ResultRow]:
        """The scores, that of all items first."""

    def paired(self, other: Any) -> Paired:
        """This space and another, of which `other` is the result on the same benchmark, side by side."""


def evaluate(
    vectors: Embeddings,
    benchmark: Benchmark | str | Path,
    *,
    protocol: str | AnalogyProtocol = "full",
    method: Method = "3cosadd",
    unknown: Literal["leave-out", "count"] = "leave-out",
    lowercase: bool = False,
    only: Container[str] | None = None,
    resamples: int = 1000,
    seed: int = 1,
    confidence: float = CONFIDENCE,
) -> EvaluationResult:
    """Score vectors on a benchmark.

    Args:
        vectors: the space.
        benchmark: one of any kind, its name in `embedkit.evaluation.benchmarks.catalogue`, or the path of
            its file.
        protocol: of analogies, see `embedkit.evaluation.protocols`.
        method: of analogies, see `embedkit.vectors.search.analogy`.
        unknown: "leave-out" items with unknown words, or "count" an analogy as wrong and a cosine as 0;
            graded relations and categories always leave them out.
        lowercase: take the words of the benchmark in lower case.
        only: the words that count as known if the vectors have them; by default all.
        resamples: of the bootstrap in the intervals of correlations; with 0 those have none.
        seed: their random seed, and of clustering.
        confidence: confidence level of the intervals.

    Returns:
        A result whose `rows()` are the scores, that of all items first; its other attributes are told where
        the kind is evaluated, for analogies in `embedkit.evaluation.analogies`.

    Raises:
        InputError: no such benchmark, or a setting that does not exist.
        FormatError: a file that cannot be understood.

    Example:
        >>> import embedkit
        >>> result = embedkit.evaluate(embedkit.load(), "english-similarity")
        >>> row = result.rows()[0]
        >>> row.metric, round(row.value, 3), f"{row.covered} of {row.total}"
        ('spearman', 0.762, '166 of 166')
    """
    benchmark = as_benchmark(benchmark)
    if unknown not in ("leave-out", "count"):
        raise InputError(f"expected unknown words to be 'leave-out' or 'count', got {unknown!r}")
    zero: Unknown = "zero" if unknown == "count" else "leave-out"
    common: dict[str, Any] = {"lowercase": lowercase, "only": only, "confidence": confidence}
    drawn: dict[str, Any] = {**common, "resamples": resamples, "seed": seed}
    match benchmark:
        case AnalogyBenchmark():
            asked = protocol_named(protocol)
            asked = replace(asked, unknown="wrong") if unknown == "count" else asked
            return evaluate_analogies(vectors, benchmark, asked, method, **common)
        case SimilarityBenchmark():
            return evaluate_similarity(vectors, benchmark, zero, **drawn)
        case RelationBenchmark():
            return evaluate_relations(vectors, benchmark, **drawn)
        case CategorizationBenchmark():
            return evaluate_categorization(vectors, benchmark, seed=seed, **common)
        case OutlierBenchmark():
            return evaluate_outliers(vectors, benchmark, zero, **common)
    raise InputError(f"expected a benchmark, as `find_benchmark` gives, got {benchmark!r}")


def as_benchmark(benchmark: Benchmark | str | Path) -> Benchmark:
    """The benchmark itself, or the one of this name or in this file."""
    return find_benchmark(str(benchmark)) if isinstance(benchmark, str | Path) else benchmark
