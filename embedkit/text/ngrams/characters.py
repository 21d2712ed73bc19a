"""Character n-grams within words as features.

Each word stands between two spaces, so that the n-grams at its ends differ from those inside it, as those of
scikit-learn's analyzer "char_wb" do; they are of 2 characters or more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import hstack

from embedkit.arrays import Bools1d, Ints1d, Longs1d
from embedkit.errors import FormatError
from embedkit.text.ngrams.keys import ABSENT, Keys, Symbols, check_keys, row_counts

LAST = 0x10FFFF  # code point
TEXTS = 4096  # whose n-grams are counted at once


@dataclass(frozen=True)
class CharacterNgrams:
    """The n-grams of characters that are features.

    Args:
        alphabet: int64 (A,), the code points of the characters, sorted.
        keys: of the n-grams of 2 characters and so on, see `Symbols`.
    """

    alphabet: Longs1d
    keys: Keys

    @classmethod
    def learn(cls, words: Sequence[str], occurrences: Any, longest: int, min_df: int) -> CharacterNgrams:
        """The n-grams of up to `longest` characters in at least `min_df` texts.

        Args:
            words: the V words of the texts.
            occurrences: how often each text holds each word, csr (n, V).
            longest: characters in the longest n-gram, at least 2.
            min_df: texts.
        """

        def often(held: Any) -> Bools1d:
            counts = np.zeros(held.shape[1], np.int64)
            for begin in range(0, occurrences.shape[0], TEXTS):
                counts += row_counts(occurrences[begin : begin + TEXTS] @ held)
            frequent: Bools1d = counts >= min_df
            return frequent

        within = spaced(words)
        alphabet = np.unique(code_points(within)[0]).astype(np.int64)
        return cls(alphabet, character_symbols(within, alphabet).keys(longest, often))

    def __len__(self) -> int:
        return sum(map(len, self.keys))

    def counts(self, words: Sequence[str]) -> Any:
        """How often each word holds each n-gram, csr float32 (words, F)."""
        _, *tables = character_symbols(spaced(words), self.alphabet).tables(self.keys)
        return hstack(tables, format="csr")

    def check(self) -> None:
        """Raise `FormatError` for what `learn` never gives."""
        ends = self.alphabet[:1].tolist() + self.alphabet[-1:].tolist()
        if not self.keys or (np.diff(self.alphabet) <= 0).any() or not all(0 <= end <= LAST for end in ends):
            raise FormatError("expected n-grams of sorted characters")
        check_keys(self.keys, len(self.alphabet))


def character_symbols(texts: Sequence[str], alphabet: Longs1d) -> Symbols:
    """The characters of texts as symbols of an alphabet of sorted code points."""
    points, rows = code_points(texts)
    places = np.full(int(max(points.max(initial=0), alphabet.max(initial=0))) + 1, ABSENT, np.int64)
    places[alphabet] = np.arange(len(alphabet))
    return Symbols(places[points], rows, len(texts), len(alphabet))


def code_points(texts: Sequence[str]) -> tuple[Ints1d, Ints1d]:
    """The code points of texts, one after the other, and the number of each one's text."""
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.dtype("<i4"))
    rows = np.repeat(np.arange(len(texts), dtype=np.int32), np.fromiter(map(len, texts), np.int64))
    return points, rows


def spaced(words: Sequence[str]) -> list[str]:
    """Words between two blanks; the empty word, which stands for a text without words, stays empty."""
    return [f" {word} " if word else "" for word in words]
