"""What `embedkit debias` found, as text, Markdown, TSV and JSON, with an honest sentence at the end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from statistics import fmean
from typing import Any

from embedkit.bias.applicable_metrics import REMAINS
from embedkit.bias.metrics.measurement import Measurement
from embedkit_cli.bias.audit_styles import (
    COLUMNS,
    Part,
    audit_cells,
    audit_content,
    joined,
    not_measured,
    notes,
    space_line,
    topic_line,
    wrapped,
)
from embedkit_cli.bias.options import as_text
from embedkit_cli.bias.tables import cost_table, meanings, outcome_tables, refusals
from embedkit_cli.bias_findings import Outcome
from embedkit_cli.query.output import plain
from embedkit_cli.shared.tables import tsv_lines

YARDSTICK = (
    "Before and after are measured at length 1, along the direction found before, with the words "
    "that were biased before."
)


def outcome_as(style: str, outcome: Outcome) -> str:
    """The outcome in a style of the option --format."""
    if style == "json":
        return json.dumps(_content(outcome), ensure_ascii=False)
    if style == "tsv":
        return _tsv(outcome)
    bias, remains = outcome_tables(outcome)
    measures = meanings(outcome.before)
    means = [
        {name: text for name, text in measures.items() if (name in REMAINS) is of} for of in (False, True)
    ]
    parts: list[Part] = [
        "\n".join(
            map(wrapped, (space_line(outcome.space), topic_line(outcome.before), method_line(outcome)))
        ),
        wrapped(YARDSTICK),
        bias,
        *notes(means[False]),
        "What can still be recovered",
        remains,
        *notes(means[True]),
        *not_measured(refusals(outcome.after)),
        "What it cost",
        cost_table(outcome),
        wrapped(cost_sentence(outcome)),
        wrapped(verdict(outcome)),
    ]
    return joined(parts, style)


def method_line(outcome: Outcome) -> str:
    """The method, its parameters, and how many words it kept."""
    parameters = ", ".join(f"{name} {as_text(value)}" for name, value in outcome.story["parameters"].items())
    kept = outcome.story.get("kept")
    words = f"; {len(kept):,} words that belong to a class by definition are kept" if kept else ""
    known, total = outcome.story.get("equalized", (0, 0))
    sets = f"; {known} of {total} equalize sets are known, and equalized" if total else ""
    return plain(f"method {outcome.method}: {parameters}{words}{sets}")


def cost_sentence(outcome: Outcome) -> str:
    """Which benchmarks became worse or better, and that the others could be chance."""
    if all(found.p_value is None for found in outcome.costs):
        return "The cost is not known: no benchmark has enough words that the vectors know."
    said = []
    for better, verb in (("b", "lower"), ("a", "higher")):
        if names := [found.benchmark for found in outcome.costs if found.better == better]:
            said.append(f"{verb} on {', '.join(names)}")
    if not said:
        return "On no benchmark can the difference be told from chance."
    return f"The score is {' and '.join(said)}; elsewhere the difference could be chance."


def verdict(outcome: Outcome) -> str:
    """What was achieved and what remains."""
    name = plain(outcome.before.topic.name)
    before, after = (next(row.measurement for row in audit.rows) for audit in (outcome.before, outcome.after))
    moved = (
        f"Direct bias of {name} went from {before.value:.3f} to {after.value:.3f}"
        if before and after and after.name == "direct bias"
        else f"Direct bias of {name} was not measured"
    )
    row = outcome.recovered
    found = row and row.measurement
    if not found:
        return f"{moved}; what can be recovered was not measured, so nothing is known of what remains."
    share = f"{100 * found.value:.1f} % of the words that were most biased"
    if found.low is not None and found.low > 0.5:
        return (
            f"{moved}, yet from the new vectors a classifier still tells the side of {share} (50 % is "
            f"chance): the bias is not gone. {_held_against_random(found)}"
        )
    return (
        f"{moved}, and a classifier tells the side of {share}, which is no better than chance: these tests "
        "find nothing left, which does not prove that nothing is."
    )


def random_share(found: Measurement) -> float:
    """How much of random directions is recovered once they are projected away, on average."""
    return fmean(found.details["random directions"])


def _held_against_random(found: Measurement) -> str:
    told = f"Of random directions that are projected away it tells {100 * random_share(found):.1f} %"
    if found.value > max(found.details["random directions"]):
        return f"{told}: more is left of the bias than of any of them."
    return f"{told}: no more is left of the bias than of any direction."


def _tsv(outcome: Outcome) -> str:
    rows = [
        (state, *audit_cells(row))
        for state, audit in (("before", outcome.before), ("after", outcome.after))
        for row in audit.rows
    ]
    for found in outcome.costs:
        difference, low, high = found.difference.numbers
        items = found.shared, found.total
        rows += [
            ("before", found.metric, found.benchmark, found.b, None, None, None, None, *items),
            ("after", found.metric, found.benchmark, found.a, None, None, None, None, *items),
            ("difference", found.metric, found.benchmark, difference, low, high, found.p_value, None, *items),
        ]
    return "\n".join(tsv_lines(("state", *COLUMNS), rows))


def _content(outcome: Outcome) -> dict[str, Any]:
    story: Mapping[str, Any] = outcome.story
    return {
        "vectors": outcome.space.name,
        "method": outcome.method,
        "transform": dict(story),
        "before": audit_content(outcome.before),
        "after": audit_content(outcome.after),
        "costs": [
            {
                "benchmark": found.benchmark,
                "metric": found.metric,
                "before": found.b,
                "after": found.a,
                "difference": found.difference.numbers[0],
                "low": found.difference.numbers[1],
                "high": found.difference.numbers[2],
                "p_value": found.p_value,
                "corrected_p_value": found.corrected_p_value,
                "shared": found.shared,
                "total": found.total,
            }
            for found in outcome.costs
        ],
        "verdict": verdict(outcome),
    }
