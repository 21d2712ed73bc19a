"""The words of texts as vectors know them, and how much each of them tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from embedkit.text.tokenization.words import WordsTokenizer, is_number
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.embeddings import Embeddings

Share = TypeVar("Share", float, NDArray[np.float64])


class KnownWords:
    """Reads texts as the text behind `vectors` was read, as far as they record it; numbers are left out."""

    def __init__(self, vectors: Embeddings) -> None:
        self._vocabulary = vectors.vocabulary
        self._tokenizer = vectors.tokenizer or WordsTokenizer(lowercase=False)

    def words(self, text: str) -> list[str]:
        """The words of a text: known ones as the vocabulary spells them, unknown ones in lower case.

        An unknown word with hyphens is taken apart: "snow-capped" gives ["snow", "capped"].
        """
        tokens = self._tokenizer.tokenize(text)
        return [word for token in tokens if not is_number(token) for word in self._spelled(token)]

    def _spelled(self, token: str) -> Iterator[str]:
        lower = token.lower()
        known = next((word for word in (token, lower) if word in self._vocabulary), None)
        if known or "-" not in token:
            yield known or lower
            return
        for part in filter(None, token.split("-")):
            yield from self._spelled(part)


def shares(vocabulary: Vocabulary) -> NDArray[np.float64]:
    """The share of each word in the text behind the vocabulary, float64 (V,).

    Without counts, it falls with the rank r as 1 / r (Zipf's law).
    """
    counts = vocabulary.counts
    if counts is None or not counts.any():
        parts = 1 / np.arange(1.0, len(vocabulary) + 1)
    else:
        parts = counts.astype(np.float64)
    parts /= parts.sum()
    return parts


def inverse_frequency(share: Share, smoothing: float) -> Share:
    """The weight a / (a + p) of a word of share p, with a the `smoothing` (Arora et al. 2017)."""
    return smoothing / (smoothing + share)
