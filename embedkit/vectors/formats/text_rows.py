"""Text vectors in parallel: reading and writing rows for word2vec text and GloVe."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.errors import FormatError, InputError
from embedkit.parallel.cores import available_cores
from embedkit.parallel.mapping import map_in_order
from embedkit.parallel.threads import threads
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.stream import LineBlock

ROWS = 8192  # rows formatted at once
THREADS = 8  # at most
COMPILING = "compiling the loops that read and write vectors as text, once; this takes a few seconds"


class ParsedRows(NamedTuple):
    """Parsed rows of one block."""

    words: list[str]
    matrix: Floats2d  # (rows, D)


def read_rows(
    blocks: Iterable[LineBlock], size: int, source: Path, spaces: bool, limit: int | None = None
) -> tuple[list[str], Floats2d]:
    """The words and the matrix (rows, `size`) of all lines, or of the first `limit`.

    Raises:
        FormatError: a line, named by number, does not hold a word and `size` numbers.
    """
    from embedkit.simd.compiling import announced

    words: list[str] = []
    parts = [np.empty((0, size), np.float32)]
    workers = min(available_cores(), THREADS)
    with announced(_warn, COMPILING), threads(workers) as pool:
        for rows in map_in_order(
            pool, lambda block: _parse(block, size, source, spaces), blocks, workers + 1
        ):
            words += rows.words
            parts.append(rows.matrix)
            if limit is not None and len(words) >= limit:
                break
    return words[:limit], np.concatenate(parts)[:limit]


def write_rows(stream: IO[bytes], contents: VectorContents) -> None:
    """Write one line a word; the words must have been checked (`check_words`)."""
    from embedkit.simd.compiling import announced

    starts = range(0, len(contents.words), ROWS)
    workers = min(available_cores(), THREADS)
    with announced(_warn, COMPILING), threads(workers) as pool:
        for text in map_in_order(
            pool, lambda start: _format(contents, slice(start, start + ROWS)), starts, workers + 1
        ):
            stream.write(text)


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


def trailing_numbers(line: bytes) -> int:
    """How many fields at the end of a line are numbers, a first field not counted: b"a b 1 2" -> 2."""
    fields = line.split()[1:]
    count = 0
    for field in reversed(fields):
        try:
            float(field)
        except ValueError:
            break
        count += 1
    return count


def usual_size(lines: Iterable[bytes]) -> int:
    """The number of trailing numbers that most lines have, the smaller of two as frequent."""
    sizes = Counter(trailing_numbers(line) for line in lines if line.strip())
    return min(sizes, key=lambda size: (-sizes[size], size), default=0)


def _parse(block: LineBlock, size: int, source: Path, spaces: bool) -> ParsedRows:
    from embedkit.vectors.formats.parse_kernels import parse_rows

    data = np.frombuffer(block.data, np.uint8)
    matrix = np.empty((block.data.count(b"\n") + 1, size), np.float32)
    words = np.empty(len(data) + 1, np.uint8)
    count, filled, bad = parse_rows(data, size, spaces, matrix, words)
    if bad >= 0:
        line = block.data.split(b"\n", bad + 1)[bad]
        numbers = trailing_numbers(line)
        raise FormatError(
            f"{source}, line {block.first_line + bad}: expected a word and {size} numbers, "
            f"got {len(line.split())} fields of which the last {numbers} are numbers: {line[:40]!r}"
        )
    return ParsedRows(decode_words(words[:filled].tobytes().split(b"\n")[:-1], source), matrix[:count])


def _format(contents: VectorContents, rows: slice) -> memoryview:
    from embedkit.vectors.formats.format_kernels import NUMBER_BYTES, format_rows

    words = [word.encode() for word in contents.words[rows]]
    ends = np.cumsum([len(word) for word in words], dtype=np.int64)
    matrix = np.ascontiguousarray(contents.matrix[rows])
    out = np.empty(int(ends[-1]) + matrix.size * NUMBER_BYTES + len(words), np.uint8)
    filled = format_rows(matrix, np.frombuffer(b"".join(words), np.uint8), ends, out)
    return out[:filled].data
