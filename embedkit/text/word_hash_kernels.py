"""Compiled look-up of words in an open hash table.

Words are UTF-8 without gaps: word w of `letters` from `ends[w]` to `ends[w + 1]`. A slot, of which there are
a power of two, at most half of them used, is 0 or hash << 32 | w + 1. Letters, ends and slots are addresses
of arrays of uint8, int64 and uint64. Importing this module imports numba.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.simd.compiling import compiled
from embedkit.simd.memory import byte_at, int64_at, uint64_at

HALF, LOW_HALF = np.uint64(32), np.uint64(0xFFFFFFFF)  # of a slot
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2 ** 64 divided by the golden ratio


@compiled(nogil=True, forceinline=True)
def hashed_with(hashed: np.uint64, number: int) -> np.uint64:
    """The hash of what had the hash `hashed`, at first 0, and one more byte or character."""
    return np.uint64((hashed ^ np.uint64(number)) * _MULTIPLIER)


@compiled(nogil=True, forceinline=True)
def mixed(hashed: np.uint64) -> np.uint64:
    """A hash of 32 bits, of one of 64."""
    return np.uint64((hashed ^ hashed >> HALF) & LOW_HALF)


@compiled(nogil=True, forceinline=True)
def find_word(
    new: int, begin: int, stop: int, hashed: np.uint64, letters: int, ends: int, slots: int, slot_count: int
) -> tuple[int, int]:
    """The number of the word that stands in `new` from `begin` to `stop`, or -1, and its slot, old or new."""
    slot = int(np.int64(hashed)) & slot_count - 1
    stored = uint64_at(slots, slot)
    while stored:
        if stored >> HALF == hashed:
            word = int(np.int64(stored & LOW_HALF)) - 1
            start = int64_at(ends, word)
            same_length = int64_at(ends, word + 1) - start == stop - begin
            if same_length and _are_equal(letters, start, new, begin, stop - begin):
                return word, slot
        slot = slot + 1 & slot_count - 1
        stored = uint64_at(slots, slot)
    return -1, slot


@compiled(nogil=True)
def fill_slots(hashes: NDArray[np.uint32], slots: NDArray[np.uint64]) -> None:
    """Put all words into empty slots."""
    for word in range(len(hashes)):
        slot = int(hashes[word]) & len(slots) - 1
        while slots[slot]:
            slot = slot + 1 & len(slots) - 1
        slots[slot] = np.uint64(hashes[word]) << HALF | np.uint64(word + 1)


@compiled(nogil=True, forceinline=True)
def _are_equal(letters: int, start: int, others: int, begin: int, length: int) -> bool:
    i = 0
    while i < length and byte_at(letters, start + i) == byte_at(others, begin + i):
        i += 1
    return i == length
