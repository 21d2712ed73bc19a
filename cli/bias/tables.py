"""Audits, analogies and costs as tables, and the sentences that go with them."""

from __future__ import annotations

from collections.abc import Sequence

from embedkit.bias.applicable_metrics import RESIDUAL_BIAS
from embedkit.bias.audit import Audit
from embedkit.bias.examples import FamousAnalogy, Stereotypes
from embedkit.bias.metrics.measurement import Measurement
from embedkit.bias.metrics.stereotypes import StereotypeAnalogy
from embedkit.bias.metrics.stimuli import WeatRow
from embedkit.bias.report import DebiasingReport
from embedkit.statistics.intervals import CONFIDENCE
from embedkit.vectors.answers import Answer
from embedkit_cli.evaluation.report_tables import chance, interval, score
from embedkit_cli.shared.tables import Column, Table

PERCENT = f"{100 * CONFIDENCE:g} %"
INTERVAL = Column(f"{PERCENT} interval", True)
UNBIASED = Column("unbiased", True)
MOST_ASSOCIATED = 5  # words of either class


def audit_table(audit: Audit) -> Table:
    """A row a metric, with the value of unbiased vectors."""
    columns = (Column("metric"), Column("value", True), UNBIASED, INTERVAL)
    rows = [
        (row.title, score(measurement and measurement.value), f"{row.unbiased:g}", *_certainty(measurement))
        for row in audit.rows
        for measurement in [row.measurement]
    ]
    return Table((*columns, Column("p", True), Column("covered", True)), rows)


def before_and_after_tables(report: DebiasingReport) -> tuple[Table, Table]:
    """Before and after debiasing: the bias metrics, and the residual bias."""
    columns = [Column("metric")]
    for state in ("before", "after"):
        columns += [Column(state, True), Column(f"{PERCENT} interval or p", True)]
    both: tuple[list[Sequence[str]], list[Sequence[str]]] = ([], [])
    for before, after in report.row_pairs:
        earlier = before.measurement if before else None
        cells = [after.title, *_brief(earlier), *_brief(after.measurement), f"{after.unbiased:g}"]
        both[after.metric in RESIDUAL_BIAS].append(cells)
    bias, residual = (Table((*columns, UNBIASED), rows) for rows in both)
    return bias, residual


def cost_table(report: DebiasingReport) -> Table:
    """Benchmark scores before and after debiasing, on the items that both cover."""
    columns = (
        Column("benchmark"),
        Column("metric"),
        *(Column(name, True) for name in ("before", "after", "difference", f"{PERCENT} interval")),
        *(Column(name, True) for name in ("corrected p", "items")),
    )
    rows = []
    for cost in report.costs:
        difference, low, high = cost.difference.numbers
        signed = "-" if difference is None else f"{difference:+z.3f}"
        certain = interval(low, high), chance(cost.corrected_p_value), f"{cost.shared:,}"
        rows.append((cost.benchmark, cost.metric, score(cost.b), score(cost.a), signed, *certain))
    return Table(columns, rows)


def weat_table(rows: Sequence[WeatRow]) -> Table:
    """The ten tests beside their published effect sizes."""
    columns = (
        Column("WEAT"),
        *(Column(name, True) for name in ("effect size", f"{PERCENT} interval", "one-sided p", "covered")),
        *(Column(name, True) for name in ("published, GloVe", "published, word2vec")),
    )
    return Table(
        columns,
        [
            (
                row.test.name,
                score(row.measurement and row.measurement.value),
                *_certainty(row.measurement),
                *(f"{row.test.published[name]:.2f}" for name in ("glove", "word2vec")),
            )
            for row in rows
        ],
    )


def sc_weat_table(audit: Audit) -> Table | None:
    """The neutral words most associated with either class by SC-WEAT; None if none was measured."""
    if not audit.sc_weat:
        return None
    ordered = sorted(audit.sc_weat, key=lambda association: -association.value)
    count = min(MOST_ASSOCIATED, len(ordered) // 2)
    first, second = audit.topic.classes
    ends = (first, ordered[:count]), (second, ordered[::-1][:count])
    rows = [
        (
            association.details["word"],
            name,
            f"{association.value:+z.3f}",
            chance(association.details["p_holm"]),
        )
        for name, words in ends
        for association in words
    ]
    return Table(
        (Column("neutral word"), Column("class"), Column("SC-WEAT", True), Column("corrected p", True)),
        rows,
    )


def stereotype_table(stereotypes: Stereotypes) -> Table:
    """Analogies of neutral words beside those of all common words."""
    a, b = stereotypes.pair
    columns = (
        Column(f"{a} : {b}, neutral words"),
        Column("cosine", True),
        Column("all common words"),
        Column("cosine", True),
    )
    length = max(len(stereotypes.neutral), len(stereotypes.common))
    rows = [
        (*_analogy(stereotypes.neutral, place), *_analogy(stereotypes.common, place))
        for place in range(length)
    ]
    return Table(columns, rows)


def famous_table(examples: Sequence[FamousAnalogy]) -> Table:
    """The famous questions, answered with the query words excluded and allowed."""
    columns = [Column(name) for name in ("question", "query words excluded", "query words allowed")]
    rows = []
    for asked in examples:
        a, b, c = asked.question
        unknown = f"{', '.join(asked.missing)}: not in the vocabulary" if asked.missing else None
        answers = (unknown or _named(answer) for answer in (asked.without_query, asked.with_query))
        rows.append((f"{a} : {c} :: {b} : ?", *answers))
    return Table(columns, rows)


def meanings(audit: Audit) -> dict[str, str]:
    """How to read each metric, in a sentence."""
    meanings: dict[str, str] = {}
    for row in audit.rows:
        if row.measurement:
            meanings.setdefault(row.metric, sentence(row.measurement.meaning))
    return meanings


def refusals(audit: Audit) -> dict[str, str]:
    """Why a metric was not measured, by its name."""
    return {row.title: row.refused for row in audit.rows if row.refused}


def sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _certainty(measurement: Measurement | None) -> tuple[str, str, str]:
    """Interval, p-value and coverage: that of the list of which least is known."""
    if measurement is None:
        return "", "", ""
    known, total = min(measurement.coverage.values(), key=lambda pair: pair[0] / pair[1], default=(0, 0))
    return interval(measurement.low, measurement.high), chance(measurement.p_value), f"{known:,} of {total:,}"


def _brief(measurement: Measurement | None) -> tuple[str, str]:
    """The value, and the interval or else the p-value."""
    if measurement is None:
        return "-", ""
    p = "" if measurement.p_value is None else f"p {chance(measurement.p_value)}"
    return score(measurement.value), interval(measurement.low, measurement.high) or p


def _analogy(analogies: Sequence[StereotypeAnalogy], place: int) -> tuple[str, str]:
    if place >= len(analogies):
        return "", ""
    return f"{analogies[place].x} : {analogies[place].y}", score(analogies[place].score)


def _named(answers: Sequence[Answer]) -> str:
    return ", ".join(f"{answer.word} {answer.score:.2f}" for answer in answers)
