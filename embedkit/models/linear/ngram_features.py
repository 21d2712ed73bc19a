"""TF-IDF features of tokenized texts: word n-grams and, if wanted, character n-grams.

An n-gram is a feature if it occurs in at least `min_df` texts. Weights follow Salton and Buckley (1988),
"Term-weighting approaches in automatic text retrieval": (1 + log tf) * idf with
idf = log((1 + n) / (1 + df)) + 1, and rows are of length 1. What a feature tells of the classes may be a
factor of its weight, after Wang and Manning (2012).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import hstack

from embedkit.arrays import Doubles1d, Floats1d
from embedkit.errors import InputError
from embedkit.models.linear.word_sequences import WordSequences, word_sequences
from embedkit.models.word_ids import FIRST_WORD, WordIds
from embedkit.text.ngrams.characters import CharacterNgrams
from embedkit.text.ngrams.keys import ABSENT, Keys, Symbols, frequent_words, ngram_names, row_counts
from embedkit.text.pipeline.pipeline import TextPipeline


@dataclass(frozen=True)
class NgramFeatures:
    """The n-grams that are features: first the words, then the bigrams and so on, then those of characters.

    Args:
        words: the V words.
        keys: of the n-grams of 2 words and so on, see `Symbols`.
        idf: float32 (F,), the weights of all features: idf, or a multiple of it.
        characters: the n-grams of characters, or None.
    """

    words: Sequence[str]
    keys: Keys
    idf: Floats1d
    characters: CharacterNgrams | None = None

    @classmethod
    def learn(
        cls, texts: Iterable[Sequence[str]], longest: int, min_df: int, characters: int = 0
    ) -> tuple[NgramFeatures, Any]:
        """The n-grams in at least `min_df` of these texts, and their `rows`.

        They are those of up to `longest` words, and of up to `characters` characters, none if it is 0.
        """
        found, counts = cls.find(texts, longest, min_df, characters)
        learned = found.weighted(counts)
        return learned, learned.rows_of(counts)

    @classmethod
    def find(
        cls, texts: Iterable[Sequence[str]], longest: int, min_df: int, characters: int = 0
    ) -> tuple[NgramFeatures, Any]:
        """The n-grams as `learn` finds them, all of weight 1, and their `counts`."""
        sequences = word_sequences(texts)
        every, occurrences = sequences.occurrences()
        words = list(filter(None, frequent_words(every, row_counts(occurrences), min_df)))
        sequences = sequences.known_as(WordIds(words))
        keys = _symbols(sequences, len(words)).keys(longest, lambda held: row_counts(held) >= min_df)
        spelling = None
        if characters:
            spelling = CharacterNgrams.learn(every, occurrences, characters, min_df)
        found = cls(words, keys, np.ones(0, np.float32), spelling)
        found = replace(found, idf=np.ones(len(found), np.float32))
        return found, found.counts(sequences)

    def __len__(self) -> int:
        return len(self.words) + sum(map(len, self.keys)) + len(self.characters or ())

    def weighted(self, counts: Any) -> NgramFeatures:
        """These n-grams with the idf that texts give them, which hold them as `counts` tell, csr (n, F)."""
        idf = np.log((1 + counts.shape[0]) / (1 + row_counts(counts))) + 1
        return replace(self, idf=idf.astype(np.float32))

    def scaled(self, factors: NDArray[np.floating], rows: Any) -> tuple[NgramFeatures, Any]:
        """These n-grams with weights that are `factors` (F,) times as great, and what `rows` are then."""
        changed = replace(self, idf=(self.idf * factors).astype(np.float32))
        scaled = rows.copy()
        scaled.data *= factors.astype(np.float32)[scaled.indices]
        return changed, _unit(scaled)

    def rows(self, sequences: WordSequences) -> Any:
        """The TF-IDF rows of texts as `word_ids`, csr float32 (n, F); zero where nothing is known."""
        return self.rows_of(self.counts(sequences))

    def counts(self, sequences: WordSequences) -> Any:
        """How often each text holds each feature, csr float32 (n, F)."""
        tables = list(_symbols(sequences, len(self.words)).tables(self.keys))
        if self.characters is not None:
            words, occurrences = sequences.occurrences()
            tables.append(occurrences @ self.characters.counts(words))
            tables[-1].sort_indices()
        return hstack(tables, format="csr")

    def names(self) -> list[str]:
        """All features in their order, as text: "good", "good film", and "char:oo" of characters."""
        names = ngram_names(self.words, self.keys, " ")
        if self.characters is not None:
            letters = [chr(point) for point in self.characters.alphabet.tolist()]
            ngrams = ngram_names(letters, self.characters.keys, "")[len(letters) :]
            names += [f"char:{ngram}" for ngram in ngrams]
        return names

    @cached_property
    def word_ids(self) -> WordIds:
        """The ids of the words in sequences."""
        return WordIds(self.words)

    def rows_of(self, counts: Any) -> Any:
        """The TF-IDF rows of texts that hold the features as `counts` tell, csr float32 (n, F)."""
        rows = counts.copy()
        rows.data = (1 + np.log(rows.data)) * self.idf[rows.indices]
        return _unit(rows)


def _symbols(sequences: WordSequences, known: int) -> Symbols:
    """The words of texts as symbols; an unknown word is `ABSENT`."""
    places = np.maximum(sequences.ids.astype(np.int64) - FIRST_WORD, ABSENT)
    return Symbols(places, sequences.texts, len(sequences), known)


def check_found(features: NgramFeatures, texts: Sequence[str], tokenizer: TextPipeline, min_df: int) -> None:
    """Raise `InputError` if there is no word among the features of texts."""
    if features.words:
        return
    if not any(tokenizer.tokenize_all(texts)):
        raise InputError(f"there is no word in the {len(texts)} texts")
    raise InputError(f"no word occurs in at least {min_df} of {len(texts)} texts; lower min_df")


def log_count_ratios(rows: Any, wanted: NDArray[np.floating]) -> Doubles1d:
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
    ratios: Doubles1d = np.sqrt(mean)
    return ratios


def _unit(rows: Any) -> Any:
    """The rows with length 1, in place."""
    text = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    lengths = np.sqrt(np.bincount(text, rows.data.astype(np.float64) ** 2, rows.shape[0]))
    rows.data /= np.maximum(lengths, np.finfo(np.float32).tiny)[text].astype(np.float32)
    return rows
