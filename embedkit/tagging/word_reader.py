"""`WordReader`: words as the numbers of their vector, their shape and their characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d, Ints2d
from embedkit.tagging.word_shapes import shape_number
from embedkit.text.sequences.sequences import joined

UNKNOWN = 0  # the number of an unknown word, and of an unknown character
MAX_CHARACTERS = 32  # of a word; of longer ones as many from both ends


@dataclass(frozen=True)
class WordFeatures:
    """What a tagger reads of m words.

    Args:
        vectors: the number of each word's vector, int32 (m,).
        shapes: that of its shape, int32 (m,).
        characters: those of its characters, int32 (m, L), with anything behind the last.
        lengths: the number of characters, int32 (m,), at least 1.
    """

    vectors: Ints1d
    shapes: Ints1d
    characters: Ints2d
    lengths: Ints1d

    def __len__(self) -> int:
        return len(self.vectors)

    def rows(self, numbers: NDArray[np.integer]) -> WordFeatures:
        """Those of some of the words, without the columns of characters that none of them has."""
        lengths = self.lengths[numbers]
        characters = self.characters[numbers, : lengths.max(initial=1)]
        return WordFeatures(self.vectors[numbers], self.shapes[numbers], characters, lengths)


class WordReader:
    """The words and characters that a tagger knows.

    Args:
        words: those with a vector; the first has the number 1, as 0 is any other word.
        characters: numbered likewise.
    """

    def __init__(self, words: Sequence[str], characters: Sequence[str]) -> None:
        self.words, self.characters = list(words), list(characters)
        self._numbers = dict(zip(self.words, range(1, len(words) + 1), strict=True))
        self._of_character = dict(zip(self.characters, range(1, len(characters) + 1), strict=True))

    def number(self, word: str) -> int:
        """The number of a word as it is spelled, or else in lower case."""
        found = self._numbers.get(word)
        return self._numbers.get(word.lower(), UNKNOWN) if found is None else found

    def read(self, words: Sequence[str]) -> WordFeatures:
        """What a tagger reads of words."""
        spelled = joined((self._spelled(word) for word in words), empty=UNKNOWN)
        return WordFeatures(
            np.array([self.number(word) for word in words], np.int32),
            np.array([shape_number(word) for word in words], np.int32),
            spelled.padded(np.arange(len(words))),
            spelled.lengths.astype(np.int32),
        )

    def _spelled(self, word: str) -> list[int]:
        if len(word) > MAX_CHARACTERS:
            word = word[: MAX_CHARACTERS // 2] + word[-MAX_CHARACTERS // 2 :]
        return [self._of_character.get(character, UNKNOWN) for character in word]


def number_words(sentences: Iterable[Sequence[str]]) -> tuple[list[str], list[list[int]]]:
    """The different words of sentences in order of appearance, and the sentences as their numbers.

    Example:
        >>> from embedkit.tagging.word_reader import number_words
        >>> number_words([["to", "be", "or"], ["not", "to", "be"]])
        (['to', 'be', 'or', 'not'], [[0, 1, 2], [3, 0, 1]])
    """
    numbers: dict[str, int] = {}
    numbered = [[numbers.setdefault(word, len(numbers)) for word in sentence] for sentence in sentences]
    return list(numbers), numbered
