"""Text vectors: reading and writing rows for word2vec text and GloVe."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import chain, takewhile
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.errors import FormatError, InputError
from embedkit.parallel.mapping import map_in_order
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.row_loops import PURE_PYTHON_BYTES, PURE_PYTHON_NUMBERS, ParseRows, row_loops
from embedkit.vectors.formats.stream import LineBlock

ROWS = 8192  # rows formatted at once
SAMPLE = 64  # lines by which it is told what a file holds
SHOWN = 5  # numbers of lines that a warning names
SKIP = "`embedkit convert --skip-bad-rows` leaves such rows out"


class ParsedRows(NamedTuple):
    """Parsed rows, and the numbers of the lines that were left out."""

    words: list[str]
    matrix: Floats2d  # (rows, D)
    skipped: list[int]


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
    words: list[str] = []
    skipped: list[int] = []
    parts = [np.empty((0, size), np.float32)]
    blocks, few = _begun(blocks, limit)
    with row_loops(few) as loops:

        def parse(block: LineBlock) -> ParsedRows:
            return _parse(block, size, source, spaces, skip_bad_rows, loops.parse)

        for rows in map_in_order(loops.pool, parse, blocks, loops.in_flight):
            words += rows.words
            skipped += rows.skipped
            parts.append(rows.matrix)
            if limit is not None and len(words) >= limit:
                break
    if skipped:
        lines = ", ".join(map(str, skipped[:SHOWN])) + (" ..." if len(skipped) > SHOWN else "")
        _warn(f"{source}: left out {len(skipped):,} lines that are not a word and {size} numbers: {lines}")
    return words[:limit], np.concatenate(parts)[:limit]


def write_rows(stream: IO[bytes], contents: VectorContents) -> None:
    """Write one line a word; the words must have been checked (`check_words`)."""
    with row_loops(contents.matrix.size <= PURE_PYTHON_NUMBERS) as loops:

        def lines(start: int) -> bytes:
            words = [word.encode() for word in contents.words[start : start + ROWS]]
            return loops.format(words, contents.matrix[start : start + ROWS])

        starts = range(0, len(contents.words), ROWS)
        for text in map_in_order(loops.pool, lines, starts, loops.in_flight):
            stream.write(text)


def first_rows(contents: VectorContents) -> bytes:
    """The first lines that `write_rows` writes, by which a reader tells what a file holds."""
    stream = BytesIO()
    write_rows(stream, replace(contents, words=contents.words[:SAMPLE], matrix=contents.matrix[:SAMPLE]))
    return stream.getvalue()


def _begun(blocks: Iterator[LineBlock], limit: int | None) -> tuple[Iterator[LineBlock], bool]:
    """All blocks, and whether they, or those with the first `limit` lines, are few enough for pure Python."""
    first, size, lines = [], 0, 0
    for block in blocks:
        first.append(block)
        size += len(block.data)
        lines += block.data.count(b"\n")
        if size > PURE_PYTHON_BYTES or (limit is not None and lines >= limit):
            break
    return chain(first, blocks), size <= PURE_PYTHON_BYTES


def _warn(message: str) -> None:
    warnings.warn(message, stacklevel=2)


def check_words(words: Iterable[str], allowed: re.Pattern[str], kind: str, advice: str) -> None:
    """Raise `InputError` for the first word that a format cannot hold or that is no valid Unicode."""
    for word in words:
        if not allowed.fullmatch(word):
            raise InputError(f"{kind} cannot hold the word {word!r}; {advice}")
        try:
            word.encode()
        except UnicodeEncodeError:
            raise InputError(f"the word {word!r} is not valid Unicode and cannot be written") from None


def decode_words(words: list[bytes], source: Path) -> list[str]:
    """Words in UTF-8; bytes that are not become U+FFFD, with a warning."""
    try:
        return [str(word, "utf-8") for word in words]
    except UnicodeDecodeError:
        warnings.warn(f"{source}: bytes that are not UTF-8 in some words became U+FFFD", stacklevel=2)
        return [word.decode(errors="replace") for word in words]


def trailing_numbers(fields: Sequence[bytes]) -> int:
    """How many fields at the end of a line are numbers, the first field not counted: a b 1 2 has 2."""
    return sum(1 for _ in takewhile(is_number, reversed(fields[1:])))


def is_number(field: bytes) -> bool:
    """Whether a field is a number."""
    try:
        float(field)
    except ValueError:
        return False
    return True


def field_sample(head: bytes) -> list[list[bytes]]:
    """The fields of the first lines that are not blank."""
    return [line.split() for line in head.split(b"\n")[:SAMPLE] if line.strip()]


def no_vectors(lines: Sequence[Sequence[bytes]], size: int) -> str | None:
    """What lines of fields are that look like words with `size` numbers each, and are something else."""
    if not lines:
        return None
    if size == 1 and all(fields[-1].isdigit() for fields in lines):
        return "words with one whole number each: these are counts, as of a vocabulary, and no vectors"
    if size == 1 and all(len(fields) == 3 for fields in lines):
        return "pairs of words with one number each: this is a benchmark (evaluate -b), and no vectors"
    firsts = [fields[0] for fields in lines]
    if len(lines) < 2 or not all(map(is_number, firsts)):
        return None
    numbers = not all(map(bytes.isdigit, firsts)) or all(map(bytes.isdigit, chain.from_iterable(lines)))
    return "numbers alone, without words" if numbers else None


def usual_size(lines: Iterable[Sequence[bytes]]) -> int:
    """The number of trailing numbers that most lines of fields have, the smaller of two as frequent."""
    sizes = Counter(map(trailing_numbers, lines))
    return min(sizes, key=lambda size: (-sizes[size], size), default=0)


def _parse(
    block: LineBlock, size: int, source: Path, spaces: bool, skip_bad_rows: bool, parse_rows: ParseRows
) -> ParsedRows:
    """The rows of a block; where a line is none, those before and those after it are parsed on their own."""
    parts: list[ParsedRows] = []
    text, first_line = block.data, block.first_line
    while text:
        packed, matrix, bad = parse_rows(text, size, spaces)
        parts.append(ParsedRows(_unpack(packed, source), matrix, []))
        if bad < 0:
            break
        lines = text.split(b"\n", bad + 1)
        line, text = lines[bad], b"".join(lines[bad + 1 :])
        first_line += bad
        if not skip_bad_rows:
            numbers = trailing_numbers(line.split())
            raise FormatError(
                f"{source}, line {first_line}: expected a word and {size} numbers, got {len(line.split())} "
                f"fields of which the last {numbers} are numbers: {line[:40]!r}; {SKIP}"
            )
        parts.append(ParsedRows([], np.empty((0, size), np.float32), [first_line]))
        first_line += 1
    if len(parts) == 1:
        return parts[0]
    return ParsedRows(
        [word for part in parts for word in part.words],
        np.concatenate([np.empty((0, size), np.float32), *(part.matrix for part in parts)]),
        [line for part in parts for line in part.skipped],
    )


def _unpack(packed: bytes, source: Path) -> list[str]:
    """Words that are each followed by a newline."""
    if b"\r" in packed:
        raise FormatError(
            f"{source}: expected lines that end with a newline, got a carriage return in the middle of one; "
            "convert the line ends"
        )
    return decode_words(packed.split(b"\n")[:-1], source)
