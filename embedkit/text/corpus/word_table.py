"""`WordTable`: the numbers of all words seen, in the order of their first occurrence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from embedkit.arrays import Ints1d, Longs1d
from embedkit.text.packed_words import PackedWords
from embedkit.text.tokenization.numbered import numbering
from embedkit.text.vocabulary import Vocabulary

UNKNOWN = -1  # the number of a word that the table does not hold


class WordTable(Protocol):
    """Numbers words 0, 1, 2, ... as they first occur; the first are those that it is made with."""

    def __init__(self, words: Sequence[str] = ()) -> None: ...

    def number(self, words: Sequence[str]) -> Ints1d:
        """The number of each word; those of new ones are the next."""

    def find(self, words: Sequence[str]) -> Ints1d:
        """The number of each word, `UNKNOWN` for new ones."""

    def words(self) -> PackedWords:
        """All words, in the order of their numbers."""

    def __len__(self) -> int:
        """How many words there are."""

    @staticmethod
    def save(path: Path, words: PackedWords, counts: Longs1d) -> None:
        """Write words and counts as `Vocabulary.save` does."""


class PythonWordTable:
    """A `WordTable` in Python's own means: the readable twin of `CompiledWordTable`, for small texts.

    Args:
        words: those that have the first numbers.
    """

    def __init__(self, words: Sequence[str] = ()) -> None:
        self._numbers = numbering()
        self.number(words)

    def number(self, words: Sequence[str]) -> Ints1d:
        """The number of each word; those of new ones are the next."""
        return np.fromiter(map(self._numbers.__getitem__, words), np.int32, len(words))

    def find(self, words: Sequence[str]) -> Ints1d:
        """The number of each word, `UNKNOWN` for new ones."""
        return np.array([self._numbers.get(word, UNKNOWN) for word in words], np.int32)

    def words(self) -> PackedWords:
        """All words, in the order of their numbers."""
        return PackedWords.of(list(self._numbers))

    def __len__(self) -> int:
        return len(self._numbers)

    @staticmethod
    def save(path: Path, words: PackedWords, counts: Longs1d) -> None:
        """Write words and counts as `Vocabulary.save` does."""
        Vocabulary(list(words), counts).save(path)
