"""Names of columns: those of a first row that is a header, else 1, 2, 3 and so on."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from embedkit.errors import InputError
from embedkit.text.datasets.tables import DataTable, NoRowsError, TableRow

TEXT_NAMES = (
    *("text", "texts", "sentence", "review", "content", "comment", "body", "document", "message", "tweet"),
    *("question", "utterance", "phrase", "tokens"),
)  # of columns, the likeliest first
LABEL_NAMES = (
    *("emoji", "label", "labels", "class", "category", "categories", "target", "sentiment", "y", "emotion"),
    *("intent", "topic", "tag", "tags", "polarity"),
)
NUMBER_NAMES = "rating", "ratings", "score", "scores", "stars", "value", "target", "label", "y"
AMBIGUOUS = {*TEXT_NAMES[4:], "y", "topic", "tag", "class", "emotion"}  # names that may be a text or a label
SHOWN = 3  # cells that a warning repeats
HEADING = 3  # words that a cell of a header has at most
MIN_SORTED = 100  # rows whose label is the same: a file that is sorted by label
_UNSEGMENTED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def with_names(table: DataTable, header: bool | None, named: Sequence[str | int | None] = ()) -> DataTable:
    """The table with names for its columns: those of its header, else 1, 2, 3 and so on.

    Args:
        table: a csv or tsv, or a table that has names already.
        header: whether the first row names the columns; None decides by what it holds.
        named: columns that somebody called by their names, or by their numbers.

    Raises:
        InputError: no rows below the header, or a first row of which nobody can tell whether it is one.
    """
    if table.columns is not None:
        return table
    _leave_out_comments(table)
    first = [str(cell).strip() for cell in table.sample[0][1]]
    if header is None:
        asked = {name for name in named if isinstance(name, str) and name and not name.isdecimal()}
        header = bool(asked & {*first}) or _is_header(first, table.sample[1:], table.name)
    if not header:
        return _numbered(table)
    rest = table.sample[1:] or list(islice(table.rest, 1))
    if not rest:
        raise NoRowsError(f"{table.name}: expected rows below the header, got none")
    return replace(table, columns=tuple(first), sample=rest, width_from="the header")


def _leave_out_comments(table: DataTable) -> None:
    """Leave out, if bad rows may be, rows of one cell above the others, which are no header."""
    while table.bad.skip and len(table.sample[0][1]) == 1 < _usual_width(table):
        line, _ = table.sample.pop(0)
        table.bad.report(line, f"expected {_usual_width(table)} columns as in most rows, got 1")


def _usual_width(table: DataTable) -> int:
    return Counter(len(cells) for _, cells in table.sample).most_common(1)[0][0]


def _numbered(table: DataTable) -> DataTable:
    """The table with numbers for names, as many as most rows have cells."""
    width = _usual_width(table)
    whose = table.width_from if width == len(table.sample[0][1]) else "most rows"
    return replace(table, columns=tuple(str(number + 1) for number in range(width)), width_from=whose)


class _Column(NamedTuple):
    """A cell of the first row, and how often each cell is in the rows below it."""

    name: str
    below: Counter[str]

    @property
    def usual(self) -> bool:
        """Whether the cell is a usual name, and does not occur again."""
        return self.name.lower() in (*TEXT_NAMES, *LABEL_NAMES) and self.new

    @property
    def again(self) -> bool:
        """Whether the cell is one of the few labels that all cells below it seem to be."""
        return self.below[self.name] > 0 and len(self.below) <= max(1, self.below.total() / 2)

    @property
    def new(self) -> bool:
        return bool(self.name) and self.name not in self.below

    @property
    def above_numbers(self) -> bool:
        """Whether the cell has letters, and all below are numbers."""
        values = [cell for cell in self.below if cell]
        return any(map(str.isalpha, self.name)) and bool(values) and all(map(_NUMBER.fullmatch, values))

    @property
    def above_row_names(self) -> bool:
        """Whether the cell is empty, and all below are different numbers."""
        different = 0 < len(self.below) == self.below.total()
        return not self.name and different and all(map(str.isdecimal, self.below))

    @property
    def above_labels(self) -> bool:
        """Whether the cell is none of the labels that all below seem to be, each of several rows."""
        rows = self.below.total()
        few = 1 < len(self.below) <= rows / 2 or (len(self.below) == 1 and rows >= MIN_SORTED)
        return self.new and few and min(self.below.values()) > 1

    @property
    def words(self) -> int:
        return sum(len(cell.split()) * count for cell, count in self.below.items())


def _is_header(first: Sequence[str], rest: Sequence[TableRow], file: str) -> bool:
    """Whether a first row names the columns: no name is a label of rows below it, and none is a text.

    Raises:
        InputError: nobody can tell.
    """
    columns = [
        _Column(name, Counter(str(cells[place]).strip() for _, cells in rest if place < len(cells)))
        for place, name in enumerate(first)
    ]
    usual = {column.name.lower() for column in columns if column.usual}
    if columns[0].above_row_names or usual - AMBIGUOUS:
        return True
    again = any(column.name and column.again for column in columns)
    numbers = any(column.above_numbers for column in columns)
    labels = any(column.above_labels for column in columns)
    if not usual and (again or not (numbers or labels)):
        return False
    text = max(columns, key=lambda column: column.words).name
    short = not again and all(len(name.split()) <= HEADING for name in first)
    if short and (numbers or (usual and _is_name(text))):
        return True
    if usual or numbers:
        raise InputError(
            f"{file}: cannot tell whether the first row, {text[:40]!r} and so on, names the columns; say "
            "that it does (--header) or does not (--no-header)"
        )
    if short and _is_name(text):
        _warn_of_names(first, file)
        return True
    return False


def _warn_of_names(first: Sequence[str], file: str) -> None:
    names = ", ".join(map(repr, first[:SHOWN]))
    warnings.warn(
        f"{file}: the first row, {names}, is taken for the names of columns; if it is a text, say so "
        "(--no-header)",
        UserWarning,
        stacklevel=5,
    )


def _is_name(cell: str) -> bool:
    """Whether a cell above texts could name them: "said" or "Review Text" could, "love it" could not."""
    if _UNSEGMENTED.search(cell):
        return len(cell) <= 4
    if re.fullmatch(r"[\w.:/-]*", cell):
        return True
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+", cell)
    return bool(words) and words[-1].lower() in TEXT_NAMES
