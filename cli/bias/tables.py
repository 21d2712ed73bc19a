"""Audits, analogies and costs as tables, and the sentences that go with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from embedkit.bias.applicable_metrics import RESIDUAL_BIAS
from embedkit.bias.audit import Audit, AuditRow
from embedkit.bias.examples import FamousAnalogy, Stereotypes
from embedkit.bias.metrics.measurement import Measurement
from embedkit.bias.metrics.stereotypes import StereotypeAnalogy
from embedkit.bias.report import DebiasingReport
from embedkit.bias.weat_report import WeatRow
from embedkit.statistics.intervals import CONFIDENCE
from embedkit.vectors.answers import Answer
from embedkit_cli.evaluation.report_tables import chance, interval, score
from embedkit_cli.shared.tables import Column, Table
from embedkit_cli.shared.text import sentence

PERCENT = f"{100 * CONFIDENCE:g} %"
INTERVAL = Column(f"{PERCENT} interval", True)
UNBIASED = Column("unbiased", True)
COVERED = Column("covered", True)
LOWERCASED = Column("in lower case", True)
NAMED = 10  # words in a sentence
MOST_ASSOCIATED = 5  # words of either class


def audit_table(audit: Audit) -> Table:
    """A row a metric, with the value of unbiased vectors."""
    measurements = [row.measurement for row in audit.rows]
    words, coverage = covered(measurements)
    columns = (Column("metric"), Column("value", True), UNBIASED, INTERVAL, Column("p", True), *words)
    rows = [
        (row.title, score(found and found.value), f"{row.unbiased:g}", *certainty(found), *cells)
        for row, found, cells in zip(audit.rows, measurements, coverage, strict=True)
    ]
    return Table(columns, rows)


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


def certainty(measurement: Measurement | None) -> tuple[str, str]:
    """Interval and p-value."""
    if measurement is None:
        return "", ""
    return interval(measurement.low, measurement.high), chance(measurement.p_value)


def covered(
    measurements: Sequence[Measurement | None],
) -> tuple[tuple[Column, ...], list[tuple[str, ...]]]:
    """Columns and cells of how many words were found: of the list of which least is known.

    If any were found in lower case only, a second column tells how many, of all lists.
    """
    cells = [_least_covered(measurement) for measurement in measurements]
    lowered = [0 if found is None else sum(map(len, found.lowercased.values())) for found in measurements]
    if not any(lowered):
        return (COVERED,), [(cell,) for cell in cells]
    counts = (f"{count:,}" if found else "" for count, found in zip(lowered, measurements, strict=True))
    return (COVERED, LOWERCASED), list(zip(cells, counts, strict=True))


def lowercase_note(words: Iterable[str]) -> dict[str, str]:
    """Which words of the lists the vectors know in lower case only, in a sentence; {} if there are none."""
    if not (listed := list(dict.fromkeys(words))):
        return {}
    more = f" and {len(listed) - NAMED} more" if len(listed) > NAMED else ""
    named = f"{', '.join(listed[:NAMED])}{more}"
    return {"In lower case": f"The vectors are of lower-cased text, where {named} can mean something else."}


def lowercased_words(rows: Iterable[AuditRow | WeatRow]) -> Iterator[str]:
    """The words of the lists of all measurements that were found in lower case only."""
    for row in rows:
        for words in row.measurement.lowercased.values() if row.measurement else ():
            yield from words


def _least_covered(measurement: Measurement | None) -> str:
    if measurement is None:
        return ""
    known, total = min(measurement.coverage.values(), key=lambda pair: pair[0] / pair[1], default=(0, 0))
    return f"{known:,} of {total:,}"


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
