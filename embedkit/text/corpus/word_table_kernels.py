"""Compiled loops over the words of a corpus: numbers looked up in a hash table, and lines of a vocabulary.

Words and slots are those of `word_hash_kernels`. Importing this module imports numba.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bytes1d, Ints1d, Longs1d
from embedkit.simd.compiling import compiled
from embedkit.simd.memory import byte_at
from embedkit.text.word_hash_kernels import HALF, find_word, hashed_with, mixed

MAX_DIGITS = 19  # of a count
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
    new, letter, end_of, slot_of = (
        new_letters.ctypes.data,
        letters.ctypes.data,
        ends.ctypes.data,
        slots.ctypes.data,
    )
    for i in range(len(new_ends) - 1):
        begin, end = new_ends[i], new_ends[i + 1]
        hashed = np.uint64(0)
        for j in range(begin, end):
            hashed = hashed_with(hashed, byte_at(new, j))
        hashed = mixed(hashed)
        word, slot = find_word(new, begin, end, hashed, letter, end_of, slot_of, len(slots))
        if word < 0 and adding:
            word, size = size, size + 1
            slots[slot] = hashed << HALF | np.uint64(size)
            hashes[word] = hashed
            top = ends[word]
            for j in range(end - begin):
                letters[top + j] = new_letters[begin + j]
            ends[size] = top + end - begin
        numbers[i] = word
    return size


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
