"""A report as text, Markdown and TSV."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from textwrap import fill
from typing import TYPE_CHECKING

from embedkit.evaluation.result_row import ResultRow
from embedkit_cli.evaluation.report_json import as_json
from embedkit_cli.evaluation.report_tables import (
    comparison_table,
    complete_comparison_table,
    complete_score_table,
    health_table,
    neighbor_table,
    score_table,
    verdicts,
)
from embedkit_cli.shared.tables import Table, markdown_table, text_table, tsv_lines

if TYPE_CHECKING:
    from embedkit.evaluation.report import ComparedSpaces, EvaluationReport

LINE = 79  # columns of prose


def report_as(style: str, report: EvaluationReport, categories: bool) -> str:
    """The report in a style of the option --format; `categories` is for text, the others have them all."""
    if style == "text":
        return as_text(report, categories)
    return {"json": as_json, "tsv": as_tsv, "markdown": as_markdown}[style](report)


def show_warnings(report: EvaluationReport) -> None:
    """Show the warnings of a report on stderr."""
    for message in report.warnings:
        warnings.warn(message, stacklevel=2)


def as_text(report: EvaluationReport, categories: bool = True) -> str:
    """Tables for a terminal, with the categories of benchmarks or without."""
    parts: list[str | Table] = [settings_line(report)]
    for name, vectors in report.vectors.items():
        parts += [
            f"{name}: {len(vectors):,} words x {vectors.vector_size}",
            score_table(report.scores[name], categories),
        ]
    return _joined([*parts, *_comparisons(report, comparison_table), *_health(report)], text_table)


def as_markdown(report: EvaluationReport) -> str:
    """Complete tables, and what is said about them."""
    parts: list[str | Table] = [settings_line(report), complete_score_table(report)]
    parts += [*_comparisons(report, complete_comparison_table), *_health(report)]
    return _joined(parts, markdown_table)


def as_tsv(report: EvaluationReport) -> str:
    """One table of everything, with a line of headings; of a comparison, "vectors" names both spaces."""
    rows = [(name, *row) for name, rows in report.scores.items() for row in rows]
    rows += [(name, *row) for name, health in report.health.items() for row in health.rows()]
    rows += [
        (f"{a} vs. {b}", *row)
        for a, b, comparisons in report.comparisons
        for one in comparisons
        for row in one.rows()
    ]
    return "\n".join(tsv_lines(["vectors", *ResultRow._fields], rows))


def settings_line(report: EvaluationReport) -> str:
    """The settings in a line: a score means nothing without them."""
    settings = report.settings
    unknown = (
        "left out" if settings.unknown == "leave-out" else "counted (left out of relations and categories)"
    )
    lowered = [name for name, vectors in report.vectors.items() if settings.lowercases(vectors)]
    case = ", benchmarks lower-cased" if lowered else ""
    if 0 < len(lowered) < len(report.vectors):
        case += f" for {', '.join(lowered)}"
    return f"protocol {settings.protocol}, method {settings.method}, unknown words {unknown}{case}"


def _comparisons(report: EvaluationReport, table: Callable[[ComparedSpaces], Table]) -> Iterator[str | Table]:
    for compared in report.comparisons:
        yield f"A: {compared.a}\nB: {compared.b}"
        yield table(compared)
        yield "\n".join(fill(verdict, LINE, break_on_hyphens=False) for verdict in verdicts(compared))


def _health(report: EvaluationReport) -> Iterator[str | Table]:
    if report.health:
        yield health_table(report)
    for name, health in report.health.items():
        yield neighbor_table(name, health)


def _joined(parts: Iterable[str | Table], render: Callable[[Table], str]) -> str:
    """The parts with an empty line between them."""
    return "\n\n".join(part if isinstance(part, str) else render(part) for part in parts)
