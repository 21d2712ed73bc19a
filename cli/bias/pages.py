"""HTML reports about bias: one self-contained file with tables, plots and styles.

Templates escape all that they are given, so that words and names of files are shown as they are.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import embedkit
from embedkit.bias.applicable_metrics import RESIDUAL_BIAS
from embedkit.bias.audit import Audit
from embedkit.bias.examples import analogy_examples
from embedkit.bias.report import BiasReport, DebiasingReport
from embedkit.bias.weat_report import WeatReport
from embedkit.files import atomic_file
from embedkit.leftovers import temporary_folder
from embedkit.text.formats.encodings import replace_surrogates
from embedkit_cli.bias.audit_styles import lead as lead_of_bias
from embedkit_cli.bias.citations import CALISKAN, sources_of
from embedkit_cli.bias.debias_styles import YARDSTICK, cost_sentence, lead, random_share, verdict
from embedkit_cli.bias.pictures import (
    plot_bias,
    plot_costs,
    plot_debiasing,
    plot_residual_bias,
    plot_weat,
)
from embedkit_cli.bias.tables import (
    audit_table,
    before_and_after_tables,
    cost_table,
    famous_table,
    lowercase_note,
    lowercased_words,
    meanings,
    refusals,
    sc_weat_table,
    stereotype_table,
)
from embedkit_cli.bias.weat_styles import lead as lead_of_weat
from embedkit_cli.bias.weat_styles import notes, ranking_parts, refused, weat_table
from embedkit_cli.evaluation.report_tables import score
from embedkit_cli.shared.tables import Table

STEREOTYPES = 10  # analogies shown


class Card(NamedTuple):
    """A number that a reader should take away, and what it is."""

    number: str
    text: str


def write_bias_page(reports: Sequence[BiasReport], path: Path) -> None:
    """Write the page of `embedkit bias`; what stood there is replaced only once it is complete."""
    audits = [report.audit for report in reports]
    topic, names = audits[0].topic, ", ".join(report.name for report in reports)
    content = {
        **_common(audits, f"{topic.name.capitalize()} bias in {names}"),
        "lead": lead_of_bias(reports),
        "table": audit_table(reports),
        "spaces": [_space(report) for report in reports],
        "sources": sources_of([row.metric for audit in audits for row in audit.rows], topic, None),
    }
    _write("bias.html", content, path)


def write_weat_page(report: WeatReport, path: Path) -> None:
    """Write the page of `embedkit bias --weat`; what stood there is replaced only once it is complete."""
    ranking = ranking_parts(report) if len(report.spaces) > 1 else []
    content = {
        "title": f"Associations in {', '.join(report.spaces)}",
        "lead": lead_of_weat(report),
        "ranking": [part for part in ranking if isinstance(part, Table)],
        "ranking_sentence": next((part for part in ranking if isinstance(part, str)), None),
        "table": weat_table(report),
        "notes": notes(report),
        "refusals": refused(report),
        "pictures": _drawn(lambda to: plot_weat(report, to)),
        "tests": report.tests,
        "sources": list(dict.fromkeys([CALISKAN, *(test.source for test in report.tests if test.source)])),
        **_made(report.seed),
    }
    _write("weat.html", content, path)


def write_debiasing_page(report: DebiasingReport, path: Path) -> None:
    """Write the page of `embedkit debias`; what stood there is replaced only once it is complete."""
    audit = report.before
    bias, residual = before_and_after_tables(report)
    title = f"{audit.topic.name.capitalize()} bias in {report.name}, before and after debiasing"
    projections = bool(audit.projections and report.after.projections)
    content = {
        **_common([audit], title),
        **_examples(report),
        "lead": lead(report),
        "cards": _cards(report),
        "verdict": verdict(report),
        "yardstick": YARDSTICK,
        "table": bias,
        "pictures": _drawn(lambda to: plot_debiasing(report, to), projections),
        "residual": residual,
        "residual_pictures": _drawn(lambda to: plot_residual_bias(report, to)),
        "refusals": refusals(report.after),
        "costs": cost_table(report),
        "cost_sentence": cost_sentence(report),
        "cost_pictures": _drawn(lambda to: plot_costs(report, to)),
        "sources": sources_of([row.metric for row in audit.rows], audit.topic, report.method),
    }
    _write("debias.html", content, path)


def _space(report: BiasReport) -> dict[str, Any]:
    """What the page tells of one space, beyond the table of metrics."""
    audit, examples = report.audit, report.examples
    return {
        "name": report.name,
        "notes": lowercase_note(lowercased_words(audit.rows)),
        "refusals": refusals(audit),
        "pictures": _drawn(lambda to: plot_bias(report, to), bool(audit.projections)),
        "sc_weat": sc_weat_table(audit),
        "stereotypes": examples.stereotypes and stereotype_table(examples.stereotypes),
        "famous": famous_table(examples.famous) if examples.famous else None,
    }


def _examples(report: DebiasingReport) -> dict[str, Any]:
    """Tables of stereotypical and famous analogies, before and after; none where there are no analogies."""
    topic, spaces = report.before.topic, {"Before": report.vectors, "After": report.debiased}
    examples = {state: analogy_examples(space, topic, STEREOTYPES) for state, space in spaces.items()}
    return {
        "stereotypes": [
            (state, stereotype_table(each.stereotypes))
            for state, each in examples.items()
            if each.stereotypes
        ],
        "famous": [(state, famous_table(each.famous)) for state, each in examples.items() if each.famous],
    }


def _common(audits: Sequence[Audit], title: str) -> dict[str, Any]:
    """What both pages tell, of audits for the same topic."""
    topic, means = audits[0].topic, meanings(*audits)
    if len(audits) == 1:
        means |= lowercase_note(lowercased_words(audits[0].rows))
    return {
        "title": title,
        "topic": topic,
        "words": {
            "classes": topic.classes,
            "neutral": topic.neutral,
            "sets": list(dict.fromkeys(words for audit in audits for words in audit.subspace.words)),
        },
        "meanings": {name: text for name, text in means.items() if name not in RESIDUAL_BIAS},
        "residual_meanings": {name: text for name, text in means.items() if name in RESIDUAL_BIAS},
        **_made(audits[0].seed, topic.license),
    }


def _made(seed: int, license: str = "") -> dict[str, Any]:
    """What the footer tells."""
    date = f"{datetime.now(UTC):%d %B %Y}"
    return {"seed": seed, "license": license, "version": embedkit.__version__, "date": date}


def _cards(report: DebiasingReport) -> list[Card]:
    """The numbers that matter most: direct bias, residual bias and cost."""
    cards = []
    for before, after in report.row_pairs:
        if before and before.measurement and after.measurement and after.title == "direct bias":
            moved = f"{score(before.measurement.value)} \N{RIGHTWARDS ARROW} {score(after.measurement.value)}"
            cards.append(Card(moved, "direct bias, before and after; 0 is unbiased"))
    if (row := report.recovered) and row.measurement:
        share, other = (
            f"{100 * part:.0f} %" for part in (row.measurement.value, random_share(row.measurement))
        )
        label = f"recovery accuracy of the most biased words; chance is 50 %, random directions {other}"
        cards.append(Card(share, label))
    for cost in report.costs[:1]:
        cards.append(
            Card(
                f"{score(cost.b)} \N{RIGHTWARDS ARROW} {score(cost.a)}",
                f"{cost.benchmark}: {cost.metric}",
            )
        )
    return cards


def _drawn(draw: Callable[[Path], object], possible: bool = True) -> list[str]:
    """A picture as a data URI, in a list that is empty if there was nothing to draw."""
    if not possible:
        return []
    with temporary_folder() as folder:
        path = folder / "picture.png"
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
        stream.write(replace_surrogates(page).encode())
