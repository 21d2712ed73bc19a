"""Pictures of what was found of bias: words along its direction, bars of what remains and what it cost."""

from __future__ import annotations

from pathlib import Path

from embedkit.bias.applicable_metrics import REMAINS
from embedkit.bias.audit import Audit
from embedkit.errors import InputError
from embedkit.plots.bars import Bar, Panel, write_bars
from embedkit.plots.leanings import Leanings, write_leanings
from embedkit_cli.bias_findings import Findings, Outcome

NOTHING_TO_DRAW = "the words of this topic that should be neutral have no positions to draw; leave --plot out"


def plot_findings(findings: Findings, path: Path) -> None:
    """Draw where neutral words lie along the bias of a topic.

    Raises:
        InputError: the topic has no neutral words, or too few of them are known.
    """
    title = f"{findings.audit.topic.name.capitalize()} in {findings.space.name}"
    _plot(path, title, findings.audit, None)


def plot_outcome(outcome: Outcome, path: Path) -> None:
    """Draw where neutral words lie along the bias of a topic, before and after debiasing.

    Raises:
        InputError: the topic has no neutral words, or too few of them are known.
    """
    title = f"{outcome.before.topic.name.capitalize()} in {outcome.space.name}, debiased: {outcome.method}"
    _plot(path, title, outcome.before, outcome.after)


def plot_remains(outcome: Outcome, path: Path) -> bool:
    """Draw the accuracies with which bias is recovered, before and after; False if there are none."""
    names = (REMAINS[0], REMAINS[-1])
    pairs = [
        (after.title, before.measurement, after.measurement)
        for before, after in outcome.pairs
        if before and before.measurement and after.measurement and after.measure in names
    ]
    if pairs:
        bars = {
            state: [Bar(pair[place].value, pair[place].low, pair[place].high) for pair in pairs]
            for place, state in ((1, "before"), (2, "after"))
        }
        panel = Panel(
            "What can still be told",
            "share of words; chance is 50 %",
            [pair[0] for pair in pairs],
            bars,
            ".0%",
        )
        write_bars(path, [panel], "Bias recovered from vectors")
    return bool(pairs)


def plot_costs(outcome: Outcome, path: Path) -> None:
    """Draw the scores of benchmarks before and after."""
    labels = [f"{found.benchmark}, {found.metric}" for found in outcome.costs]
    bars = {
        "before": [Bar(found.b) for found in outcome.costs],
        "after": [Bar(found.a) for found in outcome.costs],
    }
    write_bars(path, [Panel("Usefulness", "score", labels, bars)], "Scores on benchmarks")


def _plot(path: Path, title: str, before: Audit, after: Audit | None) -> None:
    if len(before.positions) < 2 or (after and not after.positions):
        raise InputError(NOTHING_TO_DRAW)
    write_leanings(path, _leanings(title, before, after))


def _leanings(title: str, before: Audit, after: Audit | None) -> Leanings:
    positions = after.positions if after else None
    if len(before.subspace.basis) == 1:
        first, second = before.topic.classes
        axis = "cosine with the direction of bias"
        return Leanings(before.positions, positions, (first, second), title, axis)
    ends = (f"any of {', '.join(before.topic.classes)}", None)
    return Leanings(before.positions, positions, ends, title, "length in the subspace of bias")
