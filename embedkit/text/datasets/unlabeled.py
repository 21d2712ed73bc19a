"""Texts without their labels, of the same files as labeled ones: one by one, or named after their file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from embedkit.errors import InputError
from embedkit.files import check_regular
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.datasets.columns import Columns, find_columns
from embedkit.text.datasets.headers import with_names
from embedkit.text.datasets.lines import numbered_lines
from embedkit.text.datasets.row_checks import text_cell
from embedkit.text.datasets.tables import DataTable, open_table
from embedkit.text.formats.sources import TEXT_SUFFIXES
from embedkit.text.label_words import without_labels
from embedkit.text.reading.structured import warn_of_form


@dataclass(frozen=True)
class NamedTexts(Sequence[str]):
    """Texts without labels that know where they are from.

    Args:
        texts: n texts.
        name: of the file.
        columns: a sentence about where in it they were found.
    """

    texts: Sequence[str] = field(repr=False)
    name: str
    columns: str

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, place: Any) -> Any:
        return self.texts[place]

    def __deepcopy__(self, memo: object) -> NamedTexts:
        """The same texts, which never change: clones of an estimator share them."""
        return self


def read_texts(
    path: str | Path,
    *,
    text_column: str | int | None = None,
    label_first: bool = False,
    header: bool | None = None,
    quoting: bool | None = None,
    encoding: str = "utf-8",
    skip_bad_rows: bool = False,
) -> Iterator[str]:
    """The texts of a table, as `read_labeled` finds them, or the lines of a .txt file, one by one.

    Labels in lines are no part of a text: words that begin with `__label__`, or with `label_first` the first.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError(f"expected a file of texts, got the folder {path}; name a file in it")
    if path.name.lower().endswith(TEXT_SUFFIXES):
        check_regular(path)
        warn_of_form(path, encoding)
        yield from _lines(path, encoding, label_first, BadRows(str(path), skip_bad_rows))
        return
    rows = read_rows(
        path,
        text_column=text_column,
        header=header,
        quoting=quoting,
        encoding=encoding,
        skip_bad_rows=skip_bad_rows,
    )
    yield from (text for text, _ in rows)


def read_rows(
    path: Path,
    *,
    text_column: str | int | None = None,
    header: bool | None = None,
    quoting: bool | None = None,
    encoding: str = "utf-8",
    skip_bad_rows: bool = False,
) -> Iterator[tuple[str, list[Any]]]:
    """The texts of a table, each with the cells of the other columns."""
    table = open_table(path, encoding=encoding, quoting=quoting, skip_bad_rows=skip_bad_rows)
    table = with_names(table, header, (text_column,))
    yield from _texts(table, find_columns(table, text_column, None, labeled=False))


def read_named_texts(
    path: str | Path,
    *,
    text_column: str | int | None = None,
    header: bool | None = None,
    quoting: bool | None = None,
    encoding: str = "utf-8",
    skip_bad_rows: bool = False,
) -> NamedTexts:
    """The texts of a file that stands beside one of labeled texts, whose columns it may lack.

    Args:
        path: a table or a .txt file, as `read_texts` takes them.
        text_column: the column of texts where there is such a one; else it is found, as if None.
        header: whether the first row of csv or tsv names the columns; found if None.
        quoting: whether quotes enclose cells of csv or tsv; found if None.
        encoding: of the text.
        skip_bad_rows: leave out rows that cannot be read, with a warning, instead of refusing the file.

    Raises:
        InputError: no texts.
        FormatError: a line that cannot be read, or that holds no text; it is named.
    """
    path = Path(path)
    if path.is_dir() or path.name.lower().endswith(TEXT_SUFFIXES):
        lines = list(read_texts(path, encoding=encoding, skip_bad_rows=skip_bad_rows))
        if not lines:
            raise InputError(f"{path}: expected a text a line, got none")
        return NamedTexts(lines, str(path), "a text a line")
    table = open_table(path, encoding=encoding, quoting=quoting, skip_bad_rows=skip_bad_rows)
    table = with_names(table, header, (text_column,))
    try:
        columns = find_columns(table, text_column, None, labeled=False)
    except InputError:
        columns = find_columns(table, None, None, labeled=False)
    return NamedTexts([text for text, _ in _texts(table, columns)], str(path), str(columns))


def _lines(path: Path, encoding: str, label_first: bool, bad: BadRows) -> Iterator[str]:
    count = 0
    for _, line in numbered_lines(path, encoding, bad):
        if line.strip():
            count += 1
            text = "".join(line.split(maxsplit=1)[1:]) if label_first else without_labels(line)
            yield text.rstrip("\r\n")
    bad.warn(count)


def _texts(table: DataTable, columns: Columns) -> Iterator[tuple[str, list[Any]]]:
    count = 0
    for line, cells in table.rows():
        text = text_cell(cells, columns, table.bad, line)
        if text is not None:
            count += 1
            yield text, [*cells[: columns.text], *cells[columns.text + 1 :]]
    table.bad.warn(count)
