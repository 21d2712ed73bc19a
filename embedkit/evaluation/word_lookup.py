"""Vocabulary look-up of benchmark words: which row stands for which word, and case mismatches."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Bools1d, Longs1d, Longs2d
from embedkit.evaluation.protocols import FOLDS, FULL, AnalogyProtocol
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.lookup import UNKNOWN, RowLookup

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


class ItemRows(NamedTuple):
    """What became of n items of w words: their rows (n, w), which are wholly known (n,), and warnings."""

    rows: Longs2d
    known: Bools1d
    warnings: tuple[str, ...]


class VocabularyLookup:
    """Finds the words of benchmarks in a vocabulary as a protocol matches them.

    Args:
        vocabulary: the words of the vectors.
        protocol: how many of them are known, and how case is treated.
        lowercase: take the words of the benchmark in lower case, whatever the protocol says of their case.
        only: the words of the benchmark that count as known if the vocabulary has them; by default all.

    Example:
        >>> lookup = VocabularyLookup(Vocabulary(["paris", "rome"]), lowercase=True)
        >>> lookup.rows([("Paris", "Rome"), ("Paris", "Oslo")]).tolist()
        [[0, 1], [0, -1]]
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        protocol: AnalogyProtocol = FULL,
        lowercase: bool = False,
        only: Container[str] | None = None,
    ) -> None:
        self._known = RowLookup(vocabulary, protocol.max_vocabulary, FOLDS.get(protocol.case))
        self._lowercase = lowercase
        self._lowered = lowercase or protocol.case == "lower"
        self._only = only

    @property
    def count(self) -> int:
        """How many words of the vocabulary are known, from the first."""
        return self._known.count

    @property
    def first_alike(self) -> Longs1d:
        """For each known row the first row of the same spelling, (count,)."""
        return self._known.first_alike

    def look_up(self, items: Items) -> ItemRows:
        """Find the words of all items; warnings say if none is covered, or if case keeps many from it."""
        rows = self.rows(items)
        known = all_known(rows)
        return ItemRows(rows, known, self._warnings(items, known))

    def rows(self, items: Items) -> Longs2d:
        """The rows (n, w) that stand for n items of w words; `UNKNOWN` for words that none stands for."""
        return np.array([[self._row(word) for word in words] for words in items], np.int64)

    def _row(self, word: str) -> int:
        if self._only is not None and word not in self._only:
            return UNKNOWN
        return self._known.row(word.lower() if self._lowered else word)

    def _warnings(self, items: Items, known: Bools1d) -> tuple[str, ...]:
        warnings = [] if known.any() else [NOTHING_COVERED]
        few = max(1, MISMATCH * len(items))
        unknown = len(known) - np.count_nonzero(known)
        told = self._known.fold is None and self._only is None and unknown >= few
        if told and (advice := self._of_case(items, known, few)):
            warnings.append(advice)
        return tuple(warnings)

    def _of_case(self, items: Items, known: Bools1d, few: float) -> str | None:
        """How many of `items` another treatment of case would cover, and which; None if fewer than `few`."""

        def gained(finds: Callable[[str], bool]) -> int:
            covered = sum(all(map(finds, words)) for words in items)
            return covered - int(np.count_nonzero(known))

        if self._lowercase and (gain := gained(self._known.__contains__)) >= few:
            return AS_SPELLED.format(gain, len(items))
        if not self._lowercase and (gain := gained(lambda word: word.lower() in self._known)) >= few:
            return IN_LOWER_CASE.format(gain, len(items))
        folded = {word.casefold() for word in self._known.vocabulary.words[: self.count]}
        if (gain := gained(lambda word: word.casefold() in folded)) >= few:
            return IN_ANY_CASE.format(gain, len(items))
        return None


def all_known(rows: Longs2d) -> Bools1d:
    """Which of the items (n, w) have no unknown word, (n,)."""
    known: Bools1d = (rows != UNKNOWN).all(axis=1)
    return known
