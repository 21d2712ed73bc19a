"""The words of a benchmark among the words of vectors: which row stands for which, and whose case differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from embedkit.evaluation.protocols import FOLDS, FULL, Protocol
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.search import RowIds

UNKNOWN = -1
MISMATCH = 0.05  # share of items gained in lower case from which on a warning is due


class Spellings:
    """Finds words as a protocol matches them.

    Args:
        vocabulary: the words of the vectors.
        protocol: how many of them are known, and how case is treated.
        lowercase: take the words of the benchmark in lower case, whatever the protocol says of their case.
    """

    def __init__(self, vocabulary: Vocabulary, protocol: Protocol = FULL, lowercase: bool = False) -> None:
        self.vocabulary = vocabulary
        self.count = min(len(vocabulary), protocol.candidates or len(vocabulary))
        self.fold: Callable[[str], str] | None = FOLDS.get(protocol.case)
        self._lowercase = lowercase or protocol.case == "lower"

    def rows(self, items: Iterable[Sequence[str]]) -> RowIds:
        """The rows (n, w) that stand for n items of w words; `UNKNOWN` for words that none stands for."""
        return np.array([[self._row(word) for word in words] for words in items], np.int64)

    @cached_property
    def alike(self) -> RowIds:
        """For each known row the first row of the same spelling, (count,)."""
        if self.fold is None:
            return np.arange(self.count)
        words = self.vocabulary.words[: self.count]
        return np.fromiter((self._first[self.fold(word)] for word in words), np.int64, self.count)

    def gained_in_lowercase(self, items: Sequence[Sequence[str]], covered: NDArray[np.bool_]) -> int:
        """How many of `items`, `covered` (n,) or not, would be covered if they were in lower case."""
        if self._lowercase or self.fold:
            return 0
        lowered = [[word.lower() for word in words] for words in items]
        return int(np.count_nonzero(all_known(self.rows(lowered))) - np.count_nonzero(covered))

    def _row(self, word: str) -> int:
        if self._lowercase:
            word = word.lower()
        if self.fold:
            return self._first.get(self.fold(word), UNKNOWN)
        row = self.vocabulary.get(word, UNKNOWN)
        return row if row < self.count else UNKNOWN

    @cached_property
    def _first(self) -> dict[str, int]:
        """The first row of each spelling."""
        fold = self.fold or str
        first: dict[str, int] = {}
        for row, word in enumerate(self.vocabulary.words[: self.count]):
            first.setdefault(fold(word), row)
        return first


def all_known(rows: RowIds) -> NDArray[np.bool_]:
    """Which of the items (n, w) have no unknown word, (n,)."""
    known: NDArray[np.bool_] = (rows != UNKNOWN).all(axis=1)
    return known


def coverage_warnings(
    spellings: Spellings, items: Sequence[Sequence[str]], covered: NDArray[np.bool_]
) -> tuple[str, ...]:
    """What a user should know: that no item is covered, or that case keeps many from being so."""
    warnings = []
    if not covered.any():
        warnings.append("nothing is covered: each item has a word that the vectors do not have")
    gained = spellings.gained_in_lowercase(items, covered)
    if gained >= max(1, MISMATCH * len(items)):
        warnings.append(
            f"the case differs: {gained} more of {len(items)} items would be covered in lower case; "
            "use lowercase=True (--lowercase)"
        )
    return tuple(warnings)
