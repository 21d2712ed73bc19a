"""Records of word2vec binary, each a word, a space and the bytes of D numbers: split as they stream.

The format cannot tell a space inside a word from the one behind it, so there are two ways to find the end of
a word: `first_space`, and `sound_space`, which looks at what follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Floats2d
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
    chunks: Iterable[bytes], size: int, wanted: int | None, find_space: FindSpace
) -> Iterator[Records | Rest]:
    """The first `wanted` records in blocks, or all; and, if less was wanted than is there, what follows.

    Args:
        chunks: the bytes behind the header.
        size: the number of dimensions D.
        wanted: how many records; None for all.
        find_space: finds the space behind a word.
    """
    width, read, begin = 4 * size, 0, 0
    buffer = bytearray()  # grows and is cut at its front in place: a record may span any number of chunks
    chunks = iter(chunks)
    final = False
    while not final and (wanted is None or read < wanted):
        chunk = next(chunks, None)
        final = chunk is None
        buffer += chunk or b""
        most = None if wanted is None else wanted - read
        starts, spaces, at = _split(buffer, width, most, find_space, final)
        if starts:
            yield Records(_words(buffer, starts, spaces), _rows(buffer, spaces, size), begin + at)
        del buffer[:at]
        begin, read = begin + at, read + len(starts)
    while not (data := bytes(buffer.strip(b"\r\n"))) and not final:
        chunk = next(chunks, None)
        final = chunk is None
        buffer += chunk or b""
    yield Rest(begin, data)


def _split(
    buffer: bytearray, width: int, most: int | None, find_space: FindSpace, final: bool
) -> tuple[list[int], list[int], int]:
    """Where at most so many words begin and end, and where the last record ends."""
    starts: list[int] = []
    spaces: list[int] = []
    at, size = 0, len(buffer)
    while (
        most != len(starts)
        and (space := find_space(buffer, at, width, final)) >= 0
        and (end := space + 1 + width) <= size
    ):
        starts.append(at)
        spaces.append(space)
        at = end
    return starts, spaces, at


def _words(buffer: bytearray, starts: list[int], spaces: list[int]) -> list[bytes]:
    with memoryview(buffer) as view:
        words = [bytes(view[start:space]) for start, space in zip(starts, spaces, strict=True)]
    return [word.lstrip(b"\n") for word in words] if b"\n" in b" ".join(words) else words


def _rows(buffer: bytearray, spaces: list[int], size: int) -> Floats2d:
    """The vectors behind spaces, (n, D)."""
    windows = np.lib.stride_tricks.sliding_window_view(np.frombuffer(buffer, np.uint8), 4 * size)
    rows: Floats2d = windows[np.array(spaces) + 1].view("<f4")
    return rows


def first_space(buffer: bytearray, at: int, width: int, final: bool) -> int:
    """Where the word at `at` ends if it holds no space; -1 if none is there yet."""
    return buffer.find(b" ", at)


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
