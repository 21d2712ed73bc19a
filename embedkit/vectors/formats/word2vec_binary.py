"""word2vec binary: a first line `V D`, then for each word its bytes, a space and D little-endian float32.

word2vec.c ends each record with a newline, gensim does not; both are read, gensim's form is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Bools1d, Floats2d
from embedkit.errors import FormatError
from embedkit.files import atomic_file
from embedkit.vectors.formats import stream, word2vec_header
from embedkit.vectors.formats.contents import VectorContents, first_of_each
from embedkit.vectors.formats.text_rows import check_words, decode_words
from embedkit.vectors.formats.word2vec_header import Header

FindSpace = Callable[[bytearray, int, int], int]  # buffer, where a word begins, bytes of a vector

MIN_SIZE, MAX_SIZE = 1e-14, 1e12  # sizes that numbers of vectors have, if they are not 0
MAX_WORD_BYTES = 1 << 10  # bytes of a word in which spaces are looked for
ROWS = 1 << 10  # of a matrix looked at together, in the caches
MIN_NUMBERS = 16  # numbers of which the byte order cannot be told
RAW = re.compile(rb"[\x00-\x1f\x7f]")  # bytes of numbers, not of text


def matches(head: bytes) -> bool:
    """Tell whether `head` begins with the header and goes on as raw floats."""
    header = word2vec_header.find(head)
    return header is not None and not word2vec_header.text_follows(head, header)


class _Reading(NamedTuple):
    """The words and the matrix (rows, D) of a file, and how many rows lack; -1 if more follow."""

    words: list[bytes]
    matrix: Floats2d
    lacking: int


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` rows of `path`; of a repeated word, the first row is kept.

    The format cannot tell a space inside a word from the one behind it. Where words come out that are no
    text, or numbers that no training gives, each word is read once more, up to the first space behind which
    sound numbers and a text stand; that is believed if it leaves fewer such words and numbers.

    Raises:
        FormatError: the file is cut off, or goes on after the rows its header promises; or its numbers are
            in big-endian order or of another type than float32.
    """
    header = word2vec_header.expect(stream.head(path), path)
    reading = _read(path, header, limit, first_space)
    lacking, strange, unsound = _faults(reading)
    if unsound:
        _check_order(reading, path)
    if (lacking and len(reading.matrix)) or strange or (unsound and header.size >= MIN_NUMBERS):
        reading = min(reading, _read(path, header, limit, sound_space), key=_faults)
        _check_type(reading, path)
    words, matrix, lacking = reading
    if lacking < 0:
        raise FormatError(f"{path}: the header promises {header.rows} words, got more: the header is wrong")
    word2vec_header.check_rows(len(matrix), header, limit, path, skip_bad_rows)
    return first_of_each(decode_words(words, path), matrix, str(path))


def _read(path: Path, header: Header, limit: int | None, space: FindSpace) -> _Reading:
    """What a file holds if each word goes up to where `space` says that it ends."""
    wanted = header.rows if limit is None else min(header.rows, limit)
    words, vectors = [], bytearray()
    records = _records(_skip(stream.content(path), header.end), 4 * header.size, space)
    for word, vector in islice(records, wanted):
        words.append(word)
        vectors += vector
    matrix = np.frombuffer(vectors, "<f4").reshape(-1, header.size)
    more = wanted == header.rows and next(records, None) is not None
    return _Reading(words, matrix, -1 if more else wanted - len(matrix))


def _check_order(reading: _Reading, path: Path) -> None:
    """Raise `FormatError` for numbers in big-endian order, between words that are text."""
    matrix, sound = reading.matrix, _are_sound(reading.matrix)
    if matrix.size < MIN_NUMBERS or _strange(reading) or 2 * sound.sum() >= len(sound):
        return
    if _are_sound(matrix.byteswap()).all():
        raise FormatError(f"{path}: expected little-endian numbers, got big-endian ones; write it anew")


def _check_type(reading: _Reading, path: Path) -> None:
    """Raise `FormatError` for bytes that are no text behind vectors that hold odd numbers."""
    sound = _are_sound(reading.matrix)
    strange = [row for row in _strange(reading) if not _is_utf8(reading.words[row])]
    if misread := [row for row in strange if not sound[max(row - 1, 0)]]:
        raise FormatError(
            f"{path}: expected words and float32 numbers, got something else from word {max(misread[0], 1)} "
            "on: numbers of another type, or words with spaces; write it anew"
        )


