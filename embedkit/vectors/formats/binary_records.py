"""Records of word2vec binary, each a word, a space and the bytes of D numbers: split as they stream.

The format cannot tell a space inside a word from the one behind it. A word ends at its first space, or where
`sound_space` finds one by looking at what follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Floats2d, Longs1d
from embedkit.vectors.formats.binary_checks import POSSIBLE, USUAL, has_sizes
from embedkit.vectors.formats.text_checks import is_text

MAX_WORD_BYTES = 1 << 10  # bytes of a word in which spaces are looked for

FindSpace = Callable[[bytearray, int, int, bool], int]


class Records(NamedTuple):
    """Some whole records: their words, without the newline that may stand before, and rows (n, D)."""

    words: list[bytes]
    rows: Floats2d
    end: int  # bytes from the first record of all to the end of the last of these


class Rest(NamedTuple):
    """Where the last whole record ends, and the bytes that follow, but for newlines."""

    end: int
    data: bytes


def records(
    chunks: Iterable[bytes], size: int, wanted: int | None, find_space: FindSpace | None
) -> Iterator[Records | Rest]:
    """The first `wanted` records in blocks, or all, and what follows.

    Args:
        chunks: the bytes behind the header.
        size: the number of dimensions D.
        wanted: how many records; None for all.
        find_space: finds the space behind a word; None for the first.
    """
    width, read, begin = 4 * size, 0, 0
    buffer = bytearray()  # grows and is cut at its front in place: a record may span any number of chunks
    chunks = iter(chunks)
    final = False
    while not final and (wanted is None or read < wanted):
        chunk = next(chunks, None)
        final = chunk is None
        buffer += chunk or b""
        if find_space:
            words = _words_until(find_space, buffer, width, final)
        else:
            words = _words_until_first_spaces(buffer, width)
        words = words if wanted is None else words[: wanted - read]
        if words:
            ends = np.cumsum(np.fromiter(map(len, words), np.int64, len(words)) + 1 + width)
            begin, read = begin + int(ends[-1]), read + len(words)
            yield Records(_without_newlines(words), _rows(buffer, ends - width, size), begin)
            del buffer[: int(ends[-1])]
    while not (data := bytes(buffer.strip(b"\r\n"))) and not final:
        chunk = next(chunks, None)
        final = chunk is None
        buffer += chunk or b""
    yield Rest(begin, data)


def _words_until_first_spaces(buffer: bytearray, width: int) -> list[bytes]:
    """The words of whole records in `buffer`, each up to its first space."""
    if width > len(buffer):
        return []
    found: list[bytes] = re.findall(rb"(?s)([^ ]*) .{%d}|.+" % width, buffer)
    if found and not found[-1]:  # a record without a word, or what follows the last whole record
        end = sum(map(len, found)) + len(found) * (1 + width)
        if end > len(buffer) or buffer[end - width - 1 : end - width] != b" ":
            found.pop()
    return found


def _words_until(find_space: FindSpace, buffer: bytearray, width: int, final: bool) -> list[bytes]:
    """The words of whole records in `buffer`, each up to where `find_space` says."""
    words, at = [], 0
    while (space := find_space(buffer, at, width, final)) >= 0 and (end := space + 1 + width) <= len(buffer):
        words.append(bytes(buffer[at:space]))
        at = end
    return words


def _without_newlines(words: list[bytes]) -> list[bytes]:
    """The words without newlines before them."""
    return [word.lstrip(b"\n") for word in words] if b"\n" in b"".join(words) else words


def _rows(buffer: bytearray, starts: Longs1d, size: int) -> Floats2d:
    """The vectors that begin at `starts`, (n, D)."""
    windows = np.lib.stride_tricks.sliding_window_view(np.frombuffer(buffer, np.uint8), 4 * size)
    rows: Floats2d = windows[starts].view("<f4")
    return rows


def sound_space(buffer: bytearray, at: int, width: int, final: bool) -> int:
    """Where the word at `at` ends: before the first space behind which all is sound, else the first."""
    end = at + MAX_WORD_BYTES
    for limits in (USUAL, POSSIBLE):
        if (space := _space_within(buffer, at, end, width, limits, final, text=True)) is not None:
            return space
    return buffer.find(b" ", at)


def next_sound_space(buffer: bytearray, at: int, width: int, final: bool) -> int:
    """As `sound_space`, but if nothing is sound, rows that are damaged become part of the next word."""
    space = sound_space(buffer, at, width, final)
    if space >= 0 and space + 1 + width <= len(buffer) and not _is_sound(buffer, at, space, width):
        end = at + 2 * (width + MAX_WORD_BYTES)
        later = _space_within(buffer, space + 1, end, width, USUAL, final, text=False)
        return space if later is None else later
    return space


def _space_within(
    buffer: bytearray, at: int, stop: int, width: int, limits: tuple[float, float], final: bool, text: bool
) -> int | None:
    """The first space before `stop` behind which numbers of usual sizes and a text follow.

    With `text`, all before it must be text. Where more has to be read to tell, that space itself.
    """
    space = buffer.find(b" ", at, stop)
    while space >= 0:
        end = space + 1 + width
        if end > len(buffer) or (end + MAX_WORD_BYTES > len(buffer) and not final):
            return space if end > len(buffer) else len(buffer)
        if text and not is_text(bytes(buffer[at:space]).strip(b"\n")):
            return None
        if has_sizes(np.frombuffer(buffer, "<f4", width // 4, space + 1), limits) and _text_follows(
            buffer, end
        ):
            return space
        space = buffer.find(b" ", space + 1, stop)
    return None if final or stop <= len(buffer) else len(buffer)


def _is_sound(buffer: bytearray, at: int, space: int, width: int) -> bool:
    word = bytes(buffer[at:space]).strip(b"\n")
    numbers = np.frombuffer(buffer, "<f4", width // 4, space + 1)
    finite = numbers[np.isfinite(numbers)]
    return is_text(word) and has_sizes(finite, POSSIBLE) and _text_follows(buffer, space + 1 + width)


def _text_follows(buffer: bytearray, at: int) -> bool:
    """Whether the next word, as far as it is there, is text."""
    return is_text(bytes(buffer[at : at + MAX_WORD_BYTES]).lstrip(b"\n").partition(b" ")[0])
