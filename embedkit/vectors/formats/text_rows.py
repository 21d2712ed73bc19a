"""Text vectors: reading and writing rows for word2vec text and GloVe."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.container.packed_words import not_unicode
from embedkit.errors import FormatError, InputError
from embedkit.parallel.mapping import map_in_order
from embedkit.vectors.formats import stream
from embedkit.vectors.formats.contents import SKIP, VectorContents
from embedkit.vectors.formats.decoded_words import DecodedWords
from embedkit.vectors.formats.growing_matrix import GrowingMatrix
from embedkit.vectors.formats.row_loops import PURE_PYTHON_BYTES, PURE_PYTHON_NUMBERS, ParseRows, row_loops
from embedkit.vectors.formats.stream import LineBlock
from embedkit.vectors.formats.text_checks import ENTRY, SAMPLE, what_is_wrong

NUMBERS = 1 << 16  # formatted at once
ROOM = 1.02  # times the rows that are expected
WORDS = 1 << 16  # checked at once
NOT_EMPTY = re.compile(".+", re.DOTALL)
SHOWN = 5  # numbers of lines that a warning names


class ParsedRows(NamedTuple):
    """Parsed rows: their words, each followed by a newline, and the numbers of the lines left out."""

    words: bytes
    matrix: Floats2d  # (rows, D)
    skipped: list[int]


class RowParser(NamedTuple):
    """How lines are parsed.

    Attributes:
        size: the number of dimensions D.
        source: the file, for messages.
        spaces: whether words may hold spaces.
        skip_bad_rows: whether lines that are no row are left out, and not an error.
        limit: after how many rows of a block what follows does not matter; None for all.
        parse_rows: the loop that parses.
    """

    size: int
    source: Path
    spaces: bool
    skip_bad_rows: bool
    limit: int | None
    parse_rows: ParseRows

    def parse(self, block: LineBlock) -> ParsedRows:
        """The rows of a block.

        Raises:
            FormatError: a line, named by number, is no row, unless such lines are skipped.
        """
        parts: list[ParsedRows] = []
        text, first_line = block.data, block.first_line
        while text:
            words, matrix, bad = self.parse_rows(text, self.size, self.spaces)
            rows = ParsedRows(words, matrix, [])
            parts.append(self._checked(rows, text, first_line))
            if bad < 0 or self._enough(parts):
                break
            lines = text.split(b"\n", bad + 1)
            self._refuse(lines[bad], first_line + bad)
            parts.append(ParsedRows(b"", np.empty((0, self.size), np.float32), [first_line + bad]))
            text, first_line = b"".join(lines[bad + 1 :]), first_line + bad + 1
        if len(parts) == 1:
            return parts[0]
        return ParsedRows(
            b"".join(part.words for part in parts),
            np.concatenate([np.empty((0, self.size), np.float32), *(part.matrix for part in parts)]),
            [line for part in parts for line in part.skipped],
        )

    def _checked(self, rows: ParsedRows, text: bytes, first_line: int) -> ParsedRows:
        """The rows but for those whose words hold carriage returns, or numbers of a row that is too long."""
        if not (b" " in rows.words or b"\t" in rows.words or b"\r" in rows.words):
            return rows
        words = rows.words.split(b"\n")[:-1]
        bad = {
            row for row, word in enumerate(words) if b"\r" in word or (b"." in word and ENTRY.search(word))
        }
        if not bad:
            return rows
        lines = [(number, line) for number, line in enumerate(text.split(b"\n"), first_line) if line.strip()]
        for row in sorted(bad):
            self._refuse(lines[row][1], lines[row][0])
        kept = [row for row in range(len(words)) if row not in bad]
        packed = b"".join(words[row] + b"\n" for row in kept)
        return ParsedRows(packed, rows.matrix[kept], [lines[row][0] for row in sorted(bad)])

    def _enough(self, parts: list[ParsedRows]) -> bool:
        return self.limit is not None and sum(len(part.matrix) for part in parts) >= self.limit

    def _refuse(self, line: bytes, number: int) -> None:
        """Raise `FormatError` for a line that is no row, unless such lines are skipped."""
        if self.skip_bad_rows:
            return
        raise FormatError(
            f"{self.source}, line {number}: expected a word and {self.size} numbers, "
            f"{what_is_wrong(line, number, self.size, self.spaces)}; {SKIP}"
        )


def read_rows(
    blocks: Iterator[LineBlock],
    size: int,
    source: Path,
    spaces: bool,
    limit: int | None = None,
    skip_bad_rows: bool = False,
) -> tuple[list[str], Floats2d]:
    """The words and the matrix (rows, `size`) of all lines, or of the first `limit`.

    Raises:
        FormatError: a line, named by number, does not hold a word and `size` numbers, unless bad rows are to
            be skipped; they are then counted and named in a warning.
    """
    words = DecodedWords(source)
    skipped: list[int] = []
    matrix: GrowingMatrix | None = None
    blocks, first_bytes, few = _begun(blocks, limit)
    with row_loops(few) as loops:
        parser = RowParser(size, source, spaces, skip_bad_rows, limit, loops.parse)
        for rows in map_in_order(loops.pool, parser.parse, blocks, loops.in_flight):
            if matrix is None:
                whole = (stream.content_size(source) or 0) / max(first_bytes, 1)
                guess = int(len(rows.matrix) * whole * ROOM)
                matrix = GrowingMatrix(size, guess if limit is None else min(guess, limit))
            kept = len(rows.matrix) if limit is None else min(len(rows.matrix), limit - len(matrix))
            words.extend(rows.words.split(b"\n")[:kept])
            skipped += rows.skipped
            matrix.extend(rows.matrix[:kept])
            if len(matrix) == limit:
                break
    if skipped and not matrix:
        raise FormatError(f"{source}: expected lines of a word and {size} numbers, got none that is one")
    if skipped:
        lines = ", ".join(map(str, skipped[:SHOWN])) + (" ..." if len(skipped) > SHOWN else "")
        _warn(f"{source}: left out {len(skipped):,} lines that are not a word and {size} numbers: {lines}")
    return words.finished(), (matrix or GrowingMatrix(size)).finished()


def write_rows(stream: IO[bytes], contents: VectorContents) -> None:
    """Write one line a word; the words must have been checked (`check_words`)."""
    rows = max(1, NUMBERS // contents.matrix.shape[1])
    with row_loops(contents.matrix.size <= PURE_PYTHON_NUMBERS) as loops:

        def lines(start: int) -> bytes | memoryview:
            stop = start + rows
            return loops.format(joined_words(contents.words[start:stop]), contents.matrix[start:stop])

        starts = range(0, len(contents.words), rows)
        for text in map_in_order(loops.pool, lines, starts, loops.in_flight):
            stream.write(text)


def first_rows(contents: VectorContents) -> bytes:
    """The first lines that `write_rows` writes, by which a reader tells what a file holds."""
    stream = BytesIO()
    write_rows(stream, replace(contents, words=contents.words[:SAMPLE], matrix=contents.matrix[:SAMPLE]))
    return stream.getvalue()


def check_not_empty(words: Sequence[str], kind: str) -> None:
    """Raise `InputError` for the first word that is empty, or no valid Unicode: no reader takes it."""
    check_words(words, NOT_EMPTY, kind, "leave that word out")


def check_words(words: Sequence[str], allowed: re.Pattern[str], kind: str, advice: str) -> None:
    """Raise `InputError` for the first word that a format cannot hold or that is no valid Unicode."""
    if not all(map(allowed.fullmatch, words)):
        word = next(word for word in words if not allowed.fullmatch(word))
        raise InputError(f"{kind} cannot hold the word {word!r}; {advice}")
    for start in range(0, len(words), WORDS):
        try:
            "".join(words[start : start + WORDS]).encode()
        except UnicodeEncodeError:
            raise not_unicode(words[start : start + WORDS]) from None


def joined_words(words: Sequence[str]) -> bytes:
    """Words without newlines in UTF-8, each followed by one."""
    return "\n".join([*words, ""]).encode()


def decode_words(words: list[bytes], source: Path) -> list[str]:
    """Words in UTF-8; bytes that are not become U+FFFD, with a warning."""
    decoded = DecodedWords(source)
    decoded.extend(words)
    return decoded.finished()


def _begun(blocks: Iterator[LineBlock], limit: int | None) -> tuple[Iterator[LineBlock], int, bool]:
    """All blocks, the bytes of the first, and whether they, or the first `limit` lines, are few."""
    first, size, lines = [], 0, 0
    for block in blocks:
        first.append(block)
        size += len(block.data)
        lines += block.data.count(b"\n")
        if size > PURE_PYTHON_BYTES or (limit is not None and lines >= limit):
            break
    return chain(first, blocks), len(first[0].data) if first else 0, size <= PURE_PYTHON_BYTES


def _warn(message: str) -> None:
    warnings.warn(message, stacklevel=2)
