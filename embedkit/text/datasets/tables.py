"""`DataTable`: rows of csv, tsv, JSON lines and parquet files, with line numbers.

What a file is, its name says: `.csv`, `.tsv`, `.jsonl` (or `.ndjson`), `.parquet`; the first three may be
compressed (.gz, .bz2, .xz, .zst, .zip).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from embedkit.errors import FormatError, InputError
from embedkit.text.compression import SUFFIXES
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.datasets.delimited import delimited_rows
from embedkit.text.datasets.json_lines import json_rows
from embedkit.text.datasets.lines import numbered_lines
from embedkit.text.datasets.parquet import parquet_rows

FORMATS = ".csv, .tsv, .jsonl, .parquet or .txt"
SAMPLE = 1000  # rows by which the columns of a table are detected before it is read on

TableRow = tuple[int, list[Any]]  # the number of its line, from 1, and a cell a column


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
        encoding: of text; one in which a line end is a single byte, as in UTF-8 and latin-1.
        quoting: whether a cell of csv or tsv may stand between quotes; None decides by the first rows of a
            tsv, and takes a csv to be quoted.
        skip_bad_rows: leave out rows that cannot be read instead of refusing them.

    Raises:
        InputError: no such file, or one of an unknown suffix or without rows.
        FormatError: a row that cannot be read; its line is named.
    """
    kind = suffix_of(path)
    bad = BadRows(str(path), skip_bad_rows)
    columns = None
    rows: Iterator[TableRow]
    if kind in (".csv", ".tsv"):
        rows = delimited_rows(numbered_lines(path, encoding, bad), kind, quoting, bad)
    elif kind in (".jsonl", ".ndjson"):
        columns, rows = json_rows(numbered_lines(path, encoding, bad), SAMPLE, bad)
    elif kind == ".parquet" and path.suffix.lower() != kind:
        raise InputError(f"{path}: parquet is compressed in itself; unpack the file first")
    elif kind == ".parquet":
        columns, rows = parquet_rows(path, SAMPLE)
    else:
        raise InputError(
            f"expected a folder or a file whose name ends with {FORMATS}, got {path}{_reason(path)}"
        )
    sample = list(islice(rows, SAMPLE))
    if not sample:
        bad.warn(0)
        raise InputError(f"{path}: expected rows, got an empty file")
    bad.check_width(len(sample[0][1]))
    return DataTable(str(path), columns, sample, rows, bad)


def suffix_of(path: Path) -> str:
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
