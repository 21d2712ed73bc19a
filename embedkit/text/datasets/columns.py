"""Columns of texts and labels in a table: by name, else by usual names, else by content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from embedkit.errors import InputError
from embedkit.hyperparameters import name_and_value
from embedkit.text.datasets.headers import LABEL_NAMES, NUMBER_NAMES, TEXT_NAMES
from embedkit.text.datasets.label_values import are_measures, label_text, number_of
from embedkit.text.datasets.tables import DataTable, TableRow
from embedkit.text.label_words import PREFIX

SHOWN, MAX_NAME = 20, 40  # names of columns in an error, and characters of each


@dataclass(frozen=True)
class Columns:
    """Where texts and labels stand, counted from 0, and how these columns are called.

    Labels may be numbers to be predicted.
    """

    text: int
    label: int | None
    names: tuple[str, ...]
    numbers: bool = False

    def __str__(self) -> str:
        """A sentence to be shown: "texts from column 'review', labels from column 'sentiment'"."""
        texts = f"texts from column {self.quoted(self.text)}"
        if self.label is None:
            return texts
        return f"{texts}, {'numbers' if self.numbers else 'labels'} from column {self.quoted(self.label)}"

    def quoted(self, place: int) -> str:
        """The name of a column as messages show it."""
        return _quoted(self.names[place])

    def listed(self) -> str:
        """The names of all columns as messages show them."""
        return _listed(self.names)


def find_columns(
    table: DataTable,
    text: str | int | None,
    label: str | int | None,
    labeled: bool = True,
    numbers: bool = False,
) -> Columns:
    """The columns of texts and, if `labeled`, of labels.

    Args:
        table: with names of columns; it is read on if only its content tells which column holds the labels.
        text: the name or the number of the column of texts, None to find it.
        label: the same of labels.
        labeled: whether there must be labels.
        numbers: whether the labels are numbers to be predicted.

    Raises:
        InputError: no such column, or no column that can be told to be the one.
    """
    names, usual_names = table.columns or (), NUMBER_NAMES if numbers else LABEL_NAMES
    places = list(range(len(names)))
    label_place = None if label is None else named_column(table, label, "label")
    if text is not None:
        text_place = named_column(table, text, "text")
    else:
        usual = _usual(table, places, usual_names, "label") if label is None and labeled else label_place
        text_place = _text_place(table, [place for place in places if place != usual])
    if label_place is None and labeled:
        find = _number_place if numbers else _label_place
        label_place = find(table, [place for place in places if place != text_place])
    if text_place == label_place:
        raise InputError(f"{table.name}: texts and labels cannot both be column {_quoted(names[text_place])}")
    return Columns(text_place, label_place, names, numbers)


def chosen_rows(table: DataTable, only: str | None) -> Iterator[TableRow]:
    """The rows of a table with names: all, or those in which a column holds a value, as "part=train" says.

    Raises:
        InputError: a choice of another form, of a column that is not there, or of no row.
    """
    return table.rows() if only is None else _rows_with(table, only)


def _rows_with(table: DataTable, only: str) -> Iterator[TableRow]:
    name, value = named_value(only)
    place, wanted, chosen = named_column(table, name, "rows"), label_text(value), False
    for row in table.rows():
        if label_text(row[1][place]) == wanted:
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


def named_column(table: DataTable, name: str | int, role: str) -> int:
    """The place of the column of this name or number; `InputError`, with its role, if there is none."""
    names, name = table.columns or (), str(name)
    if names.count(name) == 1:
        return names.index(name)
    if name.isdecimal() and 1 <= int(name) <= len(names) and name not in names:
        return int(name) - 1
    if name in names:
        raise _several(table, name, role)
    raise InputError(f"{table.name}: no column {_quoted(name)} for the {role}; there are {_listed(names)}")


def _several(table: DataTable, name: str, role: str) -> InputError:
    columns = enumerate(table.columns or (), 1)
    numbers = [str(place) for place, other in columns if other.lower() == name.lower()]
    return InputError(
        f"{table.name}: several columns {_quoted(name)} for the {role}; name one by its number, "
        f"{' or '.join(numbers[:SHOWN])} (--{role}-column)"
    )


def _text_place(table: DataTable, places: Sequence[int]) -> int:
    """The column with a usual name, else that with the most words."""
    if not places:
        raise InputError(f"{table.name}: expected a column of texts beside that of labels, got none")
    usual = _usual(table, places, TEXT_NAMES, "text")
    if usual is not None:
        return usual
    named = _with_names(table, places) or places
    return max(_without_dates(table, named) or named, key=lambda place: _size(table.sample, place))


def _label_place(table: DataTable, places: Sequence[int]) -> int:
    """The column with a usual name, else the one with the fewest different values in all rows.

    Columns of a header without a name are none, nor are dates and numbers with fractions.
    """
    usual = _usual(table, places, LABEL_NAMES, "label")
    if usual is not None:
        return usual
    named = _with_names(table, places)
    if len(named) == 1:
        return named[0]
    if not named:
        raise InputError(
            f"{table.name}: expected a column of labels beside that of texts, got none; if these are "
            f"fastText's lines with {PREFIX}, name the file .txt"
        )
    table.read_on()
    values = {place: _values(table, place) for place in named}
    classes = {
        place: len(different)
        for place, (different, rows) in values.items()
        if 1 < len(different) <= rows / 2 and not are_measures(different)
    }
    fewest = [place for place, count in classes.items() if count == min(classes.values())]
    if len(fewest) != 1:
        raise InputError(
            f"{table.name}: cannot tell which column holds the labels; name one of "
            f"{_listed(table.columns or ())} (--label-column)"
        )
    return fewest[0]


def _number_place(table: DataTable, places: Sequence[int]) -> int:
    """The column with a usual name, else the only one that holds nothing but numbers in the first rows."""
    usual = _usual(table, places, NUMBER_NAMES, "label")
    if usual is not None:
        return usual
    found = [
        place
        for place in _with_names(table, places)
        if all(number_of(cells[place]) is not None for _, cells in table.sample if place < len(cells))
    ]
    if len(found) != 1:
        raise InputError(
            f"{table.name}: cannot tell which column holds the numbers; name one of "
            f"{_listed(table.columns or ())} (--label-column)"
        )
    return found[0]


def _usual(table: DataTable, places: Sequence[int], usual: Sequence[str], role: str) -> int | None:
    """The column whose name comes first among the usual ones, None if none has such a name."""
    names = [name.lower() for name in table.columns or ()]
    found = next((name for name in usual if any(names[place] == name for place in places)), None)
    if found is None:
        return None
    place = names.index(found)
    if names.count(found) > 1:
        raise _several(table, (table.columns or ())[place], role)
    return place


def _with_names(table: DataTable, places: Sequence[int]) -> list[int]:
    """Those of the columns that have a name, which row names and padding have not."""
    return [place for place in places if (table.columns or ())[place]]


def _without_dates(table: DataTable, places: Sequence[int]) -> list[int]:
    """Those of the columns that hold something else than dates or numbers with fractions."""
    return [place for place in places if not are_measures(_values(table, place)[0])]


def _values(table: DataTable, place: int) -> tuple[set[str], int]:
    """The different cells of a column, and the number of those that have all columns."""
    width = len(table.columns or ())
    cells = [str(cells[place]) for _, cells in table.sample if len(cells) >= width]
    return set(cells), len(cells)


def _size(sample: Sequence[TableRow], place: int) -> tuple[int, int]:
    """Words and characters of a column: the more, the more it is text."""
    cells = [cells[place] for _, cells in sample if place < len(cells)]
    texts = [cell for cell in cells if isinstance(cell, str)]
    return sum(len(text.split()) for text in texts), sum(map(len, texts))


def _listed(names: Sequence[Any]) -> str:
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(map(_quoted, names[:SHOWN])) + more


def _quoted(name: str) -> str:
    return repr(name) if len(name) <= MAX_NAME else f"{name[:MAX_NAME]!r}..."
