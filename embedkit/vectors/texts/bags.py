"""Bags of words: the different words of a text that have a vector, and how often each stands there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Doubles1d
from embedkit.errors import InputError
from embedkit.vectors.checks import checked_words
from embedkit.vectors.texts.text_words import read_text_words
from embedkit.vectors.word_vectors import WordVectors

TextOrWords = str | Sequence[str]


class BagOfWords(NamedTuple):
    """The different words of a text, and their counts, float64 (U,)."""

    words: list[str]
    counts: Doubles1d

    @property
    def shares(self) -> Doubles1d:
        """The counts as shares of 1, float64 (U,)."""
        shares: Doubles1d = self.counts / self.counts.sum()
        return shares


def bag_of_words(vectors: WordVectors, text: TextOrWords) -> BagOfWords:
    """The bag of a text, which is read as the text behind the vectors was, or of a list of its words.

    Words without a vector are left out.

    Raises:
        InputError: none is left.

    Example:
        >>> from embedkit import Embeddings
        >>> bag = bag_of_words(Embeddings([[1, 0], [0, 1]], ["snow", "alps"]), "Snow on snow in the Alps")
        >>> bag.words, bag.counts.tolist()
        (['snow', 'alps'], [2.0, 1.0])
    """
    if isinstance(text, str):
        (batch,) = read_text_words(vectors, [text])
        words, counts = batch.words, np.bincount(batch.sequences.ids, minlength=len(batch.words))
    else:
        counted = Counter(word for word in checked_words(text) if vectors.subwords or word in vectors)
        words, counts = list(counted), np.array(list(counted.values()))
    if not words:
        raise InputError(f"no word of the text {text!r:.80} has a vector")
    return BagOfWords(words, counts.astype(np.float64))
