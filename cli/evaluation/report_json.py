"""A report as JSON: one object, whose numbers have six significant digits and are null if unknown."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from embedkit.statistics.intervals import CONFIDENCE
from embedkit_cli.shared.text import json_line, rounded

if TYPE_CHECKING:
    from embedkit.evaluation.health import Health
    from embedkit.evaluation.report import ComparedSpaces, EvaluationReport
    from embedkit.evaluation.result_row import ResultRow


def as_json(report: EvaluationReport) -> str:
    """All of a report."""
    content = {
        **asdict(report.settings),
        "lowercase": {name: report.settings.lowercases(vectors) for name, vectors in report.vectors.items()},
        "confidence": CONFIDENCE,
        "vectors": [
            {"name": name, "words": len(vectors), "dimensions": vectors.vector_size}
            for name, vectors in report.vectors.items()
        ],
        "rows": [_row(name, row) for name, rows in report.scores.items() for row in rows],
        "comparison": [entry for compared in report.comparisons for entry in _comparison(compared)],
        "health": [_health(name, health) for name, health in report.health.items()],
        "warnings": list(report.warnings),
    }
    return json_line(content)


def _row(name: str, row: ResultRow) -> dict[str, Any]:
    return {"vectors": name, **rounded(row._asdict())}


def _comparison(compared: ComparedSpaces) -> list[dict[str, Any]]:
    """An entry a benchmark; what is called a and b in the scores is named there."""
    names = {"a": compared.a, "b": compared.b, None: None}
    entries = []
    for comparison in compared.comparisons:
        difference, low, high = comparison.difference.numbers
        entry = {
            "a": compared.a,
            "b": compared.b,
            "benchmark": comparison.benchmark,
            "metric": comparison.metric,
            "value_a": comparison.a,
            "value_b": comparison.b,
            "difference": difference,
            "low": low,
            "high": high,
            "test": comparison.test,
            "p_value": comparison.p_value,
            "corrected_p_value": comparison.corrected_p_value,
            "better": names[comparison.better],
            "untested": comparison.untested,
            "shared": comparison.shared,
            "total": comparison.total,
        }
        entries.append(rounded(entry))
    return entries


def _health(name: str, health: Health) -> dict[str, Any]:
    return {
        "vectors": name,
        "measures": [
            rounded({"metric": row.metric, "value": row.value, "covered": row.covered, "total": row.total})
            for row in health.rows()
        ],
        "hubs": [{"word": word, "count": count} for word, count in health.hubs],
        "neighbors": {
            word: [rounded(answer._asdict()) for answer in answers]
            for word, answers in health.neighbors.items()
        },
    }
