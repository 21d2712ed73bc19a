"""`compare`: significance tests between two spaces, on the items that both cover.

The spaces may differ in vocabulary, dimensions and case. Each answers analogies from its own vocabulary, as
the protocol has it. Relations, outliers and categories are scored among the words that both know, so that
both have the same prototypes and clusters.

Right and wrong answers are compared by McNemar's exact test and Newcombe's interval, correlations by the
paired bootstrap over items (over relations, if there are several). p-values are corrected after Holm for the
number of tests. For categorization all is conditional on the clusters that were found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from embedkit.errors import InputError
from embedkit.evaluation.benchmarks.categorization_items import CategorizationBenchmark
from embedkit.evaluation.benchmarks.detection import Benchmark
from embedkit.evaluation.benchmarks.outlier_items import OutlierBenchmark
from embedkit.evaluation.benchmarks.relation_items import RelationBenchmark
from embedkit.evaluation.paired import Paired, Test
from embedkit.evaluation.protocols import AnalogyProtocol
from embedkit.evaluation.result_row import ResultRow
from embedkit.evaluation.scoring import EvaluationResult, as_benchmark, evaluate
from embedkit.evaluation.word_lookup import VocabularyLookup, all_known
from embedkit.statistics.intervals import CONFIDENCE, Estimate
from embedkit.statistics.significance import holm
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.search.analogy import Method

Spaces = tuple[tuple[Embeddings, bool], tuple[Embeddings, bool]]  # whether benchmarks are lowered for each

JUDGED_TOGETHER = (RelationBenchmark, CategorizationBenchmark, OutlierBenchmark)  # items beside each other
RESAMPLES = 2000
RESAMPLES_A_TEST = 200  # at least, so that Holm's correction leaves p-values that can be below 0.01


class SpaceComparison(NamedTuple):
    """Two spaces, a and b, on one benchmark.

    `difference` is a's score less b's, with its interval. `better` is the space with the higher score if the
    corrected p-value is below 1 - confidence, None if the difference could be chance. Scores and p-values are
    None where they are not defined, as when no item is covered by both; `untested` then says why.
    """

    benchmark: str
    metric: str
    a: float | None
    b: float | None
    difference: Estimate
    test: Test
    p_value: float | None
    corrected_p_value: float | None
    better: Literal["a", "b"] | None
    shared: int
    total: int

    @property
    def untested(self) -> str | None:
        """Why there is no p-value; None if there is one."""
        if self.p_value is not None:
            return None
        if not self.shared:
            return "no item is covered by both"
        if self.difference.value is None:
            return "a score is not defined"
        return "too few items vary"

    def rows(self) -> list[ResultRow]:
        """Both scores, their difference and the p-values."""
        numbers = (
            (f"{self.metric} of a", (self.a, None, None)),
            (f"{self.metric} of b", (self.b, None, None)),
            (f"{self.metric}, a - b", self.difference.numbers),
            (f"p ({self.test})", (self.p_value, None, None)),
            ("corrected p", (self.corrected_p_value, None, None)),
        )
        return [
            ResultRow(self.benchmark, "total", metric, *values, self.shared, self.total)
            for metric, values in numbers
        ]


def compare(
    a: Embeddings,
    b: Embeddings,
    benchmarks: Sequence[Benchmark | str | Path],
    *,
    protocol: str | AnalogyProtocol = "full",
    method: Method = "3cosadd",
    lowercase: tuple[bool, bool] = (False, False),
    resamples: int = RESAMPLES,
    seed: int = 1,
    confidence: float = CONFIDENCE,
    results: tuple[Sequence[EvaluationResult], Sequence[EvaluationResult]] | None = None,
) -> list[SpaceComparison]:
    """Compare two spaces on each of `benchmarks`.

    Args:
        a: the first space.
        b: the second.
        benchmarks: of any kinds, or their names or files; p-values are corrected for how many there are.
        protocol: of analogies, for both spaces.
        method: of analogies.
        lowercase: for which of the two the words of benchmarks are lowered.
        resamples: of the paired bootstrap, whose p-values are 2 / (1 + resamples) at least.
        seed: their random seed, and of clustering.
        confidence: confidence level of the intervals and of which space is better.
        results: what `evaluate` found of both on these benchmarks in these terms, if that is known already.

    Returns:
        One comparison a benchmark, in their order.

    Raises:
        InputError: no benchmark, one that is not known, an unknown protocol or method, no resample, or a
            confidence that is none.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load()
        >>> smaller = Embeddings(vectors.matrix[:, :20], vectors.vocabulary)
        >>> [comparison] = embedkit.compare(vectors, smaller, ["english-outliers"])
        >>> round(comparison.a, 2), round(comparison.b, 2), comparison.better
        (0.83, 0.7, 'a')
    """
    if not benchmarks:
        raise InputError("expected benchmarks to compare two spaces on, got none")
    spaces = ((a, lowercase[0]), (b, lowercase[1]))
    terms: dict[str, Any] = {"protocol": protocol, "method": method, "seed": seed, "resamples": 0}
    comparisons = []
    for place, benchmark in enumerate(map(as_benchmark, benchmarks)):
        if results and not isinstance(benchmark, JUDGED_TOGETHER):
            first, second = results[0][place], results[1][place]
        else:
            first, second = _results(spaces, benchmark, terms)
        comparisons.append(_compared(first.paired(second), benchmark.name, resamples, seed, confidence))
    return corrected(comparisons, confidence)


def corrected(
    comparisons: Sequence[SpaceComparison], confidence: float = CONFIDENCE
) -> list[SpaceComparison]:
    """Comparisons with p-values corrected for their number, and what follows from them.

    `compare` has corrected its own; those of several pairs of spaces that are told together need it anew.
    """
    p_values = holm([comparison.p_value for comparison in comparisons])
    return [
        comparison._replace(corrected_p_value=p, better=_better(comparison.difference.value, p, confidence))
        for comparison, p in zip(comparisons, p_values, strict=True)
    ]


def enough_resamples(tests: int) -> int:
    """So many resamples that the least p-value is 0.001 and, corrected for `tests`, 0.01 at most."""
    return max(RESAMPLES, RESAMPLES_A_TEST * tests)


def _results(
    spaces: Spaces, benchmark: Benchmark, terms: Mapping[str, Any]
) -> tuple[EvaluationResult, EvaluationResult]:
    """What either space makes of a benchmark, with the words that both know if they are scored together."""
    only = _shared_words(spaces, benchmark.words) if isinstance(benchmark, JUDGED_TOGETHER) else None
    a, b = (evaluate(space, benchmark, lowercase=folds, only=only, **terms) for space, folds in spaces)
    return a, b


def _shared_words(spaces: Spaces, words: Sequence[str]) -> set[str]:
    """Those of `words` that all spaces know."""
    shared = set(words)
    for space, lowercase in spaces:
        known = all_known(
            VocabularyLookup(space.vocabulary, lowercase=lowercase).rows([(word,) for word in words])
        )
        shared &= {word for word, is_known in zip(words, known, strict=True) if is_known}
    return shared


def _compared(items: Paired, name: str, resamples: int, seed: int, confidence: float) -> SpaceComparison:
    """One comparison, as if it were the only one."""
    tested = items.tested(resamples, seed, confidence)
    return SpaceComparison(
        benchmark=name,
        metric=items.metric,
        a=tested.a,
        b=tested.b,
        difference=tested.difference,
        test=items.test,
        p_value=tested.p_value,
        corrected_p_value=None,
        better=None,
        shared=items.shared,
        total=items.total,
    )


def _better(difference: float | None, p_value: float | None, confidence: float) -> Literal["a", "b"] | None:
    """The space that a difference favors, None if it could be chance."""
    if not difference or p_value is None or p_value >= 1 - confidence:
        return None
    return "a" if difference > 0 else "b"
