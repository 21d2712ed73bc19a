"""Pages about bias for people who decide: one HTML file each, with its tables, pictures and styles inside.

Templates escape all that they are given, so that words and names of files are shown as they are.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from embedkit.bias.applicable_metrics import REMAINS
from embedkit.bias.audit import Audit
from embedkit.files import atomic_file
from embedkit_cli.bias.audit_styles import space_line, topic_line
from embedkit_cli.bias.citations import sources_of
from embedkit_cli.bias.debias_styles import YARDSTICK, cost_sentence, method_line, random_share, verdict
from embedkit_cli.bias.pictures import plot_costs, plot_findings, plot_outcome, plot_remains
from embedkit_cli.bias.tables import (
    audit_table,
    cost_table,
    famous_table,
    leaning_table,
    meanings,
    outcome_tables,
    refusals,
    stereotype_table,
)
from embedkit_cli.bias_findings import Findings, Outcome, examples
from embedkit_cli.evaluation.report_tables import score

STEREOTYPES = 10  # analogies shown


class Card(NamedTuple):
    """A number that a reader should take away, and what it is."""

    number: str
    text: str


def write_findings(findings: Findings, path: Path) -> None:
    """Write the page of `embedkit bias`; what stood there is replaced only once it is complete."""
    audit = findings.audit
    content = {
        **_common(audit, f"{audit.topic.name.capitalize()} bias in {findings.space.name}"),
        "lead": [space_line(findings.space), topic_line(audit)],
        "table": audit_table(audit),
        "pictures": _drawn(lambda to: plot_findings(findings, to), bool(audit.positions)),
        "leaning": leaning_table(audit),
        "stereotypes": findings.stereotypes and stereotype_table(findings.stereotypes),
        "famous": famous_table(findings.famous) if findings.famous else None,
        "sources": sources_of([row.measure for row in audit.rows], audit.topic, None),
    }
    _write("bias.html", content, path)


def write_outcome(outcome: Outcome, path: Path) -> None:
    """Write the page of `embedkit debias`; what stood there is replaced only once it is complete."""
    audit = outcome.before
    bias, remains = outcome_tables(outcome)
    generated, famous = examples(outcome.space.vectors, audit.topic, STEREOTYPES)
    generated_after, famous_after = examples(outcome.debiased, audit.topic, STEREOTYPES)
    measures = [row.measure for row in audit.rows]
    positions = bool(audit.positions and outcome.after.positions)
    content = {
        **_common(
            audit, f"{audit.topic.name.capitalize()} bias in {outcome.space.name}, before and after debiasing"
        ),
        "lead": [space_line(outcome.space), topic_line(audit), method_line(outcome)],
        "cards": _cards(outcome),
        "verdict": verdict(outcome),
        "yardstick": YARDSTICK,
        "table": bias,
        "pictures": _drawn(lambda to: plot_outcome(outcome, to), positions),
        "remains": remains,
        "remains_pictures": _drawn(lambda to: plot_remains(outcome, to)),
        "refusals": refusals(outcome.after),
        "costs": cost_table(outcome),
        "cost_sentence": cost_sentence(outcome),
        "cost_pictures": _drawn(lambda to: plot_costs(outcome, to)),
        "stereotypes": [
            (state, stereotype_table(found))
            for state, found in (("Before", generated), ("After", generated_after))
            if found
        ],
        "famous": [
            (state, famous_table(found))
            for state, found in (("Before", famous), ("After", famous_after))
            if found
        ],
        "sources": sources_of(measures, audit.topic, outcome.method),
    }
    _write("debias.html", content, path)


def _common(audit: Audit, title: str) -> dict[str, Any]:
    """What both pages tell."""
    means = meanings(audit)
    return {
        "title": title,
        "topic": audit.topic,
        "words": {
            "classes": audit.topic.classes,
            "neutral": audit.topic.neutral,
            "sets": audit.subspace.words,
        },
        "meanings": {name: text for name, text in means.items() if name not in REMAINS},
        "remaining": {name: text for name, text in means.items() if name in REMAINS},
        "refusals": refusals(audit),
        "seed": audit.seed,
        "version": version("embedkit"),
        "date": f"{datetime.now(UTC):%d %B %Y}",
    }


def _cards(outcome: Outcome) -> list[Card]:
    """The numbers that matter most: the bias, what remains of it, and what it cost."""
    cards = []
    for before, after in outcome.pairs:
        if before and before.measurement and after.measurement and after.title == "direct bias":
            moved = f"{score(before.measurement.value)} \N{RIGHTWARDS ARROW} {score(after.measurement.value)}"
            cards.append(Card(moved, "direct bias, before and after; 0 is none"))
    if (row := outcome.recovered) and row.measurement:
        share, other = (
            f"{100 * part:.0f} %" for part in (row.measurement.value, random_share(row.measurement))
        )
        label = f"of the most biased words can still be told apart; 50 % is chance, {other} of any direction"
        cards.append(Card(share, label))
    for found in outcome.costs[:1]:
        cards.append(
            Card(
                f"{score(found.b)} \N{RIGHTWARDS ARROW} {score(found.a)}",
                f"{found.benchmark}: {found.metric}",
            )
        )
    return cards


def _drawn(draw: Callable[[Path], object], possible: bool = True) -> list[str]:
    """A picture as a data URI, in a list that is empty if there was nothing to draw."""
    if not possible:
        return []
    with TemporaryDirectory() as folder:
        path = Path(folder, "picture.png")
        draw(path)
        if not path.exists():
            return []
        return [f"data:image/png;base64,{b64encode(path.read_bytes()).decode()}"]


def _write(template: str, content: Mapping[str, Any], path: Path) -> None:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("embedkit_cli"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template(template).render(content)
    with atomic_file(path) as stream:
        stream.write(page.encode())
