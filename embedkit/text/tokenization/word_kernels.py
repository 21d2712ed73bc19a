"""Compiled loops from UTF-8 text to numbered words, in one pass: the twin of what tokenizers do with `re`.

Each character is folded and judged by the tables of `tokenization.characters`; where a word goes on is
decided as by the expression in `tokenization.word_patterns`. Words are numbered as they first occur, by a
hash table: `letters` holds the UTF-8 of all words without gaps, word w from `ends[w]` to `ends[w + 1]`;
`hashes` holds theirs; and `slots`, of which there are a power of two, at most half of them used, 0 or
hash << 32 | w + 1.
Importing this module imports numba.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bytes1d, Ints1d, Longs1d
from embedkit.simd.compiling import compiled
from embedkit.text.tokenization.characters import DIGIT, IGNORED, INNER, MARK, SPACE, WORD
from embedkit.text.tokenization.utf8_kernels import append, decoded, has_mark

VERBATIM = 0xFF  # begins and ends a word that is taken as it stands; no byte of UTF-8
_NOTHING = np.uint16(SPACE)  # stands before and behind a line
_APOSTROPHE, _HYPHEN, _LOW_LINE = map(ord, "'-_")
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
            Words that are found already stand between two bytes VERBATIM.
        folds: what characters become, of the tokenizer's `CharacterTables`.
        kinds: their kinds, from there too.
        punctuation: whether a character that is neither a space nor part of a word is a word of its own.
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
        first = found
        while True:
            stop, hashed, position = _read_word(
                text, position, folds, kinds, punctuation, letters, ends[size]
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
    letters: Bytes1d,
    top: int,
) -> tuple[int, np.uint64, int]:
    """Write the next word of a line at `top` of `letters`.

    Returns:
        Where the word ends in `letters`, or _LINE_ENDS; its hash; and where the text goes on.
    """
    while position < len(text):
        if text[position] == VERBATIM:
            return _read_verbatim(text, position + 1, letters, top)
        code, following = decoded(text, position)
        kind = kinds[code]
        if kind & WORD:
            return _read_letters(text, position, folds, kinds, letters, top)
        position = following
        if code == _NEWLINE:
            break
        if punctuation and not kind & (SPACE | IGNORED):
            stop, hashed = append(letters, top, np.uint64(0), folds[code])
            return stop, _mixed(hashed), position
    return _LINE_ENDS, np.uint64(0), position


@compiled(nogil=True, forceinline=True)
def _read_verbatim(text: Bytes1d, position: int, letters: Bytes1d, top: int) -> tuple[int, np.uint64, int]:
    """`_read_word` behind a byte VERBATIM."""
    hashed = np.uint64(0)
    while text[position] != VERBATIM:
        code, position = decoded(text, position)
        top, hashed = append(letters, top, hashed, code)
    return top, _mixed(hashed), position + 1


@compiled(nogil=True, forceinline=True)
def _read_letters(
    text: Bytes1d, position: int, folds: Ints1d, kinds: NDArray[np.uint16], letters: Bytes1d, top: int
) -> tuple[int, np.uint64, int]:
    """`_read_word` where a word begins."""
    hashed = np.uint64(0)
    code, following = decoded(text, position)
    kind = kinds[code]
    goes_on = True
    while goes_on:
        top, hashed = append(letters, top, hashed, folds[code])
        previous, position = kind, following
        kind = _NOTHING
        while position < len(text):
            code, following = decoded(text, position)
            kind = kinds[code]
            if not kind & IGNORED:
                break
            position, kind = following, _NOTHING
        goes_on = kind & (WORD | MARK) != 0 or (
            kind & INNER != 0 and _joins(text, following, folds[code], kinds, previous)
        )
    return top, _mixed(hashed), position


@compiled(nogil=True, forceinline=True)
def _joins(text: Bytes1d, position: int, code: int, kinds: NDArray[np.uint16], previous: np.uint16) -> bool:
    """Whether an inner character joins the word before it with what stands from `position` on."""
    after = _next_kind(text, position, kinds)
    if not after & WORD:
        return False
    if code in (_APOSTROPHE, _LOW_LINE):
        return True
    between_digits = previous & after & DIGIT != 0
    return bool(between_digits != (code == _HYPHEN))


@compiled(nogil=True, forceinline=True)
def _next_kind(text: Bytes1d, position: int, kinds: NDArray[np.uint16]) -> np.uint16:
    """The kind of the next character that is not ignored."""
    while position < len(text):
        code, position = decoded(text, position)
        if not kinds[code] & IGNORED:
            return np.uint16(kinds[code])
    return _NOTHING


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
