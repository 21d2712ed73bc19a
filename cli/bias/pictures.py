"""Plots of bias: words along its direction, bars of the residual bias and of the cost."""

from __future__ import annotations

from pathlib import Path

from embedkit.bias.applicable_metrics import RESIDUAL_BIAS
from embedkit.bias.audit import Audit
from embedkit.bias.report import BiasReport, DebiasingReport
from embedkit.bias.weat_report import WeatReport
from embedkit.errors import InputError
from embedkit.plots.bars import Bar, Panel, write_bars
from embedkit.plots.word_projections import WordProjections, write_word_projections

NOTHING_TO_DRAW = "the words of this topic that should be neutral have no positions to draw; leave --plot out"


def plot_bias(report: BiasReport, path: Path) -> None:
    """Draw where neutral words lie along the bias of a topic.

    Raises:
        InputError: the topic has no neutral words, or too few of them are known.
    """
    title = f"{report.audit.topic.name.capitalize()} bias in {report.name}"
    _plot(path, title, report.audit, None)


def plot_debiasing(report: DebiasingReport, path: Path) -> None:
    """Draw where neutral words lie along the bias of a topic, before and after debiasing.

    Raises:
        InputError: the topic has no neutral words, or too few of them are known.
    """
    title = f"{report.before.topic.name.capitalize()} bias in {report.name}, debiased: {report.method}"
    _plot(path, title, report.before, report.after)


def plot_residual_bias(report: DebiasingReport, path: Path) -> bool:
    """Draw clustering and recovery accuracy, before and after; False if there are none."""
    names = (RESIDUAL_BIAS[0], RESIDUAL_BIAS[-1])
    pairs = [
        (after.title, before.measurement, after.measurement)
        for before, after in report.row_pairs
        if before and before.measurement and after.measurement and after.metric in names
    ]
    if pairs:
        bars = {
            state: [Bar(pair[place].value, pair[place].low, pair[place].high) for pair in pairs]
            for place, state in ((1, "before"), (2, "after"))
        }
        panel = Panel(
            "Residual bias",
            "accuracy; chance is 50 %",
            [pair[0] for pair in pairs],
            bars,
            ".0%",
        )
        write_bars(path, [panel], "How well the former bias is recovered")
    return bool(pairs)


def plot_costs(report: DebiasingReport, path: Path) -> None:
    """Draw the scores of benchmarks before and after."""
    labels = [f"{cost.benchmark}, {cost.metric}" for cost in report.costs]
    bars = {
        "before": [Bar(cost.b) for cost in report.costs],
        "after": [Bar(cost.a) for cost in report.costs],
    }
    write_bars(path, [Panel("Benchmarks", "score", labels, bars)], "Scores on benchmarks")


def plot_weat(report: WeatReport, path: Path) -> None:
    """Draw the effect size of each test on each space."""
    bars = {
        name: [
            Bar(found.value, found.low, found.high) if (found := row.measurement) else Bar(None)
            for row in report.of(name)
        ]
        for name in report.spaces
    }
    labels = [test.name for test in report.tests]
    panel = Panel("WEAT", "effect size; 0 is no difference, above 0 X goes with A", labels, bars)
    write_bars(path, [panel], f"Associations in {', '.join(report.spaces)}")


def _plot(path: Path, title: str, before: Audit, after: Audit | None) -> None:
    if len(before.projections) < 2 or (after and not after.projections):
        raise InputError(NOTHING_TO_DRAW)
    write_word_projections(path, _word_projections(title, before, after))


def _word_projections(title: str, before: Audit, after: Audit | None) -> WordProjections:
    projections = after.projections if after else None
    if len(before.subspace.basis) == 1:
        first, second = before.topic.classes
        axis = "cosine with the bias direction"
        return WordProjections(before.projections, projections, (first, second), title, axis)
    ends = (f"any of {', '.join(before.topic.classes)}", None)
    return WordProjections(
        before.projections, projections, ends, title, "projection on the bias subspace (length)"
    )
