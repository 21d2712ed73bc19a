"""A report as JSON: one object, whose numbers have six significant digits and are null if unknown."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from embedkit.evaluation.health import Health
from embedkit.evaluation.result_row import Row
from embedkit.statistics.intervals import CONFIDENCE
from embedkit_cli.evaluation.report import Compared, Report
from embedkit_cli.query.output import DIGITS


def as_json(report: Report) -> str:
    """All of a report."""
    content = {
        **asdict(report.terms),
        "lowercase": {space.name: report.terms.folds(space.vectors) for space in report.spaces},
        "confidence": CONFIDENCE,
        "vectors": [
            {"name": name, "words": len(vectors), "dimensions": vectors.vector_size}
            for name, vectors in report.spaces
        ],
        "rows": [_row(name, row) for name, rows in report.scores.items() for row in rows],
        "comparison": [entry for compared in report.compared for entry in _comparison(compared)],
        "health": [_health(name, health) for name, health in report.health.items()],
        "warnings": list(report.warnings),
    }
    return json.dumps(content, ensure_ascii=False)


def _row(name: str, row: Row) -> dict[str, Any]:
    return {"vectors": name, **_rounded(row._asdict())}


def _comparison(compared: Compared) -> list[dict[str, Any]]:
    """An entry a benchmark; what is called a and b in the scores is named there."""
    names = {"a": compared.a, "b": compared.b, None: None}
    entries = []
    for found in compared.comparisons:
        difference, low, high = found.difference.numbers
        entry = {
            "a": compared.a,
            "b": compared.b,
            "benchmark": found.benchmark,
            "metric": found.metric,
            "value_a": found.a,
            "value_b": found.b,
            "difference": difference,
            "low": low,
            "high": high,
            "test": found.test,
            "p_value": found.p_value,
            "corrected_p_value": found.corrected_p_value,
            "better": names[found.better],
            "untested": found.untested,
            "shared": found.shared,
            "total": found.total,
        }
        entries.append(_rounded(entry))
    return entries


def _health(name: str, health: Health) -> dict[str, Any]:
    return {
        "vectors": name,
        "measures": [
            _rounded({"metric": row.metric, "value": row.value, "covered": row.covered, "total": row.total})
            for row in health.rows()
        ],
        "hubs": [{"word": word, "count": count} for word, count in health.hubs],
        "neighbors": {
            word: [_rounded(answer._asdict()) for answer in answers]
            for word, answers in health.neighbors.items()
        },
    }


def _rounded(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        name: float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
        for name, value in entry.items()
    }
