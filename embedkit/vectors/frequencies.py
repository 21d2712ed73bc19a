"""Word frequencies of the text behind vectors, and inverse-frequency weights."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from embedkit.arrays import Doubles1d
from embedkit.text.vocabulary import Vocabulary

Share = TypeVar("Share", float, Doubles1d)


def word_shares(vocabulary: Vocabulary) -> Doubles1d:
    """The share of each word in the text behind the vocabulary, float64 (V,), in sum 1.

    Without counts, or if all are zero, it falls with the rank r as 1 / r (Zipf's law).

    Example:
        >>> from embedkit import Vocabulary
        >>> word_shares(Vocabulary.from_counts({"the": 3, "cat": 1})).tolist()
        [0.75, 0.25]
    """
    counts = vocabulary.counts
    if counts is None or not counts.any():
        parts = 1 / np.arange(1.0, len(vocabulary) + 1)
    else:
        parts = counts.astype(np.float64)
    parts /= parts.sum()
    return parts


def inverse_frequency(share: Share, smoothing: float) -> Share:
    """The weight a / (a + p) of a word of share p, with a the `smoothing` (Arora et al. 2017).

    Example:
        >>> inverse_frequency(0.5, smoothing=0.5)
        0.5
    """
    return smoothing / (smoothing + share)
