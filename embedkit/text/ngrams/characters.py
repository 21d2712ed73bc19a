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

        alphabet = np.unique(_code_points(words)[0])
        return cls(alphabet, _symbols(words, alphabet).keys(longest, often))

    def __len__(self) -> int:
        return sum(map(len, self.keys))

    def counts(self, words: Sequence[str]) -> Any:
        """How often each word holds each n-gram, csr float32 (words, F)."""
        _, *tables = _symbols(words, self.alphabet).tables(self.keys)
        return hstack(tables, format="csr")

    def check(self) -> None:
        """Raise `FormatError` for what `learn` never gives."""
        if not self.keys or (np.diff(self.alphabet) <= 0).any():
            raise FormatError("expected n-grams of sorted characters")
        check_keys(self.keys, len(self.alphabet))


def _symbols(words: Sequence[str], alphabet: Longs1d) -> Symbols:
    """The characters of words as symbols of an alphabet."""
    points, rows = _code_points(words)
    places = np.searchsorted(alphabet, points)
    known = np.isin(points, alphabet)
    return Symbols(np.where(known, places, ABSENT), rows, len(words), len(alphabet))


def _code_points(words: Sequence[str]) -> tuple[Longs1d, Ints1d]:
    """The code points of words between spaces, one after the other, and the number of each one's word."""
    between = [f" {word} " if word else "" for word in words]
    points = np.frombuffer("".join(between).encode("utf-32-le", "surrogatepass"), np.dtype("<i4"))
    rows = np.repeat(np.arange(len(words), dtype=np.int32), np.fromiter(map(len, between), np.int64))
    return points.astype(np.int64), rows