def _faults(reading: _Reading) -> tuple[int, int, int]:
    """Rows that lack or follow, words that are no text, vectors of numbers that no training gives."""
    unsound = int((~_are_sound(reading.matrix)).sum())
    return abs(reading.lacking), len(_strange(reading)), unsound


def _strange(reading: _Reading) -> list[int]:
    """The numbers, from 0, of the words with vectors that are no text."""
    words = reading.words[: len(reading.matrix)]
    if _is_text(b" ".join(words)) and all(words):
        return []
    return [number for number, word in enumerate(words) if not (word and _is_text(word))]


def _are_sound(matrix: Floats2d) -> Bools1d:
    """Which rows (n, D) hold nothing but zeros and numbers of sizes that vectors have, (n,)."""
    sound = np.ones(len(matrix), bool)
    for start in range(0, len(matrix), ROWS):
        sizes = np.abs(matrix[start : start + ROWS])
        if not (sizes.min(initial=1) > MIN_SIZE and sizes.max(initial=1) < MAX_SIZE):
            usual = (sizes == 0) | ((sizes > MIN_SIZE) & (sizes < MAX_SIZE))
            sound[start : start + ROWS] = usual.all(axis=1)
    return sound


def _is_text(word: bytes) -> bool:
    """Whether a word is UTF-8 without control characters, as bytes of numbers hardly are."""
    return _is_utf8(word) and not RAW.search(word)


def _is_utf8(word: bytes) -> bool:
    """Whether a word is UTF-8, but for its end, where word2vec.c cuts long ones."""
    try:
        word.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def write(path: Path, contents: VectorContents) -> None:
    """Write `contents` to `path`; counts and metadata have no place in this format."""
    check_words(contents.words, word2vec_header.WORD, "word2vec binary", word2vec_header.ADVICE)
    matrix = np.ascontiguousarray(contents.matrix, "<f4")
    with atomic_file(path) as file:
        file.write(b"%d %d\n" % matrix.shape)
        file.writelines(
            word.encode() + b" " + row.tobytes() for word, row in zip(contents.words, matrix, strict=True)
        )


def first_space(buffer: bytearray, at: int, width: int) -> int:
    """Where the word at `at` ends if it holds no space; -1 if none is there yet."""
    return buffer.find(b" ", at)


def sound_space(buffer: bytearray, at: int, width: int) -> int:
    """Where the word at `at` ends: before the first space behind which all is sound, else the first."""
    first = space = buffer.find(b" ", at)
    while 0 <= space < at + MAX_WORD_BYTES:
        end = space + 1 + width
        if end > len(buffer):
            return space  # more has to be read
        if not _is_text(bytes(buffer[at:space]).strip(b"\n")):
            break
        vector = np.frombuffer(buffer, "<f4", width // 4, space + 1)
        if _are_sound(vector[None]).all() and _text_follows(buffer, end):
            return space
        space = buffer.find(b" ", space + 1)
    return first


def _text_follows(buffer: bytearray, at: int) -> bool:
    """Whether the next word, as far as it is there, is text."""
    return _is_text(bytes(buffer[at : at + MAX_WORD_BYTES]).lstrip(b"\n").partition(b" ")[0])


def _records(
    chunks: Iterable[bytes], width: int, find_space: FindSpace
) -> Iterator[tuple[bytes, bytes | bytearray]]:
    """Words and the `width` bytes of their vectors; of a last record that is cut, what there is."""
    buffer = bytearray()  # grows and is cut at its front in place: a record may span any number of chunks
    for chunk in chunks:
        buffer += chunk
        at = 0
        while (space := find_space(buffer, at, width)) >= 0 and (end := space + 1 + width) <= len(buffer):
            yield bytes(buffer[at:space].lstrip(b"\n")), buffer[space + 1 : end]
            at = end
        del buffer[:at]
    if rest := bytes(buffer.strip(b"\r\n")):
        yield rest, b""


def _skip(chunks: Iterable[bytes], count: int) -> Iterator[bytes]:
    """The chunks without their first `count` bytes."""
    for chunk in chunks:
        yield chunk[count:]
        count = max(0, count - len(chunk))
