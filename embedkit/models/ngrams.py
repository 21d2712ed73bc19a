"""Word n-grams as numbers: TF-IDF features of tokenized texts, found with sorted arrays instead of strings.

A bigram is one number, made of the numbers of its two words; a trigram of that of its first two words as a
bigram and of its third, and so on. An n-gram is a feature if it occurs in at least `min_df` texts, and then
so do all its parts: so each order is looked for only where the one before was found. Weights follow Salton
and Buckley (1988), "Term-weighting approaches in automatic text retrieval": (1 + log tf) * idf with
idf = log((1 + n) / (1 + df)) + 1, and rows are of length 1. What a feature tells of the classes may be a
factor of its weight, after Wang and Manning (2012).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from embedkit.text.encoding import Numbering
from embedkit.text.sequences import FIRST_WORD, Sequences, WordIds

Places = NDArray[np.int64]  # (N,), for each token the place of the n-gram that begins there, or ABSENT
ABSENT = -1


@dataclass(frozen=True)
class NgramFeatures:
    """The n-grams that are features: first the words, then the bigrams and so on.

    Args:
        words: the V words.
        keys: for each order from 2 on the sorted numbers of its n-grams, int64: the place of the first n - 1
            words among the n-grams of that order, times V, plus the place of the last word.
        idf: float32 (F,), the weights of all features: idf, or a multiple of it.
    """

    words: Sequence[str]
    keys: tuple[NDArray[np.int64], ...]
    idf: NDArray[np.float32]

    @classmethod
    def learn(cls, texts: Iterable[Sequence[str]], longest: int, min_df: int) -> tuple[NgramFeatures, Any]:
        """The n-grams of up to `longest` words in at least `min_df` of these texts, and their `rows`."""
        words, tokens = _frequent_words(texts, min_df)
        keys: list[NDArray[np.int64]] = []
        places = tokens.words
        for order in range(2, longest + 1):
            numbers = tokens.numbers(places, order, len(words))
            present = numbers >= 0
            unique, inverse = np.unique(numbers[present], return_inverse=True)
            keys.append(unique[_text_counts(tokens.texts[present], inverse, len(unique)) >= min_df])
            places = _places(numbers, keys[-1])
        features = sum(map(len, keys), len(words))
        counts = cls(words, tuple(keys), np.ones(features, np.float32))._counts(tokens)
        frequency = np.bincount(counts.indices, minlength=features)
        idf = np.log((1 + tokens.count) / (1 + frequency)) + 1
        learnt = cls(words, tuple(keys), idf.astype(np.float32))
        return learnt, learnt._weighted(counts)

    def scaled(self, factors: NDArray[np.floating], rows: Any) -> tuple[NgramFeatures, Any]:
        """These n-grams with weights that are `factors` (F,) times as great, and what `rows` are then."""
        changed = replace(self, idf=(self.idf * factors).astype(np.float32))
        found = rows.copy()
        found.data *= factors.astype(np.float32)[found.indices]
        return changed, _unit(found)

    def rows(self, sequences: Sequences) -> Any:
        """The TF-IDF rows of texts as `word_ids`, csr float32 (n, F); zero where nothing is known."""
        return self._weighted(self._counts(Tokens.of(sequences)))

    @cached_property
    def word_ids(self) -> WordIds:
        """The ids of the words in sequences."""
        return WordIds(self.words)

    def _counts(self, tokens: Tokens) -> Any:
        """How often each text holds each feature, csr float32 (n, F)."""
        sizes = [len(self.words), *map(len, self.keys)]
        tables = [
            _table(tokens.texts[places >= 0], places[places >= 0], (tokens.count, size))
            for size, places in zip(sizes, self._orders(tokens), strict=True)
        ]
        return hstack(tables, format="csr")

    def _orders(self, tokens: Tokens) -> Iterator[Places]:
        """The places of the words, of the bigrams and so on."""
        places = tokens.words
        yield places
        for order, keys in enumerate(self.keys, 2):
            places = _places(tokens.numbers(places, order, len(self.words)), keys)
            yield places

    def _weighted(self, counts: Any) -> Any:
        rows = counts.copy()
        rows.data = (1 + np.log(rows.data)) * self.idf[rows.indices]
        return _unit(rows)


@dataclass(frozen=True)
class Tokens:
    """The tokens of `count` texts in a row: for each its word's place or `ABSENT`, and its text's number."""

    words: Places
    texts: NDArray[np.int32]
    count: int

    @classmethod
    def of(cls, sequences: Sequences) -> Tokens:
        """The tokens of sequences; an unknown word is `ABSENT`."""
        words = np.maximum(sequences.ids.astype(np.int64) - FIRST_WORD, ABSENT)
        texts = np.repeat(np.arange(len(sequences), dtype=np.int32), sequences.lengths)
        return cls(words, texts, len(sequences))

    def numbers(self, places: Places, order: int, words: int) -> Places:
        """The numbers of n-grams of `order` words that begin with (n - 1)-grams at `places`, or `ABSENT`."""
        numbers = np.full(len(places), ABSENT, np.int64)
        last = self.words[order - 1 :]
        first = places[: len(last)]
        whole = (first >= 0) & (last >= 0) & (self.texts[: len(last)] == self.texts[order - 1 :])
        numbers[: len(last)][whole] = first[whole] * words + last[whole]
        return numbers


def _frequent_words(texts: Iterable[Sequence[str]], min_df: int) -> tuple[list[str], Tokens]:
    """The words in at least `min_df` texts, the most frequent first, ties by word; and all tokens."""
    numbering = Numbering()
    ids, lengths = array("i"), array("q")
    for tokens in texts:
        ids.extend(map(numbering.__getitem__, tokens))
        lengths.append(len(tokens))
    seen = np.frombuffer(ids, np.int32)
    text = np.repeat(np.arange(len(lengths), dtype=np.int32), np.frombuffer(lengths, np.int64))
    counts = _text_counts(text, seen, len(numbering))
    known = list(numbering)
    often = np.flatnonzero(counts >= min_df).tolist()
    order = sorted(often, key=lambda number: (-counts[number], known[number]))
    places = np.full(len(known), ABSENT, np.int64)
    places[order] = np.arange(len(order))
    return [known[number] for number in order], Tokens(places[seen], text, len(lengths))


def _places(numbers: Places, keys: NDArray[np.int64]) -> Places:
    """Where numbers stand among sorted keys, `ABSENT` where they do not."""
    if len(keys) == 0:
        return np.full(len(numbers), ABSENT, np.int64)
    places = np.minimum(np.searchsorted(keys, numbers), len(keys) - 1)
    return np.where(keys[places] == numbers, places, ABSENT)


def _text_counts(texts: NDArray[Any], columns: NDArray[Any], width: int) -> NDArray[np.int64]:
    """In how many texts each column occurs."""
    return np.bincount(
        _table(texts, columns, (int(texts.max(initial=-1)) + 1, width)).indices, minlength=width
    )


def log_count_ratios(rows: Any, wanted: NDArray[np.floating]) -> NDArray[np.float64]:
    """How much each feature tells of the classes, (F,): Wang and Manning (2012), below equation 2.

    r = log((p / |p|) / (q / |q|)), where p and q are 1 more than the texts with and without the class that
    hold a feature, and |p| and |q| their sums over all features. Of several columns it is the root of the
    mean square. Logistic regression with an L2 penalty does not see the sign of a feature.

    Args:
        rows: csr (n, F).
        wanted: (n, columns), 1 where a text has the class of a column, else 0.
    """
    present = rows.astype(bool).astype(np.float64).T
    mean = np.zeros(rows.shape[1])
    for column in wanted.T:
        p, q = 1 + present @ column, 1 + present @ (1 - column)
        mean += np.log(p / p.sum() / (q / q.sum())) ** 2 / wanted.shape[1]
    ratios: NDArray[np.float64] = np.sqrt(mean)
    return ratios


def _unit(rows: Any) -> Any:
    """The rows with length 1, in place."""
    text = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    lengths = np.sqrt(np.bincount(text, rows.data.astype(np.float64) ** 2, rows.shape[0]))
    rows.data /= np.maximum(lengths, np.finfo(np.float32).tiny)[text].astype(np.float32)
    return rows


def _table(texts: NDArray[Any], columns: NDArray[Any], shape: tuple[int, int]) -> Any:
    """How often each pair of a text and a column occurs, csr float32."""
    table = csr_matrix((np.ones(len(texts), np.float32), (texts, columns)), shape)
    table.sum_duplicates()
    return table
