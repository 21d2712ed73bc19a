"""Compiled loops from UTF-8 text to numbered words, in one pass: the twin of what tokenizers do with `re`.

Each character is folded and judged by the tables of `tokenization.characters`; where a word goes on is
decided as by the expression in `tokenization.words`. Words are numbered as they first occur, by a hash table:
`letters` holds the UTF-8 of all words without gaps, word w from `ends[w]` to `ends[w + 1]`; `hashes` holds
theirs; and `slots`, of which there are a power of two, at most half of them used, 0 or hash << 32 | w + 1.
Importing this module imports numba.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bytes1d, Ints1d, Longs1d
from embedkit.simd.compiling import compiled
from embedkit.text.tokenization.characters import (
    DIGIT,
    IGNORED,
    INNER,
    LETTER,
    MARK,
    NUMERIC,
    SPACE,
    UNDERSCORE,
    UNSTABLE,
    WORD,
)
from embedkit.text.tokenization.utf8_kernels import ASCII_RUN, append, decoded, has_mark, is_ascii, is_valid

_ALPHANUMERIC = WORD | UNDERSCORE  # what \w matches
_NOTHING = np.uint16(SPACE)  # stands before and behind a line
_APOSTROPHE, _HYPHEN, _POINT, _LOW_LINE = map(ord, "'-._")
_NEWLINE = ord("\n")
_LINE_ENDS = -1  # in place of a word
_HALF, _LOW_HALF = np.uint64(32), np.uint64(0xFFFFFFFF)
_SLOTS = 1 << 16  # at first


@compiled(nogil=True)
def number_words(
    text: Bytes1d,
    folds: Ints1d,
    kinds: NDArray[np.uint16],
    punctuation: bool,
    numbers: bool,
    ids: Ints1d,
    offsets: Longs1d,
    lines: Longs1d,
    letters: Bytes1d,
    ends: Longs1d,
    hashes: NDArray[np.uint32],
    counts: Longs1d,
) -> tuple[int, int, int]:
    """Number the words of stable text.

    Args:
        text: lines, each ended by a newline but the last; a byte order mark that begins one is passed over.
        folds: what characters become, of the tokenizer's `CharacterTables`.
        kinds: their kinds, from there too.
        punctuation: whether a character that is neither a space nor part of a word is a word of its own.
        numbers: whether words with digits and without letters are kept.
        ids: receives the number of each word; room for one a byte.
        offsets: receives where the words of each line that has any begin in `ids`, and behind the last the
            number of words; room for one a byte and one more.
        lines: receives which lines those are.
        letters: see above; room for one and a half times the bytes of the text and 4 more.
        ends: see above; the first is 0, room for one a byte and one more.
        hashes: see above; room for one a byte.
        counts: receives how often each different word occurs; room for one a byte.

    Returns:
        The number of words, of lines that have some, and of different words.
    """
    slots = np.zeros(_SLOTS, np.uint64)
    found = documents = size = line = position = 0
    while position < len(text):
        position += 3 * has_mark(text, position)
        before = previous = _NOTHING
        first = found
        while True:
            stop, hashed, position, before, previous = _read_word(
                text, position, folds, kinds, punctuation, numbers, letters, ends[size], before, previous
            )
            if stop == _LINE_ENDS:
                break
            word, slot = _find(letters, ends, slots, hashed, ends[size], stop)
            if word < 0:
                word = size
                size += 1
                slots[slot] = hashed << _HALF | np.uint64(size)
                hashes[word], ends[size], counts[word] = hashed, stop, 0
                if 2 * size > len(slots):
                    slots = _enlarged(slots, hashes, size)
            counts[word] += 1
            ids[found] = word
            found += 1
        if found > first:
            offsets[documents], lines[documents] = first, line
            documents += 1
        line += 1
    offsets[documents] = found
    return found, documents, size


@compiled(nogil=True, forceinline=True)
def _read_word(
    text: Bytes1d,
    position: int,
    folds: Ints1d,
    kinds: NDArray[np.uint16],
    punctuation: bool,
    numbers: bool,
    letters: Bytes1d,
    top: int,
    before: np.uint16,
    previous: np.uint16,
) -> tuple[int, np.uint64, int, np.uint16, np.uint16]:
    """Write the next word of a line at `top` of `letters`.

    Returns:
        Where the word ends in `letters`, or _LINE_ENDS; its hash; where the text goes on; and the kinds of
        the last two characters before that which are not ignored.
    """
    while position < len(text):
        code, following = decoded(text, position)
        kind = kinds[code]
        if kind & WORD:
            stop, hashed, together, position, before, previous = _read_letters(
                text, position, folds, kinds, letters, top, previous
            )
            if numbers or not together & NUMERIC or together & LETTER:
                return stop, hashed, position, before, previous
            continue
        position = following
        if code == _NEWLINE:
            break
        if not kind & IGNORED:
            before, previous = previous, kind
            if punctuation and not kind & SPACE:
                stop, hashed = append(letters, top, np.uint64(0), folds[code])
                return stop, _mixed(hashed), position, before, previous
    return _LINE_ENDS, np.uint64(0), position, before, previous


@compiled(nogil=True, forceinline=True)
def _read_letters(
    text: Bytes1d,
    position: int,
    folds: Ints1d,
    kinds: NDArray[np.uint16],
    letters: Bytes1d,
    top: int,
    previous: np.uint16,
) -> tuple[int, np.uint64, np.uint16, int, np.uint16, np.uint16]:
    """`_read_word` where a word begins; third comes the union of the kinds of its characters."""
    hashed, together, before = np.uint64(0), np.uint16(0), previous
    code, following = decoded(text, position)
    kind = kinds[code]
    goes_on = True
    while goes_on:
        top, hashed = append(letters, top, hashed, folds[code])
        together |= kind
        before, previous, position = previous, kind, following
        kind = _NOTHING
        while position < len(text):
            code, following = decoded(text, position)
            kind = kinds[code]
            if not kind & IGNORED:
                break
            position, kind = following, _NOTHING
        goes_on = kind & (WORD | MARK) != 0 or (
            kind & INNER != 0 and _joins(text, following, folds[code], kinds, before, previous)
        )
    return top, _mixed(hashed), together, position, before, previous


@compiled(nogil=True, forceinline=True)
def _joins(
    text: Bytes1d,
    position: int,
    code: int,
    kinds: NDArray[np.uint16],
    before: np.uint16,
    previous: np.uint16,
) -> bool:
    """Whether an inner character joins the word before it with what stands from `position` on."""
    after, position = _next_kind(text, position, kinds)
    if not after & WORD:
        return False
    if code in (_APOSTROPHE, _LOW_LINE):
        return True
    between_digits = bool(previous & after & DIGIT)
    if code == _HYPHEN:
        return not between_digits
    if between_digits or code != _POINT or not previous & WORD or (previous | after) & DIGIT:
        return between_digits
    behind, _ = _next_kind(text, position, kinds)
    return not (before | behind) & _ALPHANUMERIC  # single letters on both sides: u.s


@compiled(nogil=True, forceinline=True)
def _next_kind(text: Bytes1d, position: int, kinds: NDArray[np.uint16]) -> tuple[np.uint16, int]:
    """The kind of the next character that is not ignored, and where the one after it begins."""
    while position < len(text):
        code, position = decoded(text, position)
        if not kinds[code] & IGNORED:
            return kinds[code], position
    return _NOTHING, position


@compiled(nogil=True, forceinline=True)
def _mixed(hashed: np.uint64) -> np.uint64:
    """The hash of a word, of 32 bits."""
    return np.uint64((hashed ^ hashed >> _HALF) & _LOW_HALF)


@compiled(nogil=True, forceinline=True)
def _find(
    letters: Bytes1d, ends: Longs1d, slots: NDArray[np.uint64], hashed: np.uint64, top: int, stop: int
) -> tuple[int, int]:
    """The number of the word `letters[top:stop]`, or -1, and the slot where it is or belongs."""
    slot = int(hashed) & len(slots) - 1
    while slots[slot]:
        if slots[slot] >> _HALF == hashed:
            word = int(slots[slot] & _LOW_HALF) - 1
            start = ends[word]
            if ends[word + 1] - start == stop - top and _are_equal(letters, start, top, stop - top):
                return word, slot
        slot = slot + 1 & len(slots) - 1
    return -1, slot


@compiled(nogil=True, forceinline=True)
def _are_equal(letters: Bytes1d, one: int, other: int, length: int) -> bool:
    i = 0
    while i < length and letters[one + i] == letters[other + i]:
        i += 1
    return i == length


@compiled(nogil=True, forceinline=True)
def _enlarged(slots: NDArray[np.uint64], hashes: NDArray[np.uint32], size: int) -> NDArray[np.uint64]:
    """Twice as many slots for the first `size` words."""
    slots = np.zeros(2 * len(slots), np.uint64)
    for word in range(size):
        slot = int(hashes[word]) & len(slots) - 1
        while slots[slot]:
            slot = slot + 1 & len(slots) - 1
        slots[slot] = np.uint64(hashes[word]) << _HALF | np.uint64(word + 1)
    return slots


@compiled(nogil=True)
def next_unstable(
    text: Bytes1d, position: int, kinds: NDArray[np.uint16], combining: NDArray[np.uint8]
) -> int:
    """Where the next character is that makes the text unstable or is no UTF-8; the end if there is none."""
    last = np.uint8(0)
    while position < len(text):
        while is_ascii(text, position):
            position += ASCII_RUN
            last = np.uint8(0)
        stop = min(position + ASCII_RUN, len(text))
        while position < stop:
            if not is_valid(text, position):
                return position
            code, following = decoded(text, position)
            if kinds[code] & UNSTABLE or 0 < combining[code] < last:
                return position
            last, position = combining[code], following
    return len(text)
