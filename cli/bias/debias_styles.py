"""The report of `embedkit debias` as text, Markdown, TSV and JSON, with an honest verdict at the end."""

from __future__ import annotations

from statistics import fmean

from embedkit.bias.applicable_metrics import RESIDUAL_BIAS
from embedkit.bias.metrics.measurement import Measurement
from embedkit.bias.report import DebiasingReport
from embedkit_cli.bias.audit_styles import COLUMNS, audit_cells, not_measured, topic_line, vectors_line
from embedkit_cli.bias.documents import DocumentPart, Heading, Lead, Notes, rendered
from embedkit_cli.bias.options import as_text
from embedkit_cli.bias.tables import (
    before_and_after_tables,
    cost_table,
    lowercase_note,
    lowercased_words,
    meanings,
    refusals,
)
from embedkit_cli.shared.tables import tsv_lines
from embedkit_cli.shared.text import json_line, plain

YARDSTICK = (
    "Both audits are of unit vectors, along the bias direction and with the most biased words of the "
    "original ones."
)


def debiasing_report_as(style: str, report: DebiasingReport) -> str:
    """The report in a style of the option --format."""
    if style == "json":
        return json_line({**report.as_dict(), "verdict": verdict(report)})
    if style == "tsv":
        return _tsv(report)
    bias, residual = before_and_after_tables(report)
    metrics = meanings(report.before)
    parts: list[DocumentPart] = [
        Lead(lead(report)),
        YARDSTICK,
        bias,
        Notes({name: text for name, text in metrics.items() if name not in RESIDUAL_BIAS}),
        Heading("Residual bias"),
        residual,
        Notes({name: text for name, text in metrics.items() if name in RESIDUAL_BIAS}),
        Notes(lowercase_note(lowercased_words(report.before.rows))),
        not_measured(refusals(report.after)),
        Heading("Cost on benchmarks"),
        cost_table(report),
        cost_sentence(report),
        verdict(report),
    ]
    return rendered(parts, style)


def lead(report: DebiasingReport) -> list[str]:
    """The lines at the top: the vectors, the topic, the method."""
    return [vectors_line(report.name, report.vectors), topic_line(report.before), method_line(report)]


def method_line(report: DebiasingReport) -> str:
    """The method, its parameters, and how many words it protected."""
    parameters = ", ".join(
        f"{name} {as_text(value)}" for name, value in report.provenance["parameters"].items()
    )
    kept = report.provenance.get("kept")
    words = f"; {len(kept):,} definitional words are protected" if kept else ""
    known, total = report.provenance.get("equalized", (0, 0))
    sets = f"; {known} of {total} equality sets are known, and equalized" if total else ""
    return plain(f"method {report.method}: {parameters}{words}{sets}")


def cost_sentence(report: DebiasingReport) -> str:
    """On which benchmarks the score fell or rose significantly."""
    if all(cost.p_value is None for cost in report.costs):
        return "The cost is unknown: the vectors cover too few words of every benchmark."
    said = []
    for better, verb in (("b", "lower"), ("a", "higher")):
        if names := [cost.benchmark for cost in report.costs if cost.better == better]:
            said.append(f"{verb} on {', '.join(names)}")
    if not said:
        return "No difference on a benchmark is statistically significant."
    return f"The score is significantly {' and '.join(said)}; the other differences are not significant."


def verdict(report: DebiasingReport) -> str:
    """The direct bias before and after, and the residual bias."""
    name = plain(report.before.topic.name)
    before, after = (next(row.measurement for row in audit.rows) for audit in (report.before, report.after))
    moved = (
        f"Direct bias of {name} went from {before.value:.3f} to {after.value:.3f}"
        if before and after and after.name == "direct bias"
        else f"Direct bias of {name} was not measured"
    )
    row = report.recovered
    recovery = row and row.measurement
    if not recovery:
        return f"{moved}; recovery accuracy was not measured, so the residual bias is unknown."
    share = f"{100 * recovery.value:.1f} % of the most biased words"
    if recovery.low is not None and recovery.low > 0.5:
        return (
            f"{moved}, but a classifier still recovers the side of {share} from the debiased "
            f"vectors (chance: 50 %): the bias is not gone. {_compared_with_random(recovery)}"
        )
    return (
        f"{moved}, and a classifier recovers the side of {share}, no better than chance: these tests find no "
        "residual bias, which does not prove that there is none."
    )


def random_share(recovery: Measurement) -> float:
    """The mean recovery accuracy for random directions that were projected out."""
    return fmean(recovery.details["random directions"])


def _compared_with_random(recovery: Measurement) -> str:
    told = f"For random directions that are projected out it recovers {100 * random_share(recovery):.1f} %"
    if recovery.value > max(recovery.details["random directions"]):
        return f"{told}: the bias is more recoverable than any of them."
    return f"{told}: the bias is no more recoverable than any direction."


def _tsv(report: DebiasingReport) -> str:
    rows = [
        (state, *audit_cells(row))
        for state, audit in (("before", report.before), ("after", report.after))
        for row in audit.rows
    ]
    for cost in report.costs:
        difference, low, high = cost.difference.numbers
        items = cost.shared, cost.total, None
        rows += [
            ("before", cost.metric, cost.benchmark, cost.b, None, None, None, None, *items),
            ("after", cost.metric, cost.benchmark, cost.a, None, None, None, None, *items),
            ("difference", cost.metric, cost.benchmark, difference, low, high, cost.p_value, None, *items),
        ]
    return "\n".join(tsv_lines(("state", *COLUMNS), rows))
