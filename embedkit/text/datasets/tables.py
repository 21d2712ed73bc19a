"""`DataTable`: rows of csv, tsv, JSON lines and parquet files, with line numbers.

What a file is, its name says: `.csv`, `.tsv`, `.jsonl` (or `.ndjson`), `.parquet`; the first three may be
compressed (.gz, .bz2, .xz, .zst, .zip).
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from embedkit.errors import DependencyError, FormatError, InputError
from embedkit.files import check_regular
from embedkit.text.compression import SUFFIXES
from embedkit.text.encodings import checked_encoding, naming_advice, parsed_json
from embedkit.text.sources import Source

FORMATS = ".csv, .tsv, .jsonl, .parquet or .txt"
SAMPLE = 1000  # rows by which the columns of a table are detected before it is read on
DELIMITERS = (",", ";", "\t")

TableRow = tuple[int, list[Any]]  # the number of its line, from 1, and a cell a column


@dataclass(frozen=True)
class DataTable:
    """Rows as they are read: `sample` holds the first, `rest` reads on.

    Args:
        name: of the file.
        columns: their names; None if the file names none, or does so in its first row.
        sample: the first rows.
        rest: the others; it can be read once.
    """

    name: str
    columns: tuple[str, ...] | None
    sample: list[TableRow]
    rest: Iterator[TableRow]

    def rows(self) -> Iterator[TableRow]:
        """All rows; one with another number of cells than the first raises `FormatError`."""
        width = len(self.sample[0][1])
        for line, cells in chain(self.sample, self.rest):
            if len(cells) != width:
                raise FormatError(
                    f"{self.name}, line {line}: expected {width} columns as in the first row, "
                    f"got {len(cells)}"
                )
            yield line, cells


def open_table(path: Path, *, encoding: str = "utf-8", quoting: bool | None = None) -> DataTable:
    """The table in `path`.

    Args:
        path: a file whose name ends as its format demands.
        encoding: of text; one in which a line end is a single byte, as in UTF-8 and latin-1.
        quoting: whether a cell of csv or tsv may stand between quotes; None decides by the first rows of a
            tsv, and takes a csv to be quoted.

    Raises:
        InputError: no such file, or one of an unknown suffix or without rows.
        FormatError: a row that cannot be read; its line is named.
    """
    kind = suffix_of(path)
    columns = None
    rows: Iterator[TableRow]
    if kind in (".csv", ".tsv"):
        rows = _delimited(path, numbered_lines(path, encoding), kind, quoting)
    elif kind in (".jsonl", ".ndjson"):
        columns, rows = _json_lines(path, numbered_lines(path, encoding))
    elif kind == ".parquet":
        columns, rows = _parquet(path)
    else:
        absent = "" if path.exists() else ", which does not exist"
        raise InputError(f"expected a folder or a file whose name ends with {FORMATS}, got {path}{absent}")
    sample = list(islice(rows, SAMPLE))
    if not sample:
        raise InputError(f"{path}: expected rows, got an empty file")
    return DataTable(str(path), columns, sample, rows)


def suffix_of(path: Path) -> str:
    """The suffix that tells the format, in lower case: ".tsv" of "a.TSV.bz2"."""
    name = path.name.lower()
    packed = next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")
    return Path(name.removesuffix(packed)).suffix


def numbered_lines(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    r"""Number and content of each line of a file, with its "\n"."""
    encoding = checked_encoding(encoding)
    check_regular(path)
    pending = bytearray()
    number = 0
    for chunk in Source(path).text():
        pending += chunk
        if b"\n" not in chunk:
            continue
        *lines, rest = pending.split(b"\n")
        for line in lines:
            number += 1
            yield number, _decoded(line, encoding, path, number) + "\n"
        pending = rest
    if pending:
        yield number + 1, _decoded(pending, encoding, path, number + 1)


def _decoded(line: bytearray, encoding: str, path: Path, number: int) -> str:
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError as error:
        raise FormatError(
            f"{path}, line {number}: byte 0x{line[error.start]:02x} is not {encoding}; "
            f"{naming_advice(path, bytes(line), encoding)}"
        ) from None
    return text.removeprefix("\ufeff") if number == 1 else text


def _delimited(
    path: Path, lines: Iterator[tuple[int, str]], kind: str, quoting: bool | None
) -> Iterator[TableRow]:
    """The rows of csv or tsv."""
    sample = list(islice(lines, SAMPLE))
    first = [line for _, line in sample]
    delimiter = "\t" if kind == ".tsv" else _delimiter(first)
    if quoting is None:
        quoting = kind == ".csv" or _seems_quoted(first, delimiter)
    if quoting:
        yield from _quoted(path, (line for _, line in chain(sample, lines)), delimiter)
        return
    for number, line in chain(sample, lines):
        if line.strip():
            yield number, line.rstrip("\r\n").split(delimiter)


def _delimiter(lines: Sequence[str]) -> str:
    """The first delimiter that parts all first lines into equally many cells, more than one; else a comma."""
    for delimiter in DELIMITERS:
        widths = _widths(lines, delimiter)
        if len(widths) == 1 and widths.pop() > 1:
            return delimiter
    return ","


def _seems_quoted(lines: Sequence[str], delimiter: str) -> bool:
    """Whether cells begin with quotes, and all lines become equally wide rows if quotes are taken as such."""
    opened = re.compile(f'(^|{delimiter})"')
    return any(map(opened.search, lines)) and len(_widths(lines, delimiter)) == 1


def _widths(lines: Sequence[str], delimiter: str) -> set[int]:
    """The numbers of cells of the rows that begin in `lines`; none if they break the rules of quoting."""
    widths = set()
    try:
        for row in csv.reader(lines, delimiter=delimiter, strict=True):
            widths.add(len(row))
    except csv.Error as error:
        if "unexpected end" not in str(error):  # a row that goes on after the sample
            return set()
    return widths - {0}


def _quoted(path: Path, lines: Iterable[str], delimiter: str) -> Iterator[TableRow]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # the module's own limit is 128 KiB a cell
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    begin = 1
    try:
        for cells in reader:
            if cells:
                yield begin, cells
            begin = reader.line_num + 1
    except csv.Error as error:
        raise FormatError(
            f"{path}, line {begin}: {error}; if quotes have no meaning in this file, say so (--no-quoting)"
        ) from None


def _json_lines(path: Path, lines: Iterator[tuple[int, str]]) -> tuple[tuple[str, ...], Iterator[TableRow]]:
    """The columns, which are the keys in the first objects, and the rows; an absent value is None."""
    objects = (_object(path, number, line) for number, line in lines if line.strip())
    sample = list(islice(objects, SAMPLE))
    columns = tuple(dict.fromkeys(key for _, content in sample for key in content))
    both = chain(sample, objects)
    return columns, ((number, [content.get(name) for name in columns]) for number, content in both)


def _object(path: Path, number: int, line: str) -> tuple[int, dict[str, Any]]:
    try:
        content = parsed_json(line)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path}, line {number}: expected a JSON object, got none: {error}") from None
    if not isinstance(content, dict):
        raise FormatError(f"{path}, line {number}: expected a JSON object, got {line.strip()[:60]!r}")
    return number, content


def _parquet(path: Path) -> tuple[tuple[str, ...], Iterator[TableRow]]:
    """The columns and the rows, counted from 1, of a parquet file."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise DependencyError(
            "parquet files need pyarrow, which is not installed; pip install 'embedkit[parquet]'"
        ) from error
    check_regular(path)
    try:
        file = ParquetFile(path)
    except (ArrowException, OSError) as error:
        raise FormatError(f"{path}: expected a parquet file: {error}") from None
    columns = tuple(file.schema_arrow.names)

    def rows() -> Iterator[TableRow]:
        read = 0
        try:
            for batch in file.iter_batches(SAMPLE):
                for cells in zip(*batch.to_pydict().values(), strict=True):
                    read += 1
                    yield read, list(cells)
        except (ArrowException, OSError) as error:
            raise FormatError(f"{path}: damaged after row {read}: {error}") from None

    return columns, rows()
