"""`model_card_sections`: what benchmarks and a bias audit say of vectors, as sections of a model card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from embedkit.bias.audit import AuditRow, audit
from embedkit.bias.topics.topic import Topic
from embedkit.evaluation.benchmarks.detection import Benchmark
from embedkit.evaluation.benchmarks.shipped import DEFAULTS
from embedkit.evaluation.report import evaluation_report
from embedkit.evaluation.result_row import ResultRow
from embedkit.statistics.intervals import CONFIDENCE
from embedkit.vectors.embeddings import Embeddings

PERCENT = f"{100 * CONFIDENCE:g} %"
SCORES = f"| benchmark | metric | value | {PERCENT} interval | covered |\n| --- | --- | ---: | ---: | ---: |"
METRICS = f"| metric | value | unbiased | {PERCENT} interval |\n| --- | ---: | ---: | ---: |"


def model_card_sections(
    vectors: Embeddings,
    benchmarks: Sequence[Benchmark | str | Path] = DEFAULTS,
    topic: str | Path | Topic = "gender",
) -> dict[str, str]:
    """The sections "Evaluation" and "Bias" of a model card: tables in Markdown, with intervals and coverage.

    Args:
        vectors: the vectors.
        benchmarks: as `evaluation_report` takes them; by default those that ship.
        topic: of the bias audit: a name such as "gender" or "religion", a file, or a `Topic`.

    Example:
        >>> import embedkit
        >>> sections = embedkit.model_card_sections(embedkit.load(), ["english-outliers"])
        >>> list(sections)
        ['Evaluation', 'Bias']
    """
    report = evaluation_report(vectors, benchmarks, with_health=False)
    rows = [row for scores in report.scores.values() for row in scores if row.part == "total"]
    found = audit(vectors, topic)
    return {
        "Evaluation": "\n".join([SCORES, *map(_score_line, rows)]),
        "Bias": "\n".join([f"Topic: {found.topic.name}.\n", METRICS, *map(_audit_line, found.rows)]),
    }


def _score_line(row: ResultRow) -> str:
    interval = _interval(row.low, row.high)
    covered = f"{row.covered} of {row.total}"
    return f"| {row.benchmark} | {row.metric} | {_number(row.value)} | {interval} | {covered} |"


def _audit_line(row: AuditRow) -> str:
    found = row.measurement
    interval = _interval(found.low, found.high) if found else ""
    return f"| {row.title} | {_number(found.value if found else None)} | {row.unbiased:g} | {interval} |"


def _number(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}"


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"[{low:.3f}, {high:.3f}]"
