"""`bias_report` and `debiasing_report`: an audit with analogies, and audits before and after debiasing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embedkit.bias.applicable_metrics import RESIDUAL_BIAS
from embedkit.bias.audit import Audit, AuditRow, audit
from embedkit.bias.debiasing import DebiasingMethod, debiasing_method, method_for
from embedkit.bias.examples import AnalogyExamples, analogy_examples
from embedkit.bias.topics.topic import Topic, as_topic
from embedkit.bias.topics.word_lists import MIN_COVERAGE
from embedkit.evaluation.benchmarks.detection import Benchmark
from embedkit.evaluation.benchmarks.shipped import DEFAULTS
from embedkit.evaluation.comparison import SpaceComparison, compare, enough_resamples
from embedkit.evaluation.scoring import as_benchmark
from embedkit.progress import SILENT, Progress
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.lookup import is_lowercase


@dataclass(frozen=True, eq=False)
class BiasReport:
    """What `bias_report` found: an audit, and analogies that show what its numbers mean.

    `name` is what tables call the vectors.
    """

    name: str
    vectors: Embeddings
    audit: Audit
    examples: AnalogyExamples

    def __repr__(self) -> str:
        return f"<BiasReport of {self.name}: {self.audit.topic.name}>"

    def as_dict(self) -> dict[str, Any]:
        """All of it but the vectors, ready for JSON."""
        return {"vectors": self.name, **self.audit.as_dict(), **self.examples.as_dict()}


@dataclass(frozen=True, eq=False)
class DebiasingReport:
    """What `debiasing_report` found: audits before and after debiasing, and what it cost.

    Both audits are of unit vectors, as some methods make vectors of length 1. In `costs`, a is after and b
    before. `name` is what tables call the vectors.
    """

    name: str
    vectors: Embeddings
    debiased: Embeddings
    before: Audit
    after: Audit
    costs: Sequence[SpaceComparison]

    def __repr__(self) -> str:
        return f"<DebiasingReport of {self.name}: {self.before.topic.name}, {self.method}>"

    @property
    def provenance(self) -> dict[str, Any]:
        """What the metadata of the debiased vectors say of the method and its parameters."""
        provenance: dict[str, Any] = self.debiased.metadata["transforms"][-1]
        return provenance

    @property
    def method(self) -> str:
        """The name of the method."""
        return str(self.provenance["method"])

    @property
    def row_pairs(self) -> list[tuple[AuditRow | None, AuditRow]]:
        """The rows of both audits side by side; the direction is re-estimated only after debiasing."""
        before = {row.title: row for row in self.before.rows}
        return [(before.get(row.title, before.get(row.metric)), row) for row in self.after.rows]

    @property
    def recovered(self) -> AuditRow | None:
        """The row of the highest recovery accuracy after debiasing; None if none was measured."""
        rows = [row for row in self.after.rows if row.metric == RESIDUAL_BIAS[-1] and row.measurement]
        return max(rows, key=lambda row: row.measurement.value if row.measurement else 0, default=None)

    def as_dict(self) -> dict[str, Any]:
        """All of it but the vectors, ready for JSON."""
        return {
            "vectors": self.name,
            "method": self.method,
            "transform": dict(self.provenance),
            "before": self.before.as_dict(),
            "after": self.after.as_dict(),
            "costs": [_cost(comparison) for comparison in self.costs],
        }


def bias_report(
    vectors: Embeddings,
    topic: str | Path | Topic = "gender",
    *,
    name: str = "vectors",
    top: int = 10,
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
    progress: Progress = SILENT,
) -> BiasReport:
    """Audit vectors for the bias of a topic, and find analogies that show it.

    Args:
        vectors: the space.
        topic: the name of a topic that ships, a file, or a `Topic`.
        name: what tables call the vectors.
        top: the number of stereotype analogies.
        seed: the random seed.
        min_coverage: the share of each word list that must be known.
        progress: told about each metric.

    Raises:
        InputError: as `audit`.

    Example:
        >>> from embedkit import Embeddings, Topic, Vocabulary
        >>> words = ["she", "he", "nurse", "smith"]
        >>> vectors = Embeddings([[1, 1], [-1, 1], [0.6, 0.8], [-0.6, 0.8]], Vocabulary(words))
        >>> topic = Topic("sex", {"f": ["she"], "m": ["he"]}, [["she", "he"]], neutral=["nurse", "smith"])
        >>> report = bias_report(vectors, topic)
        >>> round(report.audit["direct bias"].value, 3)
        0.6
        >>> report.examples.stereotypes.pair
        ('she', 'he')
    """
    chosen = as_topic(topic)
    measured = audit(vectors, chosen, seed=seed, min_coverage=min_coverage, progress=progress)
    return BiasReport(name, vectors, measured, analogy_examples(vectors, chosen, top))


def debiasing_report(
    vectors: Embeddings,
    topic: str | Path | Topic = "gender",
    method: str | DebiasingMethod | None = None,
    *,
    benchmarks: Sequence[Benchmark | str | Path] = DEFAULTS,
    name: str = "vectors",
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
    progress: Progress = SILENT,
) -> DebiasingReport:
    """Debias vectors, audit them before and after, and compare both on benchmarks.

    Args:
        vectors: the space.
        topic: the name of a topic that ships, a file, or a `Topic`.
        method: the name of a method, or one with its parameters, such as `Hard(components=2)`; by default
            hard debiasing, in its form for the number of classes.
        benchmarks: what the cost is measured on; by default the benchmarks that ship.
        name: what tables call the vectors.
        seed: the random seed of audits and comparisons; a method has its own.
        min_coverage: the share of each word list that must be known.
        progress: told about each step.

    Raises:
        InputError: an unknown method, or as `audit`, `debias` and `compare`.

    Example:
        >>> from embedkit import Embeddings, Topic, Vocabulary
        >>> words = ["she", "he", "nurse", "smith"]
        >>> vectors = Embeddings([[1, 1], [-1, 1], [0.6, 0.8], [-0.6, 0.8]], Vocabulary(words))
        >>> topic = Topic("sex", {"f": ["she"], "m": ["he"]}, [["she", "he"]], neutral=["nurse", "smith"])
        >>> report = debiasing_report(vectors, topic, "projection", benchmarks=["english-similarity"])
        >>> [round(state["direct bias"].value, 3) for state in (report.before, report.after)]
        [0.6, 0.0]
        >>> report.costs[0].metric, report.costs[0].untested
        ('spearman', 'no item is covered by both')
    """
    chosen, read = as_topic(topic), [as_benchmark(benchmark) for benchmark in benchmarks]
    progress.start(f"debiasing for {chosen.name}")
    debiased = debiasing_method(method_for(chosen, method)).apply(vectors, chosen)
    progress.finish()
    original, changed = vectors.normalize(), debiased.normalize()
    settings: dict[str, Any] = {"seed": seed, "min_coverage": min_coverage, "progress": progress}
    before = audit(original, chosen, **settings)
    after = audit(changed, chosen, original=original, **settings)
    progress.start("scoring before and after")
    lowercase = is_lowercase(vectors)
    costs = compare(
        debiased,
        vectors,
        read,
        lowercase=(lowercase, lowercase),
        resamples=enough_resamples(len(read)),
        seed=seed,
    )
    progress.finish(f"{len(read)} benchmarks")
    return DebiasingReport(name, vectors, debiased, before, after, costs)


def _cost(comparison: SpaceComparison) -> dict[str, Any]:
    """The scores after and before on one benchmark, ready for JSON."""
    difference, low, high = comparison.difference.numbers
    return {
        "benchmark": comparison.benchmark,
        "metric": comparison.metric,
        "before": comparison.b,
        "after": comparison.a,
        "difference": difference,
        "low": low,
        "high": high,
        "p_value": comparison.p_value,
        "corrected_p_value": comparison.corrected_p_value,
        "shared": comparison.shared,
        "total": comparison.total,
    }
