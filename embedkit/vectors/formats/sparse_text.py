"""Sparse text: a line a word, `word index:value index:value ...`, as PPMI vectors and svmlight have it.

A first line `V D` may tell the numbers of words and of dimensions. Indices count from 0; where none is 0,
from 1. Vectors become dense, as long as that takes a bearable size.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Floats1d, Longs1d
from embedkit.errors import FormatError
from embedkit.vectors.formats import stream, word2vec_header
from embedkit.vectors.formats.contents import SKIP, VectorContents
from embedkit.vectors.formats.row_checks import checked_rows
from embedkit.vectors.formats.text_rows import decode_words
from embedkit.vectors.formats.word2vec_header import Header

NUMBER = rb"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
PAIR = re.compile(rb"(\d{1,15}):(" + NUMBER + rb")", re.IGNORECASE)
BEGIN = re.compile(
    rb"([^\n]*\n)?\S+([ \t]+\d+:-?[\d.]+(e[+-]?\d+)?)+([ \t]+\d+:|[ \t\r]*(\n|\Z))", re.IGNORECASE
)
MAX_BYTES = 1 << 32  # of a dense matrix
MAX_RATIO, MIN_BYTES = 1000, 1 << 26  # a dense matrix may be so many times its text, or have so many bytes
SHOWN = 5  # numbers of lines that a warning names


class _SparseRow(NamedTuple):
    """A word, and where its vector has which numbers."""

    word: bytes
    indices: Longs1d
    values: Floats1d


def matches(head: bytes) -> bool:
    """Tell whether the first or the second line of `head` is a word and pairs of an index and a value."""
    return bool(BEGIN.match(head))


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` rows of `path` as dense vectors.

    Raises:
        FormatError: a line, named by number, is no word with pairs of index and value; or the dense matrix
            would be too large.
    """
    header = _header(stream.head(path))
    rows, text_size = _rows(path, header is not None, limit, skip_bad_rows)
    if header and not skip_bad_rows:
        word2vec_header.check_rows(len(rows), header, limit, path)
    indices = [row.indices for row in rows]
    lowest = min((int(row.min()) for row in indices if len(row)), default=0)
    base = min(lowest, 1)
    size = 1 - base + max((int(row.max()) for row in indices if len(row)), default=0)
    if header:
        if header.size < size:
            raise FormatError(f"{path}: the header promises {header.size} dimensions, got index {size - 1}")
        size = header.size
    _check_size(path, len(rows), size, text_size)
    matrix = np.zeros((len(rows), size), np.float32)
    for row, (_, places, values) in zip(matrix, rows, strict=True):
        row[places - base] = values
    words = decode_words([row.word for row in rows], path)
    return checked_rows(VectorContents(words, matrix), path, skip_bad_rows)


def _header(head: bytes) -> Header | None:
    """The header, if there is one: two numbers, of which none is a pair."""
    return word2vec_header.find(head)


def _rows(path: Path, header: bool, limit: int | None, skip_bad_rows: bool) -> tuple[list[_SparseRow], int]:
    """The first `limit` rows, and how many bytes of text they are."""
    rows: list[_SparseRow] = []
    skipped: list[int] = []
    size = 0
    for number, line in _lines(path):
        if (header and number == 1) or not line.strip():
            continue
        if len(rows) == limit:
            break
        size += len(line)
        row = _row(line)
        if row is not None:
            rows.append(row)
        elif skip_bad_rows:
            skipped.append(number)
        else:
            raise FormatError(
                f"{path}, line {number}: expected a word and pairs index:value, got {line[:40]!r}; {SKIP}"
            )
    if skipped:
        told = ", ".join(map(str, skipped[:SHOWN])) + (" ..." if len(skipped) > SHOWN else "")
        warnings.warn(
            f"{path}: left out {len(skipped):,} lines that are not a word and pairs: {told}", stacklevel=3
        )
    return rows, size


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Each line with its number."""
    for block in stream.line_blocks(path):
        yield from enumerate(block.data.split(b"\n"), block.first_line)


def _row(line: bytes) -> _SparseRow | None:
    """The word of a line and its numbers; None if it is none. The word may hold spaces."""
    fields = line.split()
    start = 1
    while start < len(fields) and not PAIR.fullmatch(fields[start]):
        start += 1
    pairs = [PAIR.fullmatch(field) for field in fields[start:]]
    if not all(pairs) or (start > 1 and not pairs) or PAIR.fullmatch(fields[0]):
        return None
    indices = np.array([int(pair[1]) for pair in pairs if pair], np.int64)
    values = np.array([float(pair[2]) for pair in pairs if pair], np.float64)
    with np.errstate(over="ignore"):
        return _SparseRow(b" ".join(fields[:start]), indices, values.astype(np.float32))


def _check_size(path: Path, rows: int, size: int, text_size: int) -> None:
    """Raise `FormatError` for a dense matrix that memory cannot be expected to hold."""
    dense = 4 * rows * size
    if dense > min(MAX_BYTES, max(MIN_BYTES, MAX_RATIO * text_size)):
        raise FormatError(
            f"{path}: expected sparse vectors that can be made dense, got {rows:,} words x {size:,} "
            f"dimensions, {dense / 1e9:,.1f} GB; convert fewer words (--top), or reduce the dimensions first"
        )
