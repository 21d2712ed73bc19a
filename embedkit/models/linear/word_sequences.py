"""`WordSequences`: token ids that keep their words, for character n-grams of unknown ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any

import numpy as np

from embedkit.arrays import Ints1d
from embedkit.models.word_ids import UNKNOWN, WordIds, encode
from embedkit.text.ngrams.keys import table
from embedkit.text.sequences.sequences import Sequences
from embedkit.text.tokenization.numbered import numbering


@dataclass(frozen=True, eq=False)
class WordSequences(Sequences):
    """The ids of n texts, and the words behind them; a text without words is one empty word.

    Args:
        words: the words of the texts, each once, and maybe some of other texts.
        numbers: int32 (total,), which of them stands at each place.
    """

    words: Sequence[str]
    numbers: Ints1d

    def occurrences(self) -> tuple[list[str], Any]:
        """The V words that occur, and how often each text holds each of them, csr float32 (n, V)."""
        occurs = np.bincount(self.numbers, minlength=len(self.words)) > 0
        words = list(compress(self.words, occurs.tolist()))
        columns = (np.cumsum(occurs) - 1)[self.numbers]
        return words, table(self.texts, columns, (len(self), len(words)))

    def known_as(self, ids: WordIds) -> WordSequences:
        """The same texts with the ids that these words have."""
        known_ids = np.fromiter(map(ids.__getitem__, self.words), np.int32, len(self.words))
        return replace(self, ids=known_ids[self.numbers])

    def part(self, begin: int, end: int) -> WordSequences:
        """The texts from `begin` to before `end`, or as many as there are."""
        part = super().part(begin, end)
        first = self.offsets[begin]
        numbers = self.numbers[first : first + len(part.ids)]
        return WordSequences(part.ids, part.offsets, self.words, numbers)


def word_sequences(texts: Iterable[Sequence[str]]) -> WordSequences:
    """Tokenized texts, which are read one by one, before any of their words is known."""
    numbers = numbering()
    numbered = encode((tokens or [""] for tokens in texts), numbers)
    unknown = np.full(len(numbered.ids), UNKNOWN, np.int32)
    return WordSequences(unknown, numbered.offsets, list(numbers), numbered.ids)
