"""Columns of texts and labels in a table: by name, else by usual names, else by content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from embedkit.errors import InputError
from embedkit.hyperparameters import name_and_value
from embedkit.text.datasets.tables import DataTable, TableRow

TEXT_NAMES = (
    *("text", "texts", "sentence", "review", "content", "comment", "body", "document", "message", "tweet"),
    *("question", "utterance", "phrase"),
)  # of columns, the likeliest first
LABEL_NAMES = (
    *(
        "emoji",
        "label",
        "labels",
        "class",
        "category",
        "categories",
        "target",
        "sentiment",
        "y",
        "emotion",
        "intent",
    ),
    *("topic", "tag", "tags", "polarity"),
)
HEADING = 3  # words that a cell of a header has at most


@dataclass(frozen=True)
class Columns:
    """Where texts and labels stand, counted from 0, and how these columns are called."""

    text: int
    label: int | None
    names: tuple[str, ...]

    def __str__(self) -> str:
        """A sentence to be shown: "texts from column 'review', labels from column 'sentiment'"."""
        labels = "" if self.label is None else f", labels from column {self.names[self.label]!r}"
        return f"texts from column {self.names[self.text]!r}{labels}"


def with_names(table: DataTable, header: bool | None, named: Sequence[str | int | None] = ()) -> DataTable:
    """The table with names for its columns: those of its header, else 1, 2, 3 and so on.

    Args:
        table: a csv or tsv, or a table that has names already.
        header: whether the first row names the columns; None decides by what it holds.
        named: columns that somebody called by their names.
    """
    if table.columns is not None:
        return table
    first = [str(cell).strip() for cell in table.sample[0][1]]
    if header is None:
        header = bool({*named} & {*first}) or _is_header(first, table.sample[1:])
    if not header:
        return replace(table, columns=tuple(str(number) for number in range(1, len(first) + 1)))
    rest = table.sample[1:] or list(islice(table.rest, 1))
    if not rest:
        raise InputError(f"{table.name}: expected rows below the header, got none")
    return replace(table, columns=tuple(first), sample=rest)


def find_columns(
    table: DataTable, text: str | int | None, label: str | int | None, labelled: bool = True
) -> Columns:
    """The columns of texts and, if `labelled`, of labels.

    Args:
        table: with names of columns.
        text: the name or the number of the column of texts, None to find it.
        label: the same of labels.
        labelled: whether there must be labels.

    Raises:
        InputError: no such column, or no column that can be told to be the one.
    """
    names = table.columns or ()
    places = list(range(len(names)))
    label_place = None if label is None else _named(table, label, "label")
    if text is not None:
        text_place = _named(table, text, "text")
    else:
        others = [place for place in places if place != label_place]
        text_place = _text_place(table, others, label_place is None)
    if label_place is None and labelled:
        label_place = _label_place(table, [place for place in places if place != text_place])
    if text_place == label_place:
        raise InputError(f"{table.name}: texts and labels cannot both be column {names[text_place]!r}")
    return Columns(text_place, label_place, names)


def chosen_rows(table: DataTable, only: str | None) -> Iterator[TableRow]:
    """The rows of a table with names: all, or those in which a column holds a value, as "part=train" says.

    Raises:
        InputError: a choice of another form, of a column that is not there, or of no row.
    """
    if only is None:
        yield from table.rows()
        return
    name, value = named_value(only)
    place, chosen = _named(table, name, "rows"), False
    for row in table.rows():
        if str(row[1][place]).strip() == value:
            chosen = True
            yield row
    if not chosen:
        raise InputError(f"{table.name}: no row has {value!r} in column {name!r}")


def named_value(only: str) -> tuple[str, str]:
    """The column and the value in "part=train"; `InputError` for another form."""
    parts = name_and_value(only)
    if parts is None:
        raise InputError(f"expected rows to be chosen as COLUMN=VALUE, such as part=train, got {only!r}")
    return parts


def _named(table: DataTable, name: str | int, role: str) -> int:
    names, name = table.columns or (), str(name)
    if names.count(name) == 1:
        return names.index(name)
    if name.isdecimal() and 1 <= int(name) <= len(names) and name not in names:
        return int(name) - 1
    problem = "several columns" if name in names else "no column"
    raise InputError(f"{table.name}: {problem} {name!r} for the {role}; there are {_listed(names)}")


def _text_place(table: DataTable, places: Sequence[int], by_name: bool) -> int:
    """The column with a usual name, else that with the most words."""
    if not places:
        raise InputError(f"{table.name}: expected a column of texts beside that of labels, got none")
    usual = _usual(table, places, TEXT_NAMES)
    if usual is not None:
        return usual
    return max(places, key=lambda place: _size(table.sample, place))


def _label_place(table: DataTable, places: Sequence[int]) -> int:
    """The column with a usual name, else the one with the fewest different values."""
    usual = _usual(table, places, LABEL_NAMES)
    if usual is not None:
        return usual
    if len(places) == 1:
        return places[0]
    different = {place: len({str(cells[place]) for _, cells in _even(table)}) for place in places}
    candidates = [place for place in places if 1 < different[place] <= len(table.sample) / 2]
    fewest = [
        place for place in candidates if different[place] == min(map(different.__getitem__, candidates))
    ]
    if len(fewest) != 1:
        raise InputError(
            f"{table.name}: cannot tell which column holds the labels; name one of "
            f"{_listed(table.columns or ())} (--label-column)"
        )
    return fewest[0]


def _usual(table: DataTable, places: Sequence[int], usual: Sequence[str]) -> int | None:
    """The column whose name comes first among the usual ones, None if none has such a name."""
    named = {(table.columns or ())[place].lower(): place for place in reversed(places)}
    return next((named[name] for name in usual if name in named), None)


def _is_header(first: Sequence[str], rest: Sequence[TableRow]) -> bool:
    """Whether a first row seems to name columns: by a usual name, or by a cell that is no label of theirs.

    A name must not occur again in its column.
    """
    columns = [
        Counter(str(cells[place]) for _, cells in rest if place < len(cells)) for place in range(len(first))
    ]
    pairs = list(zip(first, columns, strict=True))
    if any(name.lower() in (*TEXT_NAMES, *LABEL_NAMES) and name not in column for name, column in pairs):
        return True
    short = all(0 < len(name.split()) <= HEADING for name in first)
    return short and any(
        name not in column and 1 < len(column) <= len(rest) / 2 and min(column.values()) > 1
        for name, column in pairs
    )


def _even(table: DataTable) -> list[TableRow]:
    """The rows of the sample that have all columns."""
    return [row for row in table.sample if len(row[1]) == len(table.columns or ())]


def _size(sample: Sequence[TableRow], place: int) -> tuple[int, int]:
    """Words and characters of a column: the more, the more it is text."""
    cells = [cells[place] for _, cells in sample if place < len(cells)]
    texts = [cell for cell in cells if isinstance(cell, str)]
    return sum(len(text.split()) for text in texts), sum(map(len, texts))


def _listed(names: Sequence[Any]) -> str:
    return ", ".join(map(repr, names))
