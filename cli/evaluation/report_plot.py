"""A report as bar charts: a panel for each benchmark with categories, and one per metric for the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from embedkit.errors import InputError
from embedkit.plots.bars import COLORS, Bar, Panel, write_bars
from embedkit.plots.canvas import check_matplotlib, check_picture
from embedkit.statistics.intervals import CONFIDENCE
from embedkit_cli.evaluation.report_styles import settings_line
from embedkit_cli.shared.outputs import check_file

if TYPE_CHECKING:
    from embedkit.evaluation.report import EvaluationReport
    from embedkit.evaluation.result_row import ResultRow

MAX_BARS = 60  # bars of a panel; more are no picture to look at


def check_drawable(spaces: int) -> None:
    """Raise if there are too many spaces for a picture."""
    if spaces > len(COLORS):
        raise InputError(f"expected at most {len(COLORS)} vectors to draw, got {spaces}")


def check_plot(path: Path, spaces: int) -> None:
    """Raise unless a picture of so many spaces can be drawn and written to `path`."""
    check_drawable(spaces)
    check_picture(path)
    check_matplotlib()
    check_file(path)


def plot_report(report: EvaluationReport, path: Path) -> None:
    """Write the bars of all scores."""
    write_bars(
        path, list(panels(report)), f"Scores with {100 * CONFIDENCE:g} % intervals\n{settings_line(report)}"
    )


def panels(report: EvaluationReport) -> Iterator[Panel]:
    """The panels, in the order of the scores."""
    with_parts = {row.benchmark for rows in report.scores.values() for row in rows if row.part != "total"}
    series = {
        name: {_place(row, with_parts): Bar(row.value, row.low, row.high) for row in rows}
        for name, rows in report.scores.items()
    }
    places = dict.fromkeys(place for bars in series.values() for place in bars)
    for title, metric in dict.fromkeys((title, metric) for title, metric, _ in places):
        labels = [label for *panel, label in places if panel == [title, metric]]
        more = f" (the first {MAX_BARS} of {len(labels):,})" if len(labels) > MAX_BARS else ""
        labels = labels[:MAX_BARS]
        yield Panel(
            title + more,
            metric,
            labels,
            {name: [bars[title, metric, label] for label in labels] for name, bars in series.items()},
        )


def _place(row: ResultRow, with_parts: set[str]) -> tuple[str, str, str]:
    """The title of the panel a row belongs to, its metric, and the label of its bar."""
    if row.benchmark in with_parts:
        return row.benchmark, row.metric, row.part
    return row.metric.capitalize(), row.metric, row.benchmark
