"""The texts in a column of a table as UTF-8, a line each; line ends inside a text become spaces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from embedkit.errors import FormatError, InputError
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.datasets.columns import Columns, find_columns
from embedkit.text.datasets.headers import TEXT_NAMES, with_names
from embedkit.text.datasets.lines import decoded_lines, with_newlines
from embedkit.text.datasets.parquet import parquet_column, parquet_rows
from embedkit.text.datasets.tables import SAMPLE, DataTable, NoRowsError, table_of_lines, table_of_rows
from embedkit.text.formats.encodings import likely_encoding, naming_advice, replace_surrogates
from embedkit.text.reading.file_reading import Reading

BATCH = 1000  # texts made bytes at once

Say = Callable[[str, Columns], None]  # told the name of a table, and which column holds its texts


def line_table_texts(
    kind: str, text: Iterator[bytes], head: bytes, replace: bool, bad: BadRows, reading: Reading, say: Say
) -> Iterator[bytes]:
    """The texts in csv, tsv or JSON lines; none of a table without rows.

    Args:
        kind: its suffix.
        text: its content in UTF-8, in chunks.
        head: the first of its bytes, which tell the encoding of what is not UTF-8 after all.
        replace: whether such bytes are passed on as they are.
        bad: what to do about rows that cannot be read.
        reading: how columns are found.
        say: told which column it is.

    Raises:
        InputError: no column of texts, or not the one that was named.
        FormatError: a text in another encoding, or a row that cannot be read and shall not be left out.
    """

    def undecodable(number: int, line: bytes, error: UnicodeDecodeError) -> str | None:
        if replace:
            return line.decode(errors="surrogateescape")
        told, sample = f"byte 0x{line[error.start]:02x} is not utf-8", line + head
        if likely_encoding(sample) != "utf-8":
            raise FormatError(f"{bad.name}, line {number}: {told}; {naming_advice(sample, 'utf-8')}")
        bad.report(number, told)
        return None

    lines = with_newlines(decoded_lines(text, bad.name, "utf-8", undecodable), bad.name)
    try:
        table = table_of_lines(lines, kind, reading.quoting, bad)
        table = with_names(table, reading.header, (reading.text_column,))
    except NoRowsError:  # as programs write them that write a part each
        return
    columns = find_text_column(table, reading.text_column)
    say(table.name, columns)
    kept = 0
    texts: list[str] = []
    for line, cells in table.rows():
        cell = cells[columns.text]
        if not isinstance(cell, str):
            report_no_text(bad, line, cell, columns)
            continue
        texts.append(cell)
        if len(texts) == BATCH:
            kept += BATCH
            yield as_lines(texts)
            texts.clear()
    yield as_lines(texts)
    bad.warn(kept + len(texts))


def parquet_texts(file: Path | IO[bytes], bad: BadRows, reading: Reading, say: Say) -> Iterator[bytes]:
    """The texts in a parquet table, of which no more than a batch is in memory; see `line_table_texts`."""
    try:
        table = table_of_rows(*parquet_rows(file, bad.name, SAMPLE), bad)
    except NoRowsError:
        return
    columns = find_text_column(table, reading.text_column)
    say(table.name, columns)
    kept = begin = 0
    for cells in parquet_column(file, bad.name, columns.text):
        texts = [cell for cell in cells if isinstance(cell, str)]
        if len(texts) < len(cells):
            for number, cell in enumerate(cells, begin + 1):
                if not isinstance(cell, str):
                    report_no_text(bad, number, cell, columns)
        begin += len(cells)
        kept += len(texts)
        yield as_lines(texts)
    bad.warn(kept)


def find_text_column(table: DataTable, name: str | int | None) -> Columns:
    """The column of texts that somebody named, else the one that is found.

    Raises:
        InputError: there is no such column; or none that is called as texts are, or holds any.
    """
    if not table.columns:
        raise InputError(f"{table.name}: expected a column of texts, got rows without columns")
    columns = find_columns(table, name, None, labeled=False)
    usual = columns.names[columns.text].lower() in TEXT_NAMES
    words = 1 if len(columns.names) == 1 else 2
    cells = (cells[columns.text] for _, cells in table.sample if columns.text < len(cells))
    if name is None and not usual and not any(_is_text(cell, words) for cell in cells):
        raise InputError(
            f"{table.name}: expected a column of texts, got none that looks like one; there are "
            f"{columns.listed()}; name the column (--text-column) if it is one of them"
        )
    return columns


def report_no_text(bad: BadRows, line: int, cell: Any, columns: Columns) -> None:
    """Report a row whose cell is no text."""
    bad.report(line, f"expected a text in column {columns.quoted(columns.text)}, got {cell!r:.80}")


def as_lines(texts: Sequence[str]) -> bytes:
    r"""Texts as UTF-8, a line each: ["a\nb", "c"] gives b"a b\nc\n".

    Bytes that could not be decoded are themselves again; lone surrogates become U+FFFD.
    """
    lines = "\n".join(texts)
    if lines.count("\n") >= len(texts):
        lines = "\n".join(text.replace("\n", " ") for text in texts)
    end = "\n" if texts else ""
    try:
        return f"{lines}{end}".encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return f"{replace_surrogates(lines)}{end}".encode()


def _is_text(cell: Any, words: int) -> bool:
    """Whether a cell has so many words or, of a script that may have no blanks between them, any."""
    if not isinstance(cell, str):
        return False
    found = sum(any(map(str.isalpha, word)) for word in cell.split())
    return found >= words or (found > 0 and not cell.isascii())
