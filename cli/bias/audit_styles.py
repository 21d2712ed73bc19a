"""The report of `embedkit bias` as text, Markdown, TSV and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from embedkit.bias.audit import Audit, AuditRow
from embedkit.bias.report import BiasReport
from embedkit.vectors.embeddings import Embeddings
from embedkit_cli.bias.documents import DocumentPart, Heading, Lead, Notes, rendered
from embedkit_cli.bias.tables import (
    audit_table,
    famous_table,
    lowercase_note,
    lowercased_words,
    meanings,
    refusals,
    sc_weat_table,
    stereotype_table,
)
from embedkit_cli.shared.tables import Cell, tsv_lines
from embedkit_cli.shared.text import json_line, plain

COLUMNS = ("metric", "subject", "value", "low", "high", "p", "unbiased", "covered", "total", "lowercased")


def bias_reports_as(style: str, reports: Sequence[BiasReport]) -> str:
    """Reports about a topic in a style of the option --format; JSON of one is that report alone."""
    if style == "json":
        spaces = [report.as_dict() for report in reports]
        return json_line({"spaces": spaces} if len(spaces) > 1 else spaces[0])
    if style == "tsv":
        rows = [(report.name, *audit_cells(row)) for report in reports for row in report.audit.rows]
        return "\n".join(tsv_lines(("vectors", *COLUMNS), rows))
    return rendered(list(_parts(reports)), style)


def lead(reports: Sequence[BiasReport]) -> list[str]:
    """The lines at the top: the vectors and, for each of them, the topic."""
    return [
        line
        for report in reports
        for line in (vectors_line(report.name, report.vectors), topic_line(report.audit))
    ]


def vectors_line(name: str, vectors: Embeddings) -> str:
    """The vectors in a line."""
    return f"{plain(name)}: {len(vectors):,} words x {vectors.vector_size}"


def topic_line(audit: Audit) -> str:
    """The topic in a sentence: its classes, and what its subspace explains."""
    topic, subspace = audit.topic, audit.subspace
    sets = f"{len(subspace.words)} of {len(topic.definitional)} definitional sets are known"
    size = len(subspace.basis)
    what = "bias direction" if size == 1 else f"bias subspace of {size} dimensions"
    share = f" explains {100 * sum(subspace.explained):.0f} % of their variance" if subspace.explained else ""
    classes = ", ".join(topic.classes)
    lowered = f", with {', '.join(subspace.lowercased)} in lower case" if subspace.lowercased else ""
    return plain(f"topic {topic.name} ({classes}): {sets}{lowered}; the {what} from them{share}")


def not_measured(refused: Mapping[str, str]) -> Notes:
    """What was not measured, and why."""
    return Notes({f"Not measured: {name}": reason for name, reason in refused.items()})


def audit_cells(row: AuditRow) -> tuple[Cell, ...]:
    """A metric for `COLUMNS`."""
    measurement = row.measurement
    if measurement is None:
        return row.metric, row.subject, None, None, None, None, row.unbiased, None, None, None
    known, total = min(measurement.coverage.values(), key=lambda pair: pair[0] / pair[1])
    numbers = measurement.value, measurement.low, measurement.high, measurement.p_value, row.unbiased
    return row.metric, row.subject, *numbers, known, total, sum(map(len, measurement.lowercased.values()))


def _parts(reports: Sequence[BiasReport]) -> Iterator[DocumentPart]:
    """All metrics in one table; the rest space by space, under their names if there are several."""
    yield Lead(lead(reports))
    yield audit_table(reports)
    yield Notes(meanings(*(report.audit for report in reports)))
    for report in reports:
        audit, examples = report.audit, report.examples
        if len(reports) > 1:
            yield Heading(plain(report.name))
        yield Notes(lowercase_note(lowercased_words(audit.rows)))
        yield not_measured(refusals(audit))
        if sc_weat := sc_weat_table(audit):
            yield sc_weat
        if examples.stereotypes:
            yield stereotype_table(examples.stereotypes)
        if examples.famous:
            yield famous_table(examples.famous)
