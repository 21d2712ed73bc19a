"""`DataTable`: rows of csv, tsv, JSON lines and parquet files, with line numbers.

What a file is, its name says: `.csv`, `.tsv`, `.jsonl` (or `.ndjson`), `.parquet`; the first three may be
compressed (.gz, .bz2, .xz, .zst, .zip).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path, PurePath
from typing import Any

from embedkit.errors import FormatError, InputError
from embedkit.files import check_regular
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.datasets.delimited import delimited_rows
from embedkit.text.datasets.json_lines import json_rows
from embedkit.text.datasets.lines import NumberedLines, numbered_lines
from embedkit.text.datasets.parquet import parquet_rows
from embedkit.text.formats.compression import SUFFIXES

FORMATS = ".csv, .tsv, .jsonl, .parquet or .txt"
LINE_FORMATS = (".csv", ".tsv", ".jsonl", ".ndjson")
PARQUET = ".parquet"
SAMPLE = 1000  # rows by which the columns of a table are detected before it is read on

TableRow = tuple[int, list[Any]]  # the number of its line, from 1, and a cell a column


class NoRowsError(InputError):
    """A table without rows."""


@dataclass(frozen=True)
class DataTable:
    """Rows as they are read: `sample` holds the first, `rest` reads on.

    Args:
        name: of the file.
        columns: their names; None if the file names none, or does so in its first row.
        sample: the first rows.
        rest: the others; it can be read once.
        bad: what to do about rows that cannot be read.
        width_from: whose number of cells all rows must have.
    """

    name: str
    columns: tuple[str, ...] | None
    sample: list[TableRow]
    rest: Iterator[TableRow]
    bad: BadRows
    width_from: str = "the first row"

    def rows(self) -> Iterator[TableRow]:
        """The rows of a table with names that have a cell a column; any other is bad.

        Empty cells beyond the last column count for nothing, and columns without a name at the end may lack.

        Raises:
            FormatError: none of the first rows is as wide as the header.
        """
        names = self.columns or ()
        width = len(names)
        least = max((place for place, name in enumerate(names, 1) if name), default=width)
        some = False
        for line, cells in chain(self.sample, self.rest):
            if len(cells) != width and not _fitted(cells, width, least):
                if not some and all(len(row) == len(cells) for _, row in self.sample):
                    raise FormatError(f"{self.name}, line {line}: {self._misfit(len(cells))}")
                self.bad.report(line, self._misfit(len(cells)))
                continue
            some = True
            yield line, cells

    def read_on(self) -> None:
        """Read all rows into the sample, where the first ones do not tell which column is which."""
        self.sample.extend(self.rest)

    def _misfit(self, width: int) -> str:
        columns = len(self.columns or ())
        problem = f"expected {columns} columns as in {self.width_from}, got {width}"
        if width < columns and self.width_from == "the header":
            return problem
        advice = "put cells that hold the delimiter between quotes"
        if self.width_from == "the header" and {len(cells) for _, cells in self.sample} == {columns + 1}:
            advice += " or, if rows begin with their names, name that column in the header, too"
        return f"{problem}; {advice}"


def open_table(
    path: Path, *, encoding: str = "utf-8", quoting: bool | None = None, skip_bad_rows: bool = False
) -> DataTable:
    """The table in `path`.

    Args:
        path: a file whose name ends as its format demands.
        encoding: of text; any that Python knows.
        quoting: whether a cell of csv or tsv may stand between quotes; None decides by the first rows of a
            tsv, and takes a csv to be quoted.
        skip_bad_rows: leave out rows that cannot be read instead of refusing them.

    Raises:
        InputError: no such file, or one of an unknown suffix or without rows.
        FormatError: a row that cannot be read; its line is named.
    """
    kind = suffix_of(path)
    bad = BadRows(str(path), skip_bad_rows)
    if kind in LINE_FORMATS:
        return table_of_lines(numbered_lines(path, encoding, bad), kind, quoting, bad)
    if kind == PARQUET and path.suffix.lower() != kind:
        raise InputError(f"{path}: parquet is compressed in itself; unpack the file first")
    if kind == PARQUET:
        check_regular(path)
        return table_of_rows(*parquet_rows(path, str(path), SAMPLE), bad)
    raise InputError(f"expected a folder or a file whose name ends with {FORMATS}, got {path}{_reason(path)}")


def table_of_lines(lines: NumberedLines, kind: str, quoting: bool | None, bad: BadRows) -> DataTable:
    """The table in lines of text of a kind in `LINE_FORMATS`; see `open_table`."""
    if kind in (".csv", ".tsv"):
        return table_of_rows(None, delimited_rows(lines, kind, quoting, bad), bad)
    return table_of_rows(*json_rows(lines, SAMPLE, bad), bad)


def table_of_rows(columns: tuple[str, ...] | None, rows: Iterator[TableRow], bad: BadRows) -> DataTable:
    """The table of rows; `InputError` if there is none, or more columns than anyone can choose from."""
    sample = list(islice(rows, SAMPLE))
    if not sample:
        bad.warn(0)
        raise NoRowsError(f"{bad.name}: expected rows, got an empty file")
    bad.check_width(len(sample[0][1]))
    return DataTable(bad.name, columns, sample, rows, bad)


def suffix_of(path: PurePath) -> str:
    """The suffix that tells the format, in lower case: ".tsv" of "a.TSV.bz2"."""
    name = path.name.lower()
    packed = next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")
    return Path(name.removesuffix(packed)).suffix


def _fitted(cells: list[Any], width: int, least: int) -> bool:
    """Whether a row lacks or exceeds only empty cells at its end, which are then added or removed."""
    if least <= len(cells) < width:
        cells += [""] * (width - len(cells))
    elif len(cells) > width and not any(map(str.strip, cells[width:])):
        del cells[width:]
    return len(cells) == width


def _reason(path: Path) -> str:
    if not path.exists():
        return ", which does not exist"
    return ", an archive; unpack it first" if path.suffix.lower() in (".zip", ".tar", ".tgz", ".7z") else ""
