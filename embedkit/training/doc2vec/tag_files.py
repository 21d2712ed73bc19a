"""Tags of documents in files: a tag a line, or in a column of the tables that hold the texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from embedkit.errors import InputError
from embedkit.progress import Progress
from embedkit.text.datasets.columns import find_columns, named_column
from embedkit.text.datasets.frames import frame_table
from embedkit.text.datasets.headers import with_names
from embedkit.text.datasets.label_values import label_text
from embedkit.text.datasets.tables import LINE_FORMATS, DataTable, open_table, suffix_of
from embedkit.text.formats.sources import Source
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.source_lines import source_lines
from embedkit.text.reading.texts_in_memory import Sources, TextsSource, open_sources

TABLES = "a table: .csv, .tsv, .jsonl or .parquet, or a data frame"


def tags_in(path: Path) -> list[str]:
    """The lines of a file, each a tag; those without one are empty."""
    tags: list[str] = []
    for line in source_lines(str(path)):
        tags += [""] * (line.number - 1 - len(tags)) + [line.text.strip()]
    return tags


def tagged_texts(
    sources: Sources, tag_column: str | int, reading: Reading, progress: Progress
) -> Iterator[tuple[str, str]]:
    """The tag and the text of each row of tables, a row at a time.

    Rows without a text or a tag are left out, and a warning counts them, unless `reading` is strict.

    Raises:
        InputError: something else than tables, no such column, or sentences as documents.
        FormatError: a table that cannot be read.
    """
    if reading.documents == "sentences":
        raise InputError("a tag is of a text, not of each sentence; leave documents or tag_column out")
    for source in open_sources(sources):
        table = _table(source, reading)
        table = with_names(table, reading.header, (reading.text_column, tag_column))
        tag = named_column(table, tag_column, "tag")
        columns = find_columns(table, reading.text_column, tag_column)
        text = columns.text
        found = f"texts from column {columns.quoted(text)}, tags from column {columns.quoted(tag)}"
        progress.note(f"{table.name}: {found}")
        kept = 0
        for line, cells in table.rows():
            name = label_text(cells[tag])
            if not isinstance(cells[text], str):
                table.bad.report(line, f"expected a text in column {columns.quoted(text)}")
            elif not name:
                table.bad.report(line, f"expected a tag in column {columns.quoted(tag)}")
            else:
                kept += 1
                yield name, cells[text]
        table.bad.warn(kept)


def _table(source: Source, reading: Reading) -> DataTable:
    if isinstance(source, TextsSource):
        texts: Any = source.texts.texts
        if isinstance(texts, list | tuple | Iterator):
            raise InputError(f"tag_column is for {TABLES}; give texts in memory their names as tags")
        return frame_table(texts, not reading.strict)
    if source.path is None or suffix_of(source.path) not in (*LINE_FORMATS, ".parquet"):
        raise InputError(f"tag_column is for {TABLES}, got {source.name}")
    return open_table(
        source.path, encoding=reading.encoding, quoting=reading.quoting, skip_bad_rows=not reading.strict
    )
