"""The report of `embedkit bias` as text, Markdown, TSV and JSON."""

from __future__ import annotations

from collections.abc import Mapping

from embedkit.bias.audit import Audit, AuditRow
from embedkit.bias.report import BiasReport
from embedkit.vectors.embeddings import Embeddings
from embedkit_cli.bias.documents import DocumentPart, Lead, Notes, rendered
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


def bias_report_as(style: str, report: BiasReport) -> str:
    """The report in a style of the option --format."""
    if style == "json":
        return json_line(report.as_dict())
    if style == "tsv":
        rows = [(report.name, *audit_cells(row)) for row in report.audit.rows]
        return "\n".join(tsv_lines(("vectors", *COLUMNS), rows))
    return rendered(_parts(report), style)


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


def _parts(report: BiasReport) -> list[DocumentPart]:
    audit, examples = report.audit, report.examples
    parts: list[DocumentPart] = [
        Lead([vectors_line(report.name, report.vectors), topic_line(audit)]),
        audit_table(audit),
        Notes(meanings(audit)),
        Notes(lowercase_note(lowercased_words(audit.rows))),
        not_measured(refusals(audit)),
    ]
    if sc_weat := sc_weat_table(audit):
        parts.append(sc_weat)
    if examples.stereotypes:
        parts.append(stereotype_table(examples.stereotypes))
    if examples.famous:
        parts.append(famous_table(examples.famous))
    return parts
