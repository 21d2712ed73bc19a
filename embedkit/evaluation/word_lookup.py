"""The words of a benchmark among the words of vectors: which row stands for which, and whose case differs."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.evaluation.protocols import FOLDS, FULL, Protocol
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.search.exact import RowIds

UNKNOWN = -1
MISMATCH = 0.05  # share of items gained by another treatment of case from which on a warning is due

NOTHING_COVERED = "nothing is covered: each item has a word that the vectors do not have"
COVERED = "the case differs: {} more of {} items would be covered "
AS_SPELLED = COVERED + "as they are spelled; use lowercase=False (--no-lowercase)"
IN_LOWER_CASE = COVERED + "in lower case; use lowercase=True (--lowercase)"
IN_ANY_CASE = COVERED + (
    "if case did not count; ask analogies with the protocol gensim-300k (--protocol gensim-300k), and write "
    "other benchmarks in the case of the vectors"
)

Items = Sequence[Sequence[str]]


class Lookup(NamedTuple):
    """What became of n items of w words: their rows (n, w), which are wholly known (n,), and warnings."""

    rows: RowIds
    known: NDArray[np.bool_]
    warnings: tuple[str, ...]


class Spellings:
    """Finds words as a protocol matches them.

    Args:
        vocabulary: the words of the vectors.
        protocol: how many of them are known, and how case is treated.
        lowercase: take the words of the benchmark in lower case, whatever the protocol says of their case.
        only: the words of the benchmark that count as known if the vocabulary has them; by default all.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        protocol: Protocol = FULL,
        lowercase: bool = False,
        only: Container[str] | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.count = min(len(vocabulary), protocol.candidates or len(vocabulary))
        self.fold: Callable[[str], str] | None = FOLDS.get(protocol.case)
        self._lowercase = lowercase
        self._lowered = lowercase or protocol.case == "lower"
        self._only = only

    def look_up(self, items: Items) -> Lookup:
        """Find the words of all items; warnings say if none is covered, or if case keeps many from it."""
        rows = self.rows(items)
        known = all_known(rows)
        return Lookup(rows, known, self._warnings(items, known))

    def rows(self, items: Items) -> RowIds:
        """The rows (n, w) that stand for n items of w words; `UNKNOWN` for words that none stands for."""
        return np.array([[self._row(word) for word in words] for words in items], np.int64)

    @cached_property
    def alike(self) -> RowIds:
        """For each known row the first row of the same spelling, (count,)."""
        if self.fold is None:
            return np.arange(self.count)
        words = self.vocabulary.words[: self.count]
        return np.fromiter((self._first[self.fold(word)] for word in words), np.int64, self.count)

    def _row(self, word: str) -> int:
        if self._only is not None and word not in self._only:
            return UNKNOWN
        if self._lowered:
            word = word.lower()
        if self.fold:
            return self._first.get(self.fold(word), UNKNOWN)
        row = self.vocabulary.get(word, UNKNOWN)
        return row if row < self.count else UNKNOWN

    def _has(self, word: str) -> bool:
        return 0 <= self.vocabulary.get(word, UNKNOWN) < self.count

    @cached_property
    def _first(self) -> dict[str, int]:
        """The first row of each spelling."""
        fold = self.fold or str
        first: dict[str, int] = {}
        for row, word in enumerate(self.vocabulary.words[: self.count]):
            first.setdefault(fold(word), row)
        return first

    def _warnings(self, items: Items, known: NDArray[np.bool_]) -> tuple[str, ...]:
        warnings = [] if known.any() else [NOTHING_COVERED]
        few = max(1, MISMATCH * len(items))
        unknown = len(known) - np.count_nonzero(known)
        told = self.fold is None and self._only is None and unknown >= few
        if told and (advice := self._of_case(items, known, few)):
            warnings.append(advice)
        return tuple(warnings)

    def _of_case(self, items: Items, known: NDArray[np.bool_], few: float) -> str | None:
        """How many of `items` another treatment of case would cover, and which; None if fewer than `few`."""

        def gained(finds: Callable[[str], bool]) -> int:
            covered = sum(all(map(finds, words)) for words in items)
            return covered - int(np.count_nonzero(known))

        if self._lowercase and (gain := gained(self._has)) >= few:
            return AS_SPELLED.format(gain, len(items))
        if not self._lowercase and (gain := gained(lambda word: self._has(word.lower()))) >= few:
            return IN_LOWER_CASE.format(gain, len(items))
        folded = {word.casefold() for word in self.vocabulary.words[: self.count]}
        if (gain := gained(lambda word: word.casefold() in folded)) >= few:
            return IN_ANY_CASE.format(gain, len(items))
        return None


def all_known(rows: RowIds) -> NDArray[np.bool_]:
    """Which of the items (n, w) have no unknown word, (n,)."""
    known: NDArray[np.bool_] = (rows != UNKNOWN).all(axis=1)
    return known
