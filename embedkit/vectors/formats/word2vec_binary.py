"""word2vec binary: a first line `V D`, then for each word its bytes, a space and D little-endian float32.

word2vec.c ends each record with a newline, gensim does not; both are read, gensim's form is written.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.errors import FormatError
from embedkit.vectors.formats import stream, word2vec_header
from embedkit.vectors.formats.binary_checks import MIN_NUMBERS, other_kind, sound_rows
from embedkit.vectors.formats.binary_records import (
    FindSpace,
    Rest,
    next_sound_space,
    records,
    sound_space,
)
from embedkit.vectors.formats.compressed_writing import compressible_file
from embedkit.vectors.formats.contents import VectorContents, first_of_each
from embedkit.vectors.formats.decoded_words import DecodedWords
from embedkit.vectors.formats.growing_matrix import GrowingMatrix, keep_rows
from embedkit.vectors.formats.text_checks import is_text, is_utf8
from embedkit.vectors.formats.text_rows import check_words, joined_words
from embedkit.vectors.formats.word2vec_header import Header

BLOCK = 1 << 20  # bytes of vectors written at once
SHOWN = 3  # words that a warning names


def matches(head: bytes) -> bool:
    """Tell whether `head` begins with the header and goes on as raw floats."""
    header = word2vec_header.find(head)
    return header is not None and not word2vec_header.text_follows(head, header)


@dataclass
class _Reading:
    """What a file holds if its words end where a way to find spaces says, and what is wrong with that."""

    words: DecodedWords
    odd: dict[int, bytes]  # words that are no text, by row
    matrix: Floats2d  # (rows, D)
    wanted: int | None  # rows; None for all
    rest: Rest  # what follows

    def __post_init__(self) -> None:
        self.unsound = np.flatnonzero(~sound_rows(self.matrix))
        self.damaged = sorted(row for row, word in self.odd.items() if not is_utf8(word))

    @property
    def lacking(self) -> int:
        """How many rows lack; 1 if all were wanted and something follows."""
        return int(bool(self.rest.data)) if self.wanted is None else self.wanted - len(self.matrix)

    @property
    def faults(self) -> tuple[int, int, int]:
        """How bad it is; of two readings the one with less is right."""
        return self.lacking, len(self.odd), len(self.unsound)


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` rows of `path`; of a repeated word, the first row is kept.

    The format cannot tell a space inside a word from the one behind it. Where words come out that are no
    text, or numbers of sizes that no training gives, each word is read once more, up to the first space
    behind which sound numbers and a text stand; that is believed if it leaves fewer such words and numbers.

    Raises:
        FormatError: the file is cut off, or goes on after the rows its header promises; or its numbers are
            in big-endian order or of another type than float32. With `skip_bad_rows` rows that are damaged,
            and those without a word, are left out, and the number of rows in the header is not believed.
    """
    head = stream.head(path)
    header = word2vec_header.expect(head, path)
    wanted = header.rows if limit is None else min(header.rows, limit)
    reading = _read(path, header, wanted, None)
    if any(reading.faults) or (reading.rest.data and limit is None):
        if skip_bad_rows:
            reading = _read(path, header, None if limit is None else wanted, next_sound_space)
        elif len(reading.matrix):
            careful = _read(path, header, wanted, sound_space)
            reading = min(reading, careful, key=lambda one: one.faults)
        _check_kind(reading, path, head[header.end :], header)
    if skip_bad_rows:
        words, matrix = _without_bad_rows(reading, path)
        word2vec_header.check_rows(len(matrix), header, limit, path, skip_bad_rows)
        return first_of_each(words, matrix, str(path))
    _check_misread(reading, path)
    _check_end(reading, path, header, limit)
    return first_of_each(reading.words.finished(), reading.matrix, str(path))


def _read(path: Path, header: Header, wanted: int | None, find_space: FindSpace | None) -> _Reading:
    expected = (stream.content_size(path) or 0) // (4 * header.size + 1)
    matrix = GrowingMatrix(header.size, expected if wanted is None else min(wanted, expected))
    words, odd, rest = DecodedWords(path), {}, Rest(0, b"")
    for block in records(_skip(stream.content(path), header.end), header.size, wanted, find_space):
        if isinstance(block, Rest):
            rest = Rest(header.end + block.end, block.data)
            continue
        if not (all(block.words) and is_text(b" ".join(block.words))):
            odd.update({row: word for row, word in enumerate(block.words, len(matrix)) if not _is_word(word)})
        words.extend(block.words)
        matrix.extend(block.rows)
    return _Reading(words, odd, matrix.finished(), wanted, rest)


