"""The report of `embedkit bias --weat` as text, Markdown, TSV and JSON."""

from __future__ import annotations

from embedkit.bias.weat_report import WeatReport, WeatRow
from embedkit_cli.bias.audit_styles import vectors_line
from embedkit_cli.bias.documents import DocumentPart, Heading, Lead, Notes, rendered
from embedkit_cli.bias.tables import (
    PERCENT,
    certainty,
    covered,
    lowercase_note,
    lowercased_words,
)
from embedkit_cli.evaluation.report_tables import score
from embedkit_cli.shared.tables import Column, Table, tsv_lines
from embedkit_cli.shared.text import json_line, sentence

PUBLISHED = {"glove": "GloVe", "word2vec": "word2vec"}  # how headings name the vectors of published values
PUBLISHED_NOTE = (
    "The effect size that the source of a test gives, of its own vectors, in standard deviations of the "
    "sample: GloVe is glove.840B.300d, word2vec is GoogleNews-vectors-negative300, both cased. Beside other "
    "vectors it is another measurement, and with * of other words too, as some are missing here or found in "
    "lower case."
)
RANKING_NOTE = (
    "The mean of the absolute effect sizes over {}, measured on all vectors; 1 is the "
    "least biased. Each is measured on the words that it knows: compare what is covered."
)
NO_RANKING = "There is no ranking: no test was measured on all vectors."


def weat_report_as(style: str, report: WeatReport) -> str:
    """The report in a style of the option --format; JSON of one space is that space alone."""
    if style == "json":
        content = report.as_dict()
        [*spaces] = content["spaces"]
        return json_line(content if len(spaces) > 1 else spaces[0])
    table = weat_table(report)
    if style == "tsv":
        return "\n".join(tsv_lines([column.name for column in table.columns], table.rows))
    parts: list[DocumentPart] = [Lead(lead(report)), table, Notes(notes(report)), Notes(refused(report))]
    if len(report.spaces) > 1:
        parts += [Heading("Ranking"), *ranking_parts(report)]
    return rendered(parts, style)


def lead(report: WeatReport) -> list[str]:
    """The vectors, a line each."""
    return [vectors_line(name, vectors) for name, vectors in report.spaces.items()]


def weat_table(report: WeatReport) -> Table:
    """A row a test, beside its published effect sizes; a row a test and space if there are several."""
    words, counts = covered([row.measurement for row in report.rows])
    names = list(dict.fromkeys(name for test in report.tests for name in test.published))
    several = len(report.spaces) > 1
    columns = (
        Column("WEAT"),
        *([Column("vectors")] if several else ()),
        *(Column(name, True) for name in ("effect size", f"{PERCENT} interval", "one-sided p")),
        *words,
        *(Column(f"published, {PUBLISHED.get(name, name)}", True) for name in names),
    )
    cells = [
        (
            row.test.name,
            *([row.vectors] if several else ()),
            score(row.measurement and row.measurement.value),
            *certainty(row.measurement),
            *count,
            *(_published(row, name) for name in names),
        )
        for row, count in zip(report.rows, counts, strict=True)
    ]
    return Table(columns, cells)


def notes(report: WeatReport) -> dict[str, str]:
    """How to read the columns, in a sentence each."""
    meanings = {
        row.measurement.name: sentence(row.measurement.meaning) for row in report.rows if row.measurement
    }
    published = {"published": PUBLISHED_NOTE} if any(test.published for test in report.tests) else {}
    return {**meanings, **lowercase_note(lowercased_words(report.rows)), **published}


def refused(report: WeatReport) -> dict[str, str]:
    """Why a test was not measured, by its name."""
    several = len(report.spaces) > 1
    return {
        f"Not measured: {row.test.name}{f' on {row.vectors}' if several else ''}": row.refused
        for row in report.rows
        if row.refused
    }


def ranking_parts(report: WeatReport) -> list[str | Table]:
    """The ranking of several spaces with a sentence on what it is, or why there is none."""
    if not report.ranking:
        return [NO_RANKING]
    columns = Column("rank", True), Column("vectors"), Column("mean absolute effect size", True)
    rows = [
        (str(ranked.rank), ranked.vectors, score(ranked.mean_absolute_effect)) for ranked in report.ranking
    ]
    return [Table(columns, rows), RANKING_NOTE.format(", ".join(report.shared))]


def _published(row: WeatRow, name: str) -> str:
    """A published effect size, with a star if it is not of the words that were measured."""
    if name not in row.test.published:
        return ""
    star = "*" if row.measurement and not row.measurement.complete else ""
    return f"{row.test.published[name]:.2f}{star}"
