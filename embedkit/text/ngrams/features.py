"""`one_hot` and `ngrams`: what texts hold, as sparse matrices with a name for each column."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import InputError
from embedkit.text.ngrams.counters import (
    NgramCounter,
    TextCharacterCounter,
    WordCharacterCounter,
    word_counter,
)
from embedkit.text.ngrams.keys import frequent_words, keys_of, ngram_names, row_counts, table
from embedkit.text.vocabulary import Vocabulary

BLANK = " "  # between the words of an n-gram


class FeatureMatrix(NamedTuple):
    """What n texts hold of F features.

    Attributes:
        matrix: scipy csr int32 (n, F): a row a text, a column a feature.
        names: the features in the order of the columns, (F,).

    Example:
        >>> from embedkit import one_hot
        >>> matrix, names = one_hot([["a", "b"], ["b", "b"]])
        >>> names
        ('b', 'a')
        >>> matrix.sum(axis=0).tolist()
        [[2, 1]]
    """

    matrix: Any
    names: tuple[str, ...]


def one_hot(documents: Iterable[Sequence[str]], vocabulary: Vocabulary | None = None) -> FeatureMatrix:
    """Which words each text holds: 1 where it does, else 0 (multi-hot).

    The matrix of Keras' `TextVectorization(output_mode="multi_hot")` and of
    `Tokenizer.texts_to_matrix(mode="binary")`; `ngrams` with `longest=1` counts the words.

    Args:
        documents: the tokens of n texts.
        vocabulary: the words of the columns, such as those of the texts to train on: other words count as its
            `oov_token`, or not if it has none. None for all words of these texts, the most frequent first.

    Raises:
        InputError: documents that are no lists of words.

    Example:
        >>> from embedkit import Vocabulary, one_hot
        >>> vocabulary = Vocabulary(["[UNK]", "the", "cat", "sat"], oov_token="[UNK]")
        >>> matrix, names = one_hot([["the", "cat", "and", "the", "dog"], ["the", "cat", "sat"]], vocabulary)
        >>> matrix.toarray()
        array([[1, 1, 1, 0],
               [0, 1, 1, 1]], dtype=int32)
    """
    if vocabulary is None:
        counter = word_counter(documents)
        counts = np.bincount(counter.sequences.ids, minlength=len(counter.words))
        words = frequent_words(counter.words, counts, 1)
        matrix = counter.counts(words, ())
    else:
        words = list(vocabulary.words)
        sequences = vocabulary.encode_all(documents, unknown="skip" if vocabulary.oov_id is None else None)
        matrix = table(sequences.texts, sequences.ids, (len(sequences), len(vocabulary)))
    matrix.data = np.ones(matrix.nnz, np.int32)
    return FeatureMatrix(matrix, tuple(words))


def ngrams(
    documents: Iterable[Sequence[str]],
    *,
    shortest: int = 1,
    longest: int = 2,
    min_df: int = 1,
    max_features: int | None = None,
    names: Iterable[str] | None = None,
) -> FeatureMatrix:
    """How often each text holds each n-gram of words.

    The counts of scikit-learn's `CountVectorizer` with `ngram_range=(shortest, longest)`, and of Keras'
    `TextVectorization(ngrams=longest, output_mode="count")`. Shorter n-grams come first, and words by the
    number of texts that hold them.

    Args:
        documents: the tokens of n texts.
        shortest: words in the shortest n-gram.
        longest: words in the longest n-gram.
        min_df: texts that must hold an n-gram; rarer ones have no column.
        max_features: keep only the n-grams that occur most often; None for all.
        names: the n-grams to count, whatever else the texts hold: those of the texts to train on. With them
            no other option counts.

    Raises:
        InputError: documents that are no lists of words, options out of range, or words with a blank, from
            which the names of n-grams could not be told.

    Example:
        >>> from embedkit import ngrams
        >>> counts = ngrams([["not", "good"], ["good", "not", "bad"]], longest=2)
        >>> counts.names
        ('good', 'not', 'bad', 'good not', 'not good', 'not bad')
        >>> counts.matrix.toarray()
        array([[1, 1, 0, 0, 1, 0],
               [1, 1, 1, 1, 0, 1]], dtype=int32)
        >>> ngrams([["not", "bad", "not", "new"]], names=counts.names).matrix.toarray()
        array([[0, 2, 1, 0, 0, 1]], dtype=int32)
    """
    counter = word_counter(documents)
    if spaced := next((word for word in counter.words if BLANK in word), None):
        raise InputError(
            f"a word of n-grams may hold no blank, as their names have one between words, got {spaced!r}; "
            "join its parts by something else, such as _"
        )
    if names is not None:
        listed = _checked_names(names)
        return _chosen(counter, listed, [name.split(BLANK) for name in listed])
    return _learned(counter, NgramOptions(shortest, longest, min_df, max_features), BLANK)


def character_ngrams(
    texts: Iterable[str] | Iterable[Sequence[str]],
    *,
    shortest: int = 2,
    longest: int = 3,
    min_df: int = 1,
    max_features: int | None = None,
    names: Iterable[str] | None = None,
) -> FeatureMatrix:
    """How often each text holds each n-gram of characters.

    Of texts given as strings the n-grams run across blanks, as those of scikit-learn's analyzer "char" do
    (which first makes one blank of several); of texts given as lists of words they stay within a word and a
    blank at either of its ends ("char_wb", which also counts a word as a whole that is too short).

    Args:
        texts: n texts, all of them strings or all of them lists of words.
        shortest: characters in the shortest n-gram.
        longest: characters in the longest n-gram.
        min_df: see `ngrams`, as the other arguments.
        max_features: see `ngrams`.
        names: see `ngrams`.

    Raises:
        InputError: what are no texts, or options out of range.

    Example:
        >>> from embedkit import character_ngrams
        >>> counts = character_ngrams(["ab a", "ba"], shortest=2, longest=2)
        >>> counts.names
        (' a', 'ab', 'b ', 'ba')
        >>> counts.matrix.toarray()
        array([[1, 1, 1, 0],
               [0, 0, 0, 1]], dtype=int32)
        >>> character_ngrams([["ab", "a"], ["ba"]], shortest=2, longest=2).names
        (' a', ' b', 'a ', 'ab', 'b ', 'ba')
    """
    counter = _character_counter(texts)
    if names is not None:
        listed = _checked_names(names)
        return _chosen(counter, listed, listed)
    return _learned(counter, NgramOptions(shortest, longest, min_df, max_features), "")


class NgramOptions(NamedTuple):
    """Which n-grams have a column."""

    shortest: int
    longest: int
    min_df: int
    max_features: int | None

    def check(self) -> None:
        """Raise `InputError` for an option that is out of range."""
        for name, value in self._asdict().items():
            if name == "max_features" and value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
                raise InputError(f"{name} must be a whole number of at least 1, got {value!r}")
        if self.shortest > self.longest:
            raise InputError(
                f"shortest must be at most longest, got {self.shortest} and {self.longest}; "
                f"raise longest to {self.shortest}"
            )


def _character_counter(texts: Iterable[str] | Iterable[Sequence[str]]) -> NgramCounter:
    if isinstance(texts, str | bytes):
        raise InputError(f"expected a list of texts, got the string {texts[:40]!r}; put it in a list")
    listed = list(texts)
    strings = [text for text in listed if isinstance(text, str)]
    if strings and len(strings) < len(listed):
        raise InputError(
            f"texts must be all strings or all lists of words, got {len(strings)} strings among "
            f"{len(listed)} texts"
        )
    if strings:
        return TextCharacterCounter(strings)
    counter = word_counter(listed)
    return WordCharacterCounter(counter.words, counter.occurrences)


def _checked_names(names: Iterable[str]) -> list[str]:
    """The names of n-grams as a list; what are none raises `InputError`."""
    listed = [names] if isinstance(names, str) else list(names)
    if isinstance(names, str) or not all(isinstance(name, str) and name for name in listed):
        raise InputError(
            f"names must be a list of n-grams, none of them empty, got {reprlib.repr(names)}; "
            "give those of a FeatureMatrix"
        )
    return listed


def _chosen(counter: NgramCounter, names: list[str], ngrams: Sequence[Sequence[str]]) -> FeatureMatrix:
    """The counts of some n-grams, given as the symbols of each."""
    symbols, keys, columns = keys_of(ngrams)
    return FeatureMatrix(_columns(counter.counts(symbols, keys), columns), tuple(names))


def _learned(counter: NgramCounter, options: NgramOptions, between: str) -> FeatureMatrix:
    """The counts of the n-grams that the options choose."""
    options.check()
    symbols, keys = counter.learn(options.longest, options.min_df)
    matrix = counter.counts(symbols, keys)
    orders = np.repeat(np.arange(len(keys) + 1) + 1, [len(symbols), *map(len, keys)])
    columns = np.flatnonzero((orders >= options.shortest) & (row_counts(matrix) >= options.min_df))
    if options.max_features is not None:
        totals = np.asarray(matrix.sum(axis=0)).ravel()[columns]
        columns = columns[np.sort(np.argsort(-totals, kind="stable")[: options.max_features])]
    names = ngram_names(symbols, keys, between)
    return FeatureMatrix(_columns(matrix, columns), tuple(map(names.__getitem__, columns.tolist())))


def _columns(matrix: Any, columns: Longs1d) -> Any:
    """Some columns of a csr matrix, int32."""
    every = np.array_equal(columns, np.arange(matrix.shape[1]))
    return (matrix if every else matrix[:, columns]).astype(np.int32)
