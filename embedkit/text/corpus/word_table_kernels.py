"""Compiled loops over the words of a corpus: numbers looked up in a hash table, and lines of a vocabulary.

Words are UTF-8 without gaps: word w of `letters` from `ends[w]` to `ends[w + 1]`. `hashes` holds a hash of
each; and `slots`, a power of two of them, at most half used, 0 or hash << 32 | w + 1. Importing this module
imports numba.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bytes1d, Ints1d, Longs1d
from embedkit.simd.compiling import compiled

MAX_DIGITS = 19  # of a count
_HALF, _LOW_HALF = np.uint64(32), np.uint64(0xFFFFFFFF)
_BASIS, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)  # of the hash FNV-1a
_TAB, _NEWLINE, _ZERO = ord("\t"), ord("\n"), ord("0")


@compiled(nogil=True)
def number_words(
    new_letters: Bytes1d,
    new_ends: Longs1d,
    numbers: Ints1d,
    adding: bool,
    letters: Bytes1d,
    ends: Longs1d,
    hashes: NDArray[np.uint32],
    slots: NDArray[np.uint64],
    size: int,
) -> int:
    """Write the number of each new word; one that is not among the first `size` is added, or gets -1.

    If words are added, there is room for all of them. Returns how many words there are then.
    """
    for i in range(len(new_ends) - 1):
        begin, end = new_ends[i], new_ends[i + 1]
        hashed = _hashed(new_letters, begin, end)
        word, slot = _find(new_letters, begin, end, hashed, letters, ends, slots)
        if word < 0 and adding:
            word, size = size, size + 1
            slots[slot] = hashed << _HALF | np.uint64(size)
            hashes[word] = hashed
            top = ends[word]
            for j in range(end - begin):
                letters[top + j] = new_letters[begin + j]
            ends[size] = top + end - begin
        numbers[i] = word
    return size


@compiled(nogil=True)
def fill_slots(hashes: NDArray[np.uint32], slots: NDArray[np.uint64]) -> None:
    """Put all words into empty slots."""
    for word in range(len(hashes)):
        slot = int(hashes[word]) & len(slots) - 1
        while slots[slot]:
            slot = slot + 1 & len(slots) - 1
        slots[slot] = np.uint64(hashes[word]) << _HALF | np.uint64(word + 1)


@compiled(nogil=True)
def vocabulary_lines(letters: Bytes1d, ends: Longs1d, counts: Longs1d, lines: Bytes1d) -> int:
    r"""Write a line `word\tcount\n` for each word; returns where they end."""
    top = 0
    digits = np.empty(MAX_DIGITS, np.uint8)
    for word in range(len(counts)):
        for i in range(ends[word], ends[word + 1]):
            lines[top] = letters[i]
            top += 1
        lines[top] = _TAB
        top += 1
        rest, length = counts[word], 0
        while length == 0 or rest:
            digits[length] = _ZERO + rest % 10
            rest, length = rest // 10, length + 1
        for i in range(length):
            lines[top] = digits[length - 1 - i]
            top += 1
        lines[top] = _NEWLINE
        top += 1
    return top


@compiled(nogil=True, forceinline=True)
def _hashed(letters: Bytes1d, begin: int, end: int) -> np.uint64:
    """FNV-1a, folded to 32 bits."""
    hashed = _BASIS
    for i in range(begin, end):
        hashed = (hashed ^ np.uint64(letters[i])) * _PRIME
    return np.uint64((hashed ^ hashed >> _HALF) & _LOW_HALF)


@compiled(nogil=True, forceinline=True)
def _find(
    new_letters: Bytes1d,
    begin: int,
    end: int,
    hashed: np.uint64,
    letters: Bytes1d,
    ends: Longs1d,
    slots: NDArray[np.uint64],
) -> tuple[int, int]:
    """The number of the word `new_letters[begin:end]`, or -1, and the slot where it is or belongs."""
    slot = int(hashed) & len(slots) - 1
    while slots[slot]:
        if slots[slot] >> _HALF == hashed:
            word = int(slots[slot] & _LOW_HALF) - 1
            start, length = ends[word], end - begin
            i = 0
            if ends[word + 1] - start == length:
                while i < length and letters[start + i] == new_letters[begin + i]:
                    i += 1
                if i == length:
                    return word, slot
        slot = slot + 1 & len(slots) - 1
    return -1, slot
