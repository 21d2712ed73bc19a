"""`read_labeled`: labeled texts from tables, data frames, lines of text or a folder per class."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from embedkit.errors import InputError
from embedkit.text.datasets.class_folders import read_class_folder
from embedkit.text.datasets.columns import chosen_rows, find_columns, named_value
from embedkit.text.datasets.dataset import Labeled
from embedkit.text.datasets.frames import frame_table
from embedkit.text.datasets.headers import with_names
from embedkit.text.datasets.labeled_lines import read_labeled_lines
from embedkit.text.datasets.labels import label_of
from embedkit.text.datasets.row_checks import (
    LabeledRows,
    check_classes,
    checked_numbers_of,
    number_cell,
    text_cell,
    warn_of_nameless,
)
from embedkit.text.datasets.tables import DataTable, open_table
from embedkit.text.datasets.token_tags import TokenTags
from embedkit.text.formats.sources import TEXT_SUFFIXES


def read_labeled(
    source: Any,
    *,
    text_column: str | int | None = None,
    label_column: str | int | None = None,
    only: str | None = None,
    label_separator: str | None = None,
    label_end: str | None = None,
    label_first: bool = False,
    header: bool | None = None,
    quoting: bool | None = None,
    encoding: str = "utf-8",
    skip_bad_rows: bool = False,
    numbers: bool = False,
) -> Labeled:
    """The labeled texts in a csv, tsv, jsonl, parquet or txt file, a folder of classes or a data frame.

    One value is one label, however it is stored: True and "true" are "true", 1, 1.0 and "1.0" are "1".

    Args:
        source: a path, or a data frame of pandas, polars, pyarrow or another library. What a file is, its
            suffix tells; all but parquet may be compressed. A line of a .txt file is a text among whose words
            are its labels, as fastText's are (`__label__good fine film`). Of a folder, each .txt file in a
            sub-folder, plain or compressed, is a text whose label is the name of the sub-folder.
        text_column: the name, or the number from 1, of the column of texts; found if None.
        label_column: the same of labels.
        only: leave out all rows of a table but those in which a column holds a value, as "part=train" says.
        label_separator: what parts several labels in a cell; a cell with a list holds several anyway.
        label_end: where the labels that are kept end: with ":" the label "a:b" is "a".
        label_first: whether the first word of each line of a .txt file is its label.
        header: whether the first row of csv or tsv names the columns; found if None.
        quoting: whether quotes enclose cells of csv or tsv; found if None.
        encoding: of the text.
        skip_bad_rows: leave out rows that cannot be read, with a warning that counts and names them, instead
            of refusing the file: of another width than the others, without text or label, damaged.
        numbers: whether the labels are numbers to be predicted, such as ratings, and no classes.

    Raises:
        InputError: no texts, texts without labels, or columns that are not there or cannot be told.
        FormatError: a line that cannot be read; it is named.

    Example:
        >>> import pyarrow
        >>> from embedkit import read_labeled
        >>> frame = pyarrow.table({"review": ["a fine film", "what a bore"], "stars": [5, 1]})
        >>> read_labeled(frame, label_column="stars").labels
        ['5', '1']
    """
    named = (text_column, label_column, only and named_value(only)[0])
    if label_separator == "":
        raise InputError("expected what parts labels, such as a comma, got an empty separator; leave it out")
    if not isinstance(source, str | Path):
        table = frame_table(source, skip_bad_rows)
        return _read_table(table, text_column, label_column, only, label_separator, label_end, numbers)
    path = Path(source)
    if only is not None and (path.is_dir() or path.name.lower().endswith(TEXT_SUFFIXES)):
        raise InputError(f"{path}: only a table has rows to choose by {only!r}; leave the choice out")
    if path.is_dir():
        data = read_class_folder(path, encoding, skip_bad_rows)
        return checked_numbers_of(data) if numbers else data
    if path.name.lower().endswith(TEXT_SUFFIXES):
        data = read_labeled_lines(path, encoding, label_first, label_separator, label_end, skip_bad_rows)
        return checked_numbers_of(data) if numbers else data
    table = open_table(path, encoding=encoding, quoting=quoting, skip_bad_rows=skip_bad_rows)
    table = with_names(table, header, named)
    return _read_table(table, text_column, label_column, only, label_separator, label_end, numbers)


def _read_table(
    table: DataTable,
    text_column: str | int | None,
    label_column: str | int | None,
    only: str | None,
    separator: str | None,
    end: str | None,
    numbers: bool,
) -> Labeled:
    """The labeled texts in a table with names."""
    columns = find_columns(table, text_column, label_column, numbers=numbers)
    place = columns.label or 0
    rows = LabeledRows(table.bad, f"label in column {columns.quoted(place)}")
    nameless = [number for number, other in enumerate(columns.names) if number and not other]
    beside: list[int] = []
    tags = TokenTags()
    for line, cells in chosen_rows(table, only):
        text = text_cell(cells, columns, table.bad, line)
        if text is not None and (not numbers or number_cell(cells, columns, table.bad, line)):
            rows.add(line, text, label_of(cells[place], separator, end))
            tags.add(cells[columns.text], cells[place])
        if nameless and any(str(cells[number]).strip() for number in nameless):
            beside.append(line)
    tags.check(table.name)
    data = rows.finish(str(columns))
    if not numbers:
        check_classes(data, columns.quoted(place), named=label_column is not None)
    warn_of_nameless(table.name, beside)
    return data
