"""Weights of words in the mean of a text: by their frequency, or by how many texts hold them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from embedkit.arrays import Doubles1d, Floats1d
from embedkit.errors import InputError
from embedkit.immutable import Immutable
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.frequencies import inverse_frequency, word_shares
from embedkit.vectors.texts.text_words import TextWords


class WordWeights(ABC):
    """How much each word counts in the mean of a text."""

    @abstractmethod
    def of(self, words: Sequence[str]) -> Floats1d:
        """The weight of each of U words, float32 (U,)."""


@dataclass(frozen=True)
class EqualWeights(WordWeights):
    """Every word counts alike.

    Example:
        >>> EqualWeights().of(["the", "cat"]).tolist()
        [1.0, 1.0]
    """

    def of(self, words: Sequence[str]) -> Floats1d:
        """Ones, float32 (U,)."""
        return np.ones(len(words), np.float32)


@dataclass(frozen=True)
class InverseFrequencyWeights(Immutable, WordWeights):
    """Smooth inverse frequency, a / (a + p) of a word of probability p (Arora et al. 2017, algorithm 1).

    The probabilities are the shares of the words in the text behind the vocabulary, or follow Zipf's law
    where it has no counts; that of a word which is not in it is 0.

    Args:
        vocabulary: the words of the vectors, with their counts.
        smoothing: the a.

    Example:
        >>> vocabulary = Vocabulary.from_counts({"the": 3, "cat": 1})
        >>> InverseFrequencyWeights(vocabulary, smoothing=0.25).of(["the", "cat", "catlike"]).tolist()
        [0.25, 0.5, 1.0]
    """

    vocabulary: Vocabulary = field(repr=False)
    smoothing: float

    def of(self, words: Sequence[str]) -> Floats1d:
        """The weights a / (a + p), float32 (U,)."""
        rows = np.array([self.vocabulary.get(word, -1) for word in words], np.int64)
        shares = np.where(rows >= 0, self._shares[rows], 0)
        return inverse_frequency(shares, self.smoothing).astype(np.float32)

    @cached_property
    def _shares(self) -> Doubles1d:
        return word_shares(self.vocabulary)


@dataclass(frozen=True)
class DocumentFrequencyWeights(WordWeights):
    """Inverse document frequency, ln((1 + n) / (1 + df)) + 1 of a word in df of n texts.

    A word that stands several times in a text counts several times, so that its weight there is its TF-IDF,
    as scikit-learn's `TfidfVectorizer` has it.

    Args:
        texts: n.
        counts: the number of texts that hold a word, 0 of one that is not among them.

    Example:
        >>> import math
        >>> DocumentFrequencyWeights(3, {"the": 3, "cat": 1}).of(["the", "cat"]).tolist() == [
        ...     1, np.float32(math.log(2) + 1)
        ... ]
        True
    """

    texts: int
    counts: Mapping[str, int] = field(repr=False)

    @classmethod
    def learn(cls, batches: Iterable[TextWords]) -> DocumentFrequencyWeights:
        """The weights that texts give to their words."""
        from scipy.sparse import csr_matrix

        counts: Counter[str] = Counter()
        texts = 0
        for words, sequences in batches:
            ones = np.ones(len(sequences.ids), np.int32)
            ids = sequences.ids.copy()  # sorted below, in place
            held = csr_matrix((ones, ids, sequences.offsets), (len(sequences), len(words)))
            held.sum_duplicates()  # each word once a text
            counts.update(
                dict(zip(words, np.bincount(held.indices, minlength=len(words)).tolist(), strict=True))
            )
            texts += len(sequences)
        return cls(texts, counts)

    def of(self, words: Sequence[str]) -> Floats1d:
        """The inverse document frequency of each word, float32 (U,)."""
        counts = np.array([self.counts.get(word, 0) for word in words], np.float64)
        return (np.log((1 + self.texts) / (1 + counts)) + 1).astype(np.float32)


def random_walk_smoothing(vocabulary: Vocabulary, mean_length: float) -> float:
    """The a of `InverseFrequencyWeights` that gives the weights of Ethayarajh (2018), sections 3.1 and 3.2.

    Those are a' / (a' / 2 + p), which is 2 a / (a + p) with a = a' / 2. A word that is likelier than
    1 - (1 - 1 / V)^n would be expected in a random walk of n steps over V words; with alpha the share of such
    words and the partition function Z = V / 2, a' is (1 - alpha) / (alpha Z).

    Args:
        vocabulary: V words, with their counts.
        mean_length: n, the mean number of words in a text.

    Raises:
        InputError: no word is so frequent, or all are.
    """
    words = len(vocabulary)
    threshold = -np.expm1(mean_length * np.log1p(-1 / words)) if words > 1 else 1.0
    alpha = np.count_nonzero(word_shares(vocabulary) > threshold) / words
    if not 0 < alpha < 1:
        raise InputError(
            f"usif needs words that are more frequent than others, got {words} words with a mean of "
            f'{mean_length:.1f} in a text; use weights="sif"'
        )
    return float((1 - alpha) / (alpha * words))
