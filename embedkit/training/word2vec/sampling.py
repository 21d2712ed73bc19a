"""Subsampling of frequent words, and the distribution of negative samples.

Both are probabilities over the vocabulary, turned into the integers that the kernels compare random bits
with: a threshold t stands for the probability (t + 1) / 2**32.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles1d, Longs1d

_STEPS = 2.0**32


def keep_probability(counts: Longs1d, sample: float, total: int | None = None) -> Doubles1d:
    """The chance of each word to survive subsampling, shape (V,).

    sqrt(sample / f) + sample / f for a word of relative frequency f, at most 1: the formula of the word2vec
    program, which differs a little from eq. 5 of Mikolov et al. 2013b. `sample=0` keeps everything. A word
    occurs so often in `total` words: in those of the vocabulary if none is given.
    """
    if sample == 0:
        return np.ones(len(counts))
    excess = counts / (sample * (total or counts.sum()))
    kept: Doubles1d = np.minimum(1.0, np.sqrt(1 / excess) + 1 / excess)
    return kept


def noise_probability(counts: Longs1d | Doubles1d, ns_exponent: float) -> Doubles1d:
    """The chance of each word to be drawn as noise, count ** ns_exponent normalized, shape (V,)."""
    weights: Doubles1d = (counts / counts.max()) ** ns_exponent
    weights /= weights.sum()
    return weights


def thresholds(probability: Doubles1d) -> NDArray[np.uint32]:
    """The threshold of each probability, to a precision of 2**-32."""
    steps: Doubles1d = np.rint(probability * _STEPS) - 1
    return np.maximum(steps, 0).astype(np.uint32)


def alias_table(probability: Doubles1d) -> NDArray[np.uint32]:
    """A table from which a word is drawn with one look-up (Vose 1991), shape (V, 2).

    Draw a row i evenly and 32 random bits: the word is i if the bits are at most `table[i, 0]`, else
    `table[i, 1]`. A word's row is filled up by the word of greatest need that has chance to spare.
    """
    size = len(probability)
    scaled = (probability * size).tolist()
    own = [1.0] * size
    alias = list(range(size))
    poor = [i for i, chance in enumerate(scaled) if chance < 1]
    rich = [i for i, chance in enumerate(scaled) if chance >= 1]
    while poor and rich:
        i, j = poor.pop(), rich.pop()
        own[i], alias[i] = scaled[i], j
        scaled[j] -= 1 - scaled[i]
        (poor if scaled[j] < 1 else rich).append(j)
    return np.stack([thresholds(np.array(own)), np.array(alias, np.uint32)], axis=1)
