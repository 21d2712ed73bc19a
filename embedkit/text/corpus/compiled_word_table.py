"""`CompiledWordTable`: the numbers of millions of words, kept as UTF-8 in arrays.

Importing this module imports numba.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d, Longs1d
from embedkit.files import atomic_file
from embedkit.text.corpus.word_table_kernels import MAX_DIGITS, number_words, vocabulary_lines
from embedkit.text.packed_words import PackedWords
from embedkit.text.word_hash_kernels import fill_slots

_ROOM = 1 << 16  # for words and for their letters, at first


class CompiledWordTable:
    """A `WordTable` in one open hash table.

    Args:
        words: those that have the first numbers.
    """

    def __init__(self, words: Sequence[str] = ()) -> None:
        self._size = 0
        self._letters, self._ends = np.empty(_ROOM, np.uint8), np.zeros(_ROOM + 1, np.int64)
        self._hashes, self._slots = np.empty(_ROOM, np.uint32), np.zeros(2 * _ROOM, np.uint64)
        self.number(words)

    def number(self, words: Sequence[str]) -> Ints1d:
        """The number of each word; those of new ones are the next."""
        return self._look_up(words, adding=True)

    def find(self, words: Sequence[str]) -> Ints1d:
        """The number of each word, `UNKNOWN` for new ones."""
        return self._look_up(words, adding=False)

    def words(self) -> PackedWords:
        """All words, in the order of their numbers."""
        ends = self._ends[: self._size + 1]
        return PackedWords(self._letters[: ends[-1]], ends)

    def __len__(self) -> int:
        return self._size

    @staticmethod
    def save(path: Path, words: PackedWords, counts: Longs1d) -> None:
        """Write words and counts as `Vocabulary.save` does; no word may hold a tab or a line end."""
        lines = np.empty(len(words.letters) + (MAX_DIGITS + 2) * len(words), np.uint8)
        end = vocabulary_lines(words.letters, words.ends, counts, lines)
        with atomic_file(path) as stream:
            stream.write(lines[:end].data)

    def _look_up(self, words: Sequence[str], *, adding: bool) -> Ints1d:
        packed = words if isinstance(words, PackedWords) else PackedWords.of(words)
        if adding:
            self._make_room(len(packed), len(packed.letters))
        numbers = np.empty(len(packed), np.int32)
        self._size = number_words(
            packed.letters, packed.ends, numbers, adding,
            self._letters, self._ends, self._hashes, self._slots, self._size,
        )  # fmt: skip
        return numbers

    def _make_room(self, words: int, letters: int) -> None:
        """Let there be room for so many more words and letters; half of the slots stay empty."""
        self._letters = _at_least(self._letters, int(self._ends[self._size]) + letters)
        self._ends = _at_least(self._ends, self._size + words + 1)
        self._hashes = _at_least(self._hashes, self._size + words)
        if 2 * (self._size + words) > len(self._slots):
            slots = 1 << (2 * (self._size + words) - 1).bit_length()
            self._slots = np.zeros(slots, np.uint64)
            fill_slots(self._hashes[: self._size], self._slots)


def _at_least(array: NDArray[Any], room: int) -> NDArray[Any]:
    """The array, with room for `room` entries: half as much again, if it must grow."""
    if room <= len(array):
        return array
    larger = np.empty(max(room, 3 * len(array) // 2), array.dtype)
    larger[: len(array)] = array
    return larger
