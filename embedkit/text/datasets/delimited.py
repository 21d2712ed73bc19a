r"""Rows of csv and tsv: cells between delimiters, some of them between quotes.

A quote inside a quoted cell is written twice ("") or, as R and Spark do, after a backslash (\"). A first line
such as `sep=;`, which Excel reads, names the delimiter. R's write.table gives rows names, and none to their
column: they are left out.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from embedkit.text.datasets.bad_rows import BadRows

SAMPLE = 1000  # lines by which the dialect is detected
DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR = re.compile(r'"?sep=(.)"?[\s,;|]*', re.IGNORECASE)  # Excel pads it to the width of rows
_ESCAPED = re.compile(r'(?<!\\)((?:\\\\)*)\\"')  # a quote after an odd number of backslashes

NumberedLine = tuple[int, str]
CellRow = tuple[int, list[str]]


class _Shape(NamedTuple):
    """How lines fall into rows: of each the first line and the number of its cells; whether quotes fit."""

    rows: list[tuple[str, int]]
    sound: bool

    @property
    def widths(self) -> Counter[int]:
        return Counter(width for _, width in self.rows)

    @property
    def usual(self) -> tuple[int, float]:
        """The number of cells that most rows have, and the share of these rows."""
        width, count = max(self.widths.items(), key=lambda item: item[1], default=(0, 0))
        return width, count / max(len(self.rows), 1)


@dataclass(frozen=True)
class _Dialect:
    delimiter: str
    quoted: bool
    width: int  # of most rows
    row_names: bool
    plain: bool  # whether rows are equally wide if quotes mean nothing

    @property
    def advice(self) -> str:
        """How to mend a row that breaks the rules of quoting."""
        if self.plain:
            return "if quotes have no meaning in this file, say so (--no-quoting)"
        return 'write a quote inside a quoted cell twice ("")'


def delimited_rows(
    lines: Iterator[NumberedLine], kind: str, quoting: bool | None, bad: BadRows
) -> Iterator[CellRow]:
    """The rows of csv or tsv, with the number of the line where each begins.

    Args:
        lines: of the file.
        kind: its suffix.
        quoting: whether cells may stand between quotes; None for those of csv, and of tsv if they seem so.
        bad: what to do about rows that break the rules of quoting.
    """
    first = list(islice(lines, 1))
    separator = _SEPARATOR.fullmatch(first[0][1]) if first else None
    sample = [*([] if separator else first), *islice(lines, SAMPLE)]
    dialect = _dialect([line for _, line in sample], kind, quoting, separator and separator[1])
    lines = chain(sample, lines)
    rows = _quoted(lines, dialect, bad) if dialect.quoted else _plain(lines, dialect.delimiter)
    if not dialect.row_names:
        return rows
    return chain(islice(rows, 1), ((number, cells[1:]) for number, cells in rows))


def _dialect(lines: Sequence[str], kind: str, quoting: bool | None, given: str | None) -> _Dialect:
    delimiter = given or ("\t" if kind == ".tsv" else _delimiter(lines))
    shape, plain = _shape(lines, delimiter), _plain_shape(lines, delimiter)
    if quoting is None:
        quoting = kind == ".csv" or _seems_quoted(lines, delimiter, shape, plain)
    row_names = quoting and _has_row_names(shape, delimiter)
    return _Dialect(delimiter, quoting, shape.usual[0], row_names, len(plain.widths) == 1)


def _delimiter(lines: Sequence[str]) -> str:
    """The delimiter that parts lines into equally many cells, more than one; else into the most regular."""
    shapes = {delimiter: _shape(lines, delimiter) for delimiter in DELIMITERS}
    several = [delimiter for delimiter, shape in shapes.items() if shape.usual[0] > 1]
    return max(several, key=lambda each: (shapes[each].sound, shapes[each].usual[1]), default=",")


def _seems_quoted(lines: Sequence[str], delimiter: str, shape: _Shape, plain: _Shape) -> bool:
    """Whether cells begin with quotes, and rows are as regular if quotes are taken as such.

    Where every line is a row of the usual width, a quote that joins some of them is none.
    """
    opened = re.compile(f'(^|{re.escape(delimiter)})"')
    joins = len(plain.widths) == 1 and len(shape.rows) < len(plain.rows)
    return any(map(opened.search, lines)) and shape.sound and not joins and shape.usual[1] >= plain.usual[1]


def _has_row_names(shape: _Shape, delimiter: str) -> bool:
    """Whether each row begins with a quoted number of its own, for which the header has no name."""
    (header, width), *others = shape.rows or [("", 0)]
    name = re.compile(rf'"\d+"(?={re.escape(delimiter)})')
    names = [found[0] for line, cells in others if cells == width + 1 and (found := name.match(line))]
    return header.startswith('"') and 0 < len(others) == len({*names})


def _shape(lines: Sequence[str], delimiter: str) -> _Shape:
    shape = _shape_of(lines, delimiter)
    return shape if shape.sound else _shape_of(list(map(_unescaped, lines)), delimiter)


def _shape_of(lines: Sequence[str], delimiter: str) -> _Shape:
    """How lines fall into rows up to the first that breaks the rules of quoting."""
    reader, begin, rows = csv.reader(lines, delimiter=delimiter, strict=True), 0, []
    try:
        for cells in reader:
            if cells:
                rows.append((lines[begin], len(cells)))
            begin = reader.line_num
    except csv.Error as error:
        return _Shape(rows, "unexpected end" in str(error))  # a row may go on after the sample
    return _Shape(rows, True)


def _plain_shape(lines: Sequence[str], delimiter: str) -> _Shape:
    return _Shape([(line, line.count(delimiter) + 1) for line in lines if line.strip()], True)


def _plain(lines: Iterator[NumberedLine], delimiter: str) -> Iterator[CellRow]:
    for number, line in lines:
        if line.strip():
            yield number, line.rstrip("\r\n").split(delimiter)


def _quoted(lines: Iterator[NumberedLine], dialect: _Dialect, bad: BadRows) -> Iterator[CellRow]:
    r"""The rows of lines with quotes; after a bad one it is read on from the line below its first.

    From the first row on that is wrong otherwise, quotes after a backslash are those of a cell's content.
    """
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # the module's own limit is 128 KiB a cell
    again: deque[NumberedLine] = deque()
    row: list[NumberedLine] = []
    escaped = False

    def feed() -> Iterator[str]:
        while again:
            row.append(again.popleft())
            yield _unescaped(row[-1][1]) if escaped else row[-1][1]
        for pair in lines:
            row.append(pair)
            yield _unescaped(pair[1]) if escaped else pair[1]

    while True:
        try:
            for cells in csv.reader(feed(), delimiter=dialect.delimiter, strict=True):
                if len(row) > 1 and len(cells) != dialect.width:
                    raise csv.Error(f"the quote is closed in line {row[-1][0]} only")
                if cells:
                    yield row[0][0], cells
                row.clear()
            return
        except csv.Error as error:
            if escaped or not any(_ESCAPED.search(line) for _, line in row):
                bad.report(row[0][0], f"{error}; {dialect.advice}")
                del row[0]
            else:
                escaped = True
            again.extendleft(reversed(row))
            row.clear()


def _unescaped(line: str) -> str:
    r"""The line with \" as "", which csv.reader takes for a quote inside a cell."""
    return _ESCAPED.sub(r'\1""', line) if '\\"' in line else line