def _is_word(word: bytes) -> bool:
    return bool(word) and is_text(word)


def _check_kind(reading: _Reading, path: Path, body: bytes, header: Header) -> None:
    """Raise `FormatError` if the numbers are of another kind than float32, or rows of another length."""
    mostly = 2 * len(reading.unsound) > len(reading.matrix) and reading.matrix.size >= MIN_NUMBERS
    if (mostly or reading.damaged or reading.lacking or reading.rest.data) and (
        kind := other_kind(body, header)
    ):
        raise FormatError(
            f"{path}: expected each word with {header.size} little-endian 32-bit numbers, got {kind}"
        )


def _check_misread(reading: _Reading, path: Path) -> None:
    """Raise `FormatError` for bytes that are no text behind vectors that hold odd numbers."""
    unsound = set(reading.unsound.tolist())
    if misread := [row for row in reading.damaged if max(row - 1, 0) in unsound]:
        row = max(misread[0] - 1, 0)
        raise FormatError(
            f"{path}: expected words and 32-bit numbers, got something else in the row of word {row + 1}, "
            f"{reading.words.words[row][:40]!r}: rows of another length, numbers of another type, or words "
            f"with spaces; {word2vec_header.SKIP}"
        )


def _check_end(reading: _Reading, path: Path, header: Header, limit: int | None) -> None:
    """Raise `FormatError` if rows lack or follow."""
    rest = reading.rest
    if not reading.lacking and (limit is not None or not rest.data):
        return
    last = f"{reading.words.words[-1][:40]!r}" if len(reading.matrix) else "the header"
    more = (
        f"{len(rest.data):,} bytes{' or more' * (not reading.lacking)} follow"
        if rest.data
        else "nothing follows"
    )
    place = f"({more} {last}, from byte {rest.end} on)"
    told = f"{path}: the header promises {header.rows} words, got"
    if reading.lacking:
        raise FormatError(
            f"{told} {len(reading.matrix)}: the file is cut off {place}; {word2vec_header.SKIP}"
        )
    raise FormatError(f"{told} more: the header is wrong {place}; {word2vec_header.SKIP}")


def _without_bad_rows(reading: _Reading, path: Path) -> tuple[list[str], Floats2d]:
    """The words and rows of a reading but for those without a word, and the damaged ones."""
    words = reading.words.finished()
    bad = sorted({*reading.damaged, *(row for row, word in reading.odd.items() if not word)})
    if not bad:
        return words, reading.matrix
    shown = ", ".join(str(row + 1) for row in bad[:SHOWN]) + (" ..." if len(bad) > SHOWN else "")
    warnings.warn(
        f"{path}: left out {len(bad):,} rows that are damaged or without a word: {shown}", stacklevel=4
    )
    kept = np.delete(np.arange(len(words)), bad)
    return [words[row] for row in kept.tolist()], keep_rows(reading.matrix, kept)


def write(path: Path, contents: VectorContents) -> None:
    """Write `contents` to `path`; counts and metadata have no place in this format."""
    check_words(contents.words, word2vec_header.WORD, "word2vec binary", word2vec_header.ADVICE)
    with compressible_file(path) as file:
        file.write(b"%d %d\n" % contents.matrix.shape)
        rows = max(1, BLOCK // (4 * contents.matrix.shape[1]))
        for start in range(0, len(contents.words), rows):
            words = joined_words(contents.words[start : start + rows])
            file.write(_joined(words, contents.matrix[start : start + rows]))


def _joined(words: bytes, matrix: Floats2d) -> bytes:
    """Words, each followed by a newline, and their rows as records."""
    rows = np.ascontiguousarray(matrix, "<f4")
    vectors: Any = rows.view(np.dtype((np.void, 4 * rows.shape[1]))).ravel().tolist()  # bytes
    return b"".join(
        chain.from_iterable(zip(words.replace(b"\n", b" \n").split(b"\n"), vectors, strict=False))
    )


def _skip(chunks: Iterable[bytes], count: int) -> Iterator[bytes]:
    """The chunks without their first `count` bytes."""
    for chunk in chunks:
        yield chunk[count:] if count else chunk
        count = max(0, count - len(chunk))
