"""Whether one space is better than another: on the same benchmarks, on the items that both cover.

The spaces may differ in vocabulary, dimensions and case; `embedkit.evaluation.pairing` says what each is
asked. The interval of a difference is a paired bootstrap over items (over relations, if relations are
graded). The p-value is McNemar's exact one where items are right or wrong and that of the bootstrap for
correlations; it is corrected after Holm for the number of benchmarks. For categorization both are conditional
on the clusters that were found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from embedkit.errors import InputError
from embedkit.evaluation.paired import Paired
from embedkit.evaluation.pairing import Settings, Space, pair_items
from embedkit.evaluation.protocols import Protocol
from embedkit.evaluation.reading import Benchmark
from embedkit.evaluation.rows import Row
from embedkit.statistics.intervals import Estimate
from embedkit.statistics.significance import holm, mcnemar, paired_bootstrap
from embedkit.vectors.analogy import Method
from embedkit.vectors.embeddings import Embeddings

Test = Literal["mcnemar", "bootstrap"]


class Comparison(NamedTuple):
    """Two spaces, a and b, on one benchmark.

    `difference` is a's score less b's, with its interval. `better` is the space with the higher score if the
    corrected p-value is below 1 - confidence, None if the difference could be chance. Scores and p-values are
    None where they are not defined, as when no item is covered by both.
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

    def rows(self) -> list[Row]:
        """Both scores, their difference and the p-values."""
        numbers = (
            (f"{self.metric} of a", (self.a, None, None)),
            (f"{self.metric} of b", (self.b, None, None)),
            (f"{self.metric}, a - b", self.difference.numbers),
            (f"p ({self.test})", (self.p_value, None, None)),
            ("corrected p", (self.corrected_p_value, None, None)),
        )
        return [
            Row(self.benchmark, "total", metric, *found, self.shared, self.total) for metric, found in numbers
        ]


def compare(
    a: Embeddings,
    b: Embeddings,
    benchmarks: Sequence[Benchmark],
    *,
    protocol: str | Protocol = "full",
    method: Method = "3cosadd",
    lowercase: tuple[bool, bool] = (False, False),
    resamples: int = 2000,
    seed: int = 1,
    confidence: float = 0.95,
) -> list[Comparison]:
    """Compare two spaces on each of `benchmarks`.

    Args:
        a: the first space.
        b: the second.
        benchmarks: of any kinds; p-values are corrected for how many there are.
        protocol: of analogies, for both spaces.
        method: of analogies.
        lowercase: for which of the two the words of benchmarks are lowered.
        resamples: of the paired bootstrap.
        seed: of the same, and of clustering.
        confidence: of the intervals, and of saying which space is better.

    Returns:
        One comparison a benchmark, in their order.

    Raises:
        InputError: no benchmark, one of an unknown kind, an unknown protocol or method, no resample, or a
            confidence that is none.
    """
    if not benchmarks:
        raise InputError("expected benchmarks to compare two spaces on, got none")
    spaces, settings = (Space(a, lowercase[0]), Space(b, lowercase[1])), Settings(protocol, method, seed)
    found = [
        _compared(pair_items(spaces, benchmark, settings), benchmark.name, resamples, seed, confidence)
        for benchmark in benchmarks
    ]
    corrected = holm([comparison.p_value for comparison in found])
    return [
        comparison._replace(corrected_p_value=p, better=_better(comparison.difference.value, p, confidence))
        for comparison, p in zip(found, corrected, strict=True)
    ]


def _compared(items: Paired, name: str, resamples: int, seed: int, confidence: float) -> Comparison:
    """One comparison, as if it were the only one."""
    difference, p_value = paired_bootstrap(
        items.difference, *items.columns, resamples=resamples, seed=seed, confidence=confidence
    )
    if items.shares and items.shared:
        p_value = mcnemar(*items.discordant)
    a, b = items.scores
    return Comparison(
        benchmark=name,
        metric=items.metric,
        a=a,
        b=b,
        difference=difference,
        test="mcnemar" if items.shares else "bootstrap",
        p_value=p_value,
        corrected_p_value=None,
        better=None,
        shared=items.shared,
        total=items.total,
    )


def _better(difference: float | None, p_value: float | None, confidence: float) -> Literal["a", "b"] | None:
    """The space that a difference favours, None if it could be chance."""
    if not difference or p_value is None or p_value >= 1 - confidence:
        return None
    return "a" if difference > 0 else "b"
