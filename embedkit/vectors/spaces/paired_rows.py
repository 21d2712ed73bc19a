"""`PairedRows`: words of two spaces that mean the same, as rows of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import InputError
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.lookup import is_lowercase, known_form
from embedkit.vectors.spaces.word_lists import Dictionary, word_pairs
from embedkit.vectors.spaces.words import common_rows

NAMED = 3  # unknown words that a message names


@dataclass(frozen=True, eq=False)
class PairedRows:
    """Pairs of words that both spaces know.

    Attributes:
        sources: the rows of the first words, (n,).
        targets: the rows of the second ones, (n,).
        unknown_sources: words of the dictionary that the source space does not know, each once.
        unknown_targets: words that the target space does not know.
        total: the pairs of the dictionary, known or not.
        total_sources: the different first words of the dictionary.
    """

    sources: Longs1d
    targets: Longs1d
    unknown_sources: tuple[str, ...]
    unknown_targets: tuple[str, ...]
    total: int
    total_sources: int

    @classmethod
    def of_common_words(cls, source: Embeddings, target: Embeddings, most_frequent: int | None) -> Self:
        """The words in common, or the `most_frequent` of them, each paired with itself."""
        rows = common_rows(source.vocabulary, target.vocabulary, most_frequent)
        return cls(*rows, (), (), len(rows[0]), len(rows[0]))

    @classmethod
    def of_dictionary(cls, source: Embeddings, target: Embeddings, dictionary: Dictionary) -> Self:
        """The pairs of a dictionary; words are found in lower case, too, where vectors are of such text.

        Raises:
            InputError: no pair of which both words are known.
        """
        pairs = word_pairs(dictionary)
        first, second = [word for word, _ in pairs], [word for _, word in pairs]
        sources, targets = _found(source, first), _found(target, second)
        both = [
            (ours, theirs)
            for ours, theirs in zip(sources, targets, strict=True)
            if ours is not None and theirs is not None
        ]
        unknown_sources = _unknown(first, sources)
        unknown_targets = _unknown(second, targets)
        if not both:
            raise InputError(
                f"of {len(pairs):,} pairs none has two words that the spaces know; unknown are "
                f"{named(unknown_sources)} in the first and {named(unknown_targets)} in the second"
            )
        rows = np.array(list(dict.fromkeys(both)), np.int64)
        return cls(rows[:, 0], rows[:, 1], unknown_sources, unknown_targets, len(pairs), len({*first}))

    def __len__(self) -> int:
        return len(self.sources)


def named(words: tuple[str, ...]) -> str:
    """A few of the words, and how many more there are: "'a', 'b', 'c' and 17 more"."""
    shown = ", ".join(map(repr, words[:NAMED])) or "none"
    return shown + (f" and {len(words) - NAMED:,} more" if len(words) > NAMED else "")


def _found(vectors: Embeddings, words: list[str]) -> list[int | None]:
    """The row of each word, None if it is unknown."""
    lowercase = is_lowercase(vectors)
    forms = (known_form(vectors.vocabulary, word, lowercase) for word in words)
    return [None if form is None else vectors.vocabulary[form] for form in forms]


def _unknown(words: list[str], rows: list[int | None]) -> tuple[str, ...]:
    """The words without a row, each once."""
    return tuple(dict.fromkeys(word for word, row in zip(words, rows, strict=True) if row is None))
