"""Counters of the n-grams of texts: of words, of characters, and of characters within words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from scipy.sparse import hstack

from embedkit.text.documents import checked_documents
from embedkit.text.ngrams.characters import CharacterNgrams, character_symbols, code_points, spaced
from embedkit.text.ngrams.keys import ABSENT, Keys, Symbols, frequent_words, row_counts, table
from embedkit.text.sequences.sequences import Sequences, joined
from embedkit.text.tokenization.numbered import numbering


class NgramCounter(Protocol):
    """Some texts, and how their n-grams are found; what `symbols` and `keys` are, see `Symbols`."""

    def learn(self, longest: int, min_df: int) -> tuple[Sequence[str], Keys]:
        """The symbols and keys of the n-grams of up to `longest` symbols, with all in `min_df` texts."""

    def counts(self, symbols: Sequence[str], keys: Keys) -> Any:
        """How often each text holds each symbol and then each n-gram, csr float32 (n, F)."""


@dataclass(frozen=True)
class WordCounter:
    """The n-grams of words of n texts.

    Args:
        words: the words, each once.
        sequences: the texts, as the numbers of their words.
    """

    words: Sequence[str]
    sequences: Sequences

    @cached_property
    def occurrences(self) -> Any:
        """How often each text holds each word, csr float32 (n, words)."""
        shape = len(self.sequences), len(self.words)
        return table(self.sequences.texts, self.sequences.ids, shape)

    def learn(self, longest: int, min_df: int) -> tuple[Sequence[str], Keys]:
        """See `NgramCounter`."""
        words = frequent_words(self.words, row_counts(self.occurrences), min_df)
        return words, self._symbols(words).keys(longest, lambda held: row_counts(held) >= min_df)

    def counts(self, symbols: Sequence[str], keys: Keys) -> Any:
        """See `NgramCounter`."""
        return _beside(self._symbols(symbols).tables(keys))

    def _symbols(self, known: Sequence[str]) -> Symbols:
        """The words as symbols, of which some are known."""
        place_of = {word: place for place, word in enumerate(known)}
        places = np.array([place_of.get(word, ABSENT) for word in self.words], np.int64)
        return Symbols(places[self.sequences.ids], self.sequences.texts, len(self.sequences), len(known))


def word_counter(documents: Iterable[Sequence[str]]) -> WordCounter:
    """The counter of the words of documents; what are no lists of words raises `InputError`."""
    numbers = numbering()
    sequences = joined(map(numbers.__getitem__, document) for document in checked_documents(documents))
    return WordCounter(list(numbers), sequences)


@dataclass(frozen=True)
class TextCharacterCounter:
    """The n-grams of characters of n texts, blanks among them."""

    texts: Sequence[str]

    def learn(self, longest: int, min_df: int) -> tuple[Sequence[str], Keys]:
        """See `NgramCounter`."""
        alphabet = np.unique(code_points(self.texts)[0]).astype(np.int64)
        symbols = character_symbols(self.texts, alphabet)
        keys = symbols.keys(longest, lambda held: row_counts(held) >= min_df)
        return list(map(chr, alphabet.tolist())), keys

    def counts(self, symbols: Sequence[str], keys: Keys) -> Any:
        """See `NgramCounter`."""
        alphabet = np.array(list(map(ord, symbols)), np.int64)
        return _beside(character_symbols(self.texts, alphabet).tables(keys))


@dataclass(frozen=True)
class WordCharacterCounter:
    """The n-grams of characters within the words of n texts.

    Args:
        words: the V words, each once.
        occurrences: how often each text holds each of them, csr (n, V).
    """

    words: Sequence[str]
    occurrences: Any

    def learn(self, longest: int, min_df: int) -> tuple[Sequence[str], Keys]:
        """See `NgramCounter`."""
        learned = CharacterNgrams.learn(self.words, self.occurrences, longest, min_df)
        return list(map(chr, learned.alphabet.tolist())), learned.keys

    def counts(self, symbols: Sequence[str], keys: Keys) -> Any:
        """See `NgramCounter`."""
        in_words = TextCharacterCounter(spaced(self.words)).counts(symbols, keys)
        counts = self.occurrences @ in_words
        counts.sort_indices()
        return counts


def _beside(tables: Iterable[Any]) -> Any:
    """Tables of the same texts as one, csr."""
    listed = list(tables)
    return listed[0] if len(listed) == 1 else hstack(listed, format="csr")
