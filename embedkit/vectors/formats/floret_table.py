"""floret's table, `NAME.floret`: a line of settings, then a row a line; the words lie in a file beside it.

The first line is `rows dimensions minn maxn hashes seed < >`. The table alone gives any word a vector, so the
words are those of `NAME.vec`, which floret writes with it, or of a list with a word a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.errors import FormatError
from embedkit.text.packed_words import PackedWords
from embedkit.vectors.formats import stream, word2vec_text
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.row_checks import checked_rows
from embedkit.vectors.formats.stream import LineBlock
from embedkit.vectors.formats.text_rows import read_rows
from embedkit.vectors.formats.word_lists import find_words, read_words
from embedkit.vectors.subwords.bucket_subwords import MAX_CHARACTERS
from embedkit.vectors.subwords.floret import FloretSubwords

HEADER = re.compile(rb"(\d{1,10}) (\d{1,7}) (\d{1,4}) (\d{1,4}) ([1-4]) (\d{1,10}) (\S+) (\S+)\n")
BRACKETS = (b"<", b">")
WORDS = ".vec"  # the file that floret writes beside a table


def matches(head: bytes) -> bool:
    """Tell whether `head` begins with the line of settings and the first row."""
    header = HEADER.match(head)
    return header is not None and head.startswith(b"0 ", header.end())


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` words that lie beside a table, and the table.

    Raises:
        FormatError: the table is cut off or damaged, or there are no words.
    """
    header = HEADER.match(stream.head(path))
    if header is None:
        raise FormatError(f"{path}: expected a first line of settings as floret writes it")
    rows, size, minn, maxn, hashes, seed = map(int, header.groups()[:6])
    if header.groups()[6:] != BRACKETS:
        raise FormatError(f'{path}: expected words between "<" and ">", got {header[7]!r} and {header[8]!r}')
    if max(minn, maxn) > MAX_CHARACTERS or not rows or not size:
        raise FormatError(f"{path}: expected settings of a table, got {header[0].decode().strip()!r}")
    subwords = FloretSubwords(_table(path, rows, size), minn, maxn, hashes, seed)
    words = _words(path)[:limit]
    contents = VectorContents(words, subwords.means(PackedWords.of(words)), subwords=subwords)
    return checked_rows(contents, path, skip_bad_rows)


def _table(path: Path, rows: int, size: int) -> Floats2d:
    """The rows, which are numbered from 0."""
    numbers, table = read_rows(_body(path), size, path, False)
    if list(numbers) != [str(number) for number in range(len(numbers))] or len(numbers) != rows:
        raise FormatError(f"{path}: expected {rows:,} rows, numbered from 0, got {len(numbers):,}")
    if not np.isfinite(table).all():
        raise FormatError(f"{path}: expected finite rows, got NaN or infinity")
    return table


def _body(path: Path) -> Iterator[LineBlock]:
    """The lines behind the first one."""
    blocks = stream.line_blocks(path)
    yield LineBlock(next(blocks).data.partition(b"\n")[2], 2)
    yield from blocks


def _words(path: Path) -> list[str]:
    """The words that belong to a table, in the order of their file."""
    beside = path.with_suffix(WORDS)
    if beside.is_file():
        return list(word2vec_text.read(beside).words)
    return read_words(find_words(path))[0]
