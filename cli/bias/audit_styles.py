"""What `embedkit bias` found, as text, Markdown, TSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import fill
from typing import Any

from embedkit.bias.audit import Audit, AuditRow
from embedkit.bias.metrics.stimuli import WeatRow
from embedkit_cli.bias.tables import (
    audit_table,
    famous_table,
    leaning_table,
    meanings,
    refusals,
    sentence,
    stereotype_table,
    weat_table,
)
from embedkit_cli.bias_findings import Findings
from embedkit_cli.evaluation.report import Space
from embedkit_cli.query.output import plain
from embedkit_cli.shared.tables import Cell, Table, markdown_table, text_table, tsv_lines

LINE = 96  # columns of prose
COLUMNS = ("measure", "subject", "value", "low", "high", "p", "unbiased", "covered", "total")

Render = Callable[[Table], str]
Part = str | Table


def findings_as(style: str, findings: Findings) -> str:
    """The findings in a style of the option --format."""
    if style == "json":
        return json.dumps(_content(findings), ensure_ascii=False)
    if style == "tsv":
        rows = [(findings.space.name, *audit_cells(row)) for row in findings.audit.rows]
        return "\n".join(tsv_lines(("vectors", *COLUMNS), rows))
    return joined(_parts(findings), style)


def weat_as(style: str, space: Space, rows: Sequence[WeatRow]) -> str:
    """The ten association tests in a style of the option --format."""
    if style == "json":
        tests = [
            {
                "test": row.test.name,
                "published": dict(row.test.published),
                "measurement": row.measurement and row.measurement.as_dict(),
                "refused": row.refused,
            }
            for row in rows
        ]
        return json.dumps({"vectors": space.name, "tests": tests}, ensure_ascii=False)
    table = weat_table(rows)
    if style == "tsv":
        names = [column.name for column in table.columns]
        return "\n".join(tsv_lines(names, table.rows))
    refused = {row.test.name: row.refused for row in rows if row.refused}
    meaning = {row.measurement.name: sentence(row.measurement.meaning) for row in rows if row.measurement}
    return joined([space_line(space), table, *notes(meaning), *not_measured(refused)], style)


def joined(parts: Sequence[Part], style: str) -> str:
    """Tables and prose with an empty line between them, as "text" or "markdown"."""
    render: Render = markdown_table if style == "markdown" else text_table
    return "\n\n".join(part if isinstance(part, str) else render(part) for part in parts)


def space_line(space: Space) -> str:
    """The vectors in a line."""
    return f"{plain(space.name)}: {len(space.vectors):,} words x {space.vectors.vector_size}"


def topic_line(audit: Audit) -> str:
    """The topic in a sentence: its classes, and what its direction explains."""
    topic, found = audit.topic, audit.subspace
    sets = f"{len(found.words)} of {len(topic.definitional)} definitional sets are known"
    share = (
        f" and explains {100 * sum(found.explained):.0f} % of their differences" if found.explained else ""
    )
    what = (
        "the direction of bias" if len(found.basis) == 1 else f"the subspace of {len(found.basis)} directions"
    )
    return plain(f"topic {topic.name} ({', '.join(topic.classes)}): {sets}; {what} is from them{share}")


def wrapped(text: str) -> str:
    """Prose in lines."""
    return fill(text, LINE, break_on_hyphens=False)


def notes(named: Mapping[str, str]) -> Iterator[str]:
    """Names and what is said of them, in one part: sentences of prose under a table."""
    if named:
        yield "\n".join(
            fill(f"{plain(name)}: {plain(text)}", LINE, subsequent_indent="    ", break_on_hyphens=False)
            for name, text in named.items()
        )


def not_measured(refused: Mapping[str, str]) -> Iterator[str]:
    """What was not measured, and why."""
    yield from notes({f"Not measured: {name}": reason for name, reason in refused.items()})


def audit_cells(row: AuditRow) -> tuple[Cell, ...]:
    """A measure for `COLUMNS`."""
    found = row.measurement
    if found is None:
        return row.measure, row.subject, None, None, None, None, row.unbiased, None, None
    known, total = min(found.coverage.values(), key=lambda pair: pair[0] / pair[1])
    numbers = found.value, found.low, found.high, found.p_value, row.unbiased
    return row.measure, row.subject, *numbers, known, total


def audit_content(audit: Audit) -> dict[str, Any]:
    """An audit for JSON."""
    return {
        "topic": audit.topic.name,
        "classes": list(audit.topic.classes),
        "fingerprint": audit.topic.fingerprint,
        "explained": audit.subspace.explained,
        "definitional": audit.subspace.words,
        "seed": audit.seed,
        "measures": [
            {
                "measure": row.measure,
                "subject": row.subject,
                "unbiased": row.unbiased,
                "measurement": row.measurement and row.measurement.as_dict(),
                "refused": row.refused,
            }
            for row in audit.rows
        ],
        "leaning": [found.as_dict() for found in audit.leaning],
    }


def _parts(findings: Findings) -> list[Part]:
    audit = findings.audit
    heading = "\n".join(wrapped(line) for line in (space_line(findings.space), topic_line(audit)))
    parts: list[Part] = [heading, audit_table(audit)]
    parts += [*notes(meanings(audit)), *not_measured(refusals(audit))]
    if leaning := leaning_table(audit):
        parts.append(leaning)
    if findings.stereotypes:
        parts.append(stereotype_table(findings.stereotypes))
    if findings.famous:
        parts.append(famous_table(findings.famous))
    return parts


def _content(findings: Findings) -> dict[str, Any]:
    found = findings.stereotypes
    return {
        "vectors": findings.space.name,
        **audit_content(findings.audit),
        "stereotypes": found
        and {
            "pair": found.pair,
            "neutral": [one._asdict() for one in found.neutral],
            "common": [one._asdict() for one in found.common],
        },
        "examples": [
            {
                "question": asked.question,
                "missing": asked.missing,
                "without": [answer._asdict() for answer in asked.without],
                "with_query": [answer._asdict() for answer in asked.with_query],
            }
            for asked in findings.famous
        ],
    }
