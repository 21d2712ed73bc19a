"""Compiled loops from UTF-8 text to numbered words, in one pass: the twin of what tokenizers do with `re`.

Each character is folded and judged by the tables of `tokenization.characters`; where a word goes on is
decided as by the usual expression in `tokenization.word_patterns`. Words are numbered as they first occur, by
the hash table of `word_hash_kernels`. Arguments called `text`, `folds`, `kinds` and `letters` of inner
functions are addresses of arrays. Importing this module imports numba.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bytes1d, Ints1d, Longs1d
from embedkit.simd.compiling import compiled
from embedkit.simd.memory import byte_at, int32_at, uint16_at
from embedkit.text.tokenization.characters import DIGIT, IGNORED, INNER, MARK, SPACE, WORD
from embedkit.text.tokenization.utf8_kernels import append, decoded, has_mark
from embedkit.text.word_hash_kernels import HALF, fill_slots, find_word, hashed_with, mixed

VERBATIM = 0xFF  # begins and ends a word that is taken as it stands; no byte of UTF-8
_APOSTROPHE, _HYPHEN, _LOW_LINE = map(ord, "'-_")
_NEWLINE = ord("\n")
_LINE_ENDS = -1  # in place of a word
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
    content, length = text.ctypes.data, len(text)
    fold_of, kind_of = folds.ctypes.data, kinds.ctypes.data
    letter, end_of = letters.ctypes.data, ends.ctypes.data
    slots = np.zeros(_SLOTS, np.uint64)
    found = documents = size = line = position = 0
    while position < length:
        position += 3 * has_mark(content, length, position)
        first = found
        while True:
            stop, hashed, position = _read_word(
                content, length, position, fold_of, kind_of, punctuation, letter, ends[size]
            )
            if stop == _LINE_ENDS:
                break
            word, slot = find_word(
                letter, ends[size], stop, hashed, letter, end_of, slots.ctypes.data, len(slots)
            )
            if word < 0:
                word = size
                size += 1
                slots[slot] = hashed << HALF | np.uint64(size)
                hashes[word], ends[size], counts[word] = hashed, stop, 0
                if 2 * size > len(slots):
                    slots = np.zeros(2 * len(slots), np.uint64)
                    fill_slots(hashes[:size], slots)
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
    text: int, length: int, position: int, folds: int, kinds: int, punctuation: bool, letters: int, top: int
) -> tuple[int, np.uint64, int]:
    """Write the next word of a line at `top` of `letters`.

    Returns:
        Where the word ends in `letters`, or _LINE_ENDS; its hash; and where the text goes on.
    """
    while position < length:
        if byte_at(text, position) == VERBATIM:
            return _read_verbatim(text, position + 1, letters, top)
        code, following = decoded(text, position)
        kind = uint16_at(kinds, code)
        if kind & WORD:
            return _read_letters(text, length, position, folds, kinds, letters, top)
        position = following
        if code == _NEWLINE:
            break
        if punctuation and not kind & (SPACE | IGNORED):
            sign = int32_at(folds, code)
            return append(letters, top, sign), mixed(hashed_with(np.uint64(0), sign)), position
    return _LINE_ENDS, np.uint64(0), position


@compiled(nogil=True, forceinline=True)
def _read_verbatim(text: int, position: int, letters: int, top: int) -> tuple[int, np.uint64, int]:
    """`_read_word` behind a byte VERBATIM."""
    hashed = np.uint64(0)
    while byte_at(text, position) != VERBATIM:
        code, position = decoded(text, position)
        top, hashed = append(letters, top, code), hashed_with(hashed, code)
    return top, mixed(hashed), position + 1


@compiled(nogil=True, forceinline=True)
def _read_letters(
    text: int, length: int, position: int, folds: int, kinds: int, letters: int, top: int
) -> tuple[int, np.uint64, int]:
    """`_read_word` where a word begins."""
    hashed = np.uint64(0)
    code, following = decoded(text, position)
    kind = uint16_at(kinds, code)
    goes_on = True
    while goes_on:
        letter = int32_at(folds, code)
        top, hashed = append(letters, top, letter), hashed_with(hashed, letter)
        previous, position = kind, following
        kind = SPACE
        while position < length:
            code, following = decoded(text, position)
            kind = uint16_at(kinds, code)
            if not kind & IGNORED:
                break
            position, kind = following, SPACE
        goes_on = kind & (WORD | MARK) != 0 or (
            kind & INNER != 0 and _joins(text, length, following, int32_at(folds, code), kinds, previous)
        )
    return top, mixed(hashed), position


@compiled(nogil=True, forceinline=True)
def _joins(text: int, length: int, position: int, code: int, kinds: int, previous: int) -> bool:
    """Whether an inner character joins the word before it with what stands from `position` on."""
    after = _next_kind(text, length, position, kinds)
    if not after & WORD:
        return False
    if code in (_APOSTROPHE, _LOW_LINE):
        return True
    between_digits = previous & after & DIGIT != 0
    return between_digits != (code == _HYPHEN)


@compiled(nogil=True, forceinline=True)
def _next_kind(text: int, length: int, position: int, kinds: int) -> int:
    """The kind of the next character that is not ignored."""
    while position < length:
        code, position = decoded(text, position)
        kind = uint16_at(kinds, code)
        if not kind & IGNORED:
            return kind
    return SPACE
