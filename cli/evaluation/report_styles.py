"""A report as text for people, as Markdown for papers, and as TSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from textwrap import fill

from embedkit.evaluation.result_row import Row
from embedkit_cli.evaluation.report import Compared, Report
from embedkit_cli.evaluation.report_tables import (
    company_table,
    comparison_table,
    complete_comparison_table,
    complete_score_table,
    health_table,
    score_table,
    verdicts,
)
from embedkit_cli.shared.tables import Table, markdown_table, text_table, tsv_lines

LINE = 79  # columns of prose


def as_text(report: Report, categories: bool = True) -> str:
    """Tables for a terminal, with the categories of benchmarks or without."""
    parts: list[str | Table] = [terms_line(report)]
    for name, vectors in report.spaces:
        parts += [
            f"{name}: {len(vectors):,} words x {vectors.vector_size}",
            score_table(report.scores[name], categories),
        ]
    return _joined([*parts, *_comparisons(report, comparison_table), *_health(report)], text_table)


def as_markdown(report: Report) -> str:
    """Complete tables, and what is said about them."""
    parts: list[str | Table] = [terms_line(report), complete_score_table(report)]
    parts += [*_comparisons(report, complete_comparison_table), *_health(report)]
    return _joined(parts, markdown_table)


def as_tsv(report: Report) -> str:
    """One table of everything, with a line of headings; of a comparison, "vectors" names both spaces."""
    rows = [(name, *row) for name, rows in report.scores.items() for row in rows]
    rows += [(name, *row) for name, health in report.health.items() for row in health.rows()]
    rows += [
        (f"{a} against {b}", *row) for a, b, found in report.compared for one in found for row in one.rows()
    ]
    return "\n".join(tsv_lines(["vectors", *Row._fields], rows))


def terms_line(report: Report) -> str:
    """The terms in a line: a score means nothing without them."""
    terms = report.terms
    unknown = "left out" if terms.unknown == "leave-out" else "counted (left out of relations and categories)"
    folded = [space.name for space in report.spaces if terms.folds(space.vectors)]
    case = ", benchmarks in lower case" if folded else ""
    if 0 < len(folded) < len(report.spaces):
        case += f" for {', '.join(folded)}"
    return f"protocol {terms.protocol}, method {terms.method}, unknown words {unknown}{case}"


def _comparisons(report: Report, table: Callable[[Compared], Table]) -> Iterator[str | Table]:
    for compared in report.compared:
        yield f"A: {compared.a}\nB: {compared.b}"
        yield table(compared)
        yield "\n".join(fill(verdict, LINE, break_on_hyphens=False) for verdict in verdicts(compared))


def _health(report: Report) -> Iterator[str | Table]:
    if report.health:
        yield health_table(report)
    for name, health in report.health.items():
        yield company_table(name, health)


def _joined(parts: Iterable[str | Table], render: Callable[[Table], str]) -> str:
    """The parts with an empty line between them."""
    return "\n\n".join(part if isinstance(part, str) else render(part) for part in parts)
