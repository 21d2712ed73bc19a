"""A report as tables: of scores, of health, of comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from embedkit.statistics.intervals import CONFIDENCE
from embedkit_cli.shared.tables import Column, Table

if TYPE_CHECKING:
    from embedkit.evaluation.comparison import SpaceComparison
    from embedkit.evaluation.health import Health
    from embedkit.evaluation.report import ComparedSpaces, EvaluationReport
    from embedkit.evaluation.result_row import ResultRow

SUMMARY = ("total", "semantic", "syntactic")  # parts that are shown when categories are not
LEVEL = 1 - CONFIDENCE  # below it a corrected p-value tells a difference from chance
INTERVAL = Column(f"{100 * CONFIDENCE:g} % interval", True)
COVERED = Column("covered", True)
DIFFERENCE = (
    Column("A - B", True),
    INTERVAL,
    Column("p", True),
    Column("corrected p", True),
    Column("shared", True),
)
MIN_P = 0.0001


def score_table(rows: Sequence[ResultRow], categories: bool) -> Table:
    """Scores for a terminal: the parts of a benchmark stand indented under its total."""
    shown = [row for row in rows if categories or row.part in SUMMARY]
    columns = (Column("benchmark"), Column("metric"), Column("value", True), INTERVAL, COVERED)
    return Table(columns, [(_place(row), *_numbers(row)) for row in shown])


def complete_score_table(report: EvaluationReport) -> Table:
    """All scores of all spaces, a row each."""
    columns = [Column(name) for name in ("vectors", "benchmark", "part", "metric")]
    columns += [Column("value", True), INTERVAL, COVERED]
    scores = [(name, row) for name, rows in report.scores.items() for row in rows]
    return Table(columns, [(name, row.benchmark, row.part, *_numbers(row)) for name, row in scores])


def health_table(report: EvaluationReport) -> Table:
    """The measures, each with a column a space."""
    columns = (Column("health"), *(Column(name, True) for name in report.health))
    by_metric = [{row.metric: row.value for row in state.rows()} for state in report.health.values()]
    metrics = dict.fromkeys(metric for values in by_metric for metric in values)
    return Table(
        columns, [(metric, *(_measure(values.get(metric)) for values in by_metric)) for metric in metrics]
    )


def comparison_table(compared: ComparedSpaces) -> Table:
    """The differences of two spaces, a row a benchmark, for a terminal."""
    columns = (Column("benchmark"), Column("metric"), *DIFFERENCE)
    rows = [
        (comparison.benchmark, comparison.metric, *_difference(comparison))
        for comparison in compared.comparisons
    ]
    return Table(columns, rows)


def complete_comparison_table(compared: ComparedSpaces) -> Table:
    """The same, and the scores of both on the items that both cover."""
    columns = (Column("benchmark"), Column("metric"), Column("A", True), Column("B", True), *DIFFERENCE)
    rows = [
        (
            comparison.benchmark,
            comparison.metric,
            score(comparison.a),
            score(comparison.b),
            *_difference(comparison),
        )
        for comparison in compared.comparisons
    ]
    return Table(columns, rows)


def neighbor_table(name: str, health: Health) -> Table:
    """The neighbors of a few common words, and the hubs: the words near most others, and how many."""
    hubs = ", ".join(f"{word} ({count:,})" for word, count in health.hubs)
    near = [
        (word, ", ".join(answer.word for answer in neighbors)) for word, neighbors in health.neighbors.items()
    ]
    return Table((Column(name), Column("neighbors")), [*near, ("(hubs)", hubs or "none")])


def verdicts(compared: ComparedSpaces) -> Iterator[str]:
    """Sentences that say which space is better, and where, and where that cannot be said."""
    for better, worse, side in (("A", "B", "a"), ("B", "A", "b")):
        where = [comparison.benchmark for comparison in compared.comparisons if comparison.better == side]
        if where:
            yield f"{better} is better than {worse} on {', '.join(where)} (corrected p < {LEVEL:.2g})."
    tested = [comparison for comparison in compared.comparisons if comparison.p_value is not None]
    if any(comparison.better is None for comparison in tested):
        others = "other " if any(comparison.better for comparison in tested) else ""
        yield f"The {others}differences are not statistically significant."
    for comparison in compared.comparisons:
        if comparison.untested:
            yield f"No comparison on {comparison.benchmark}: {comparison.untested}."


def _place(row: ResultRow) -> str:
    return row.benchmark if row.part == "total" else f"  {row.part}"


def _numbers(row: ResultRow) -> tuple[str, str, str, str]:
    return row.metric, score(row.value), interval(row.low, row.high), f"{row.covered:,} of {row.total:,}"


def _difference(comparison: SpaceComparison) -> tuple[str, ...]:
    value, low, high = comparison.difference.numbers
    return (
        "-" if value is None else f"{value:+z.3f}",
        interval(low, high),
        chance(comparison.p_value),
        chance(comparison.corrected_p_value),
        f"{comparison.shared:,}",
    )


def score(value: float | None) -> str:
    """A score, "-" if there is none."""
    return "-" if value is None else f"{value:z.3f}"


def _measure(value: float | None) -> str:
    """A number that may be tiny: 0.00031 -> "0.00031", 2.3741 -> "2.37"."""
    return "-" if value is None else f"{value:.3g}"


def interval(low: float | None, high: float | None) -> str:
    """An interval, nothing if there is none."""
    return "" if low is None or high is None else f"[{low:z.3f}, {high:z.3f}]"


def chance(p: float | None) -> str:
    """A p-value: 0.04 -> "0.0400", 1e-9 -> "<0.0001"."""
    if p is None:
        return ""
    return f"<{MIN_P}" if p < MIN_P else f"{p:.4f}"
