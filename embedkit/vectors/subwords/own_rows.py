"""Words' own rows, which with those of their n-grams make the vectors that the words have."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.text.packed_words import PackedWords
from embedkit.vectors.subwords.bucket_subwords import BucketSubwords

ROUNDS = 40  # of corrections; three are usual


def own_rows(words: PackedWords, vectors: Floats2d, subwords: BucketSubwords) -> Floats2d:
    """The row of each word by which the mean of it and of its n-grams' rows is its vector, float32 (n, D).

    A first guess is corrected by what lacks, and between two that lie on either side by bisection, until the
    mean is the same to the last bit, or as near as float32 comes: a mean grows with the row.

    Example:
        >>> from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords
        >>> subwords = FastTextSubwords(np.ones((1, 1), np.float32), 3, 3, buckets=1)
        >>> own_rows(PackedWords.of(["cat"]), np.array([[2]], np.float32), subwords).tolist()
        [[5.0]]
    """
    counts = subwords.rows(words)[1] + 1
    own = np.zeros_like(vectors)
    below, above = np.full_like(vectors, -np.inf), np.full_like(vectors, np.inf)
    wrong = np.arange(len(words))
    for turn in range(ROUNDS):
        rows, low, high = own[wrong], below[wrong], above[wrong]
        lacking = vectors[wrong].astype(np.float64) - subwords.means(words.take(wrong), rows)
        low, high = np.where(lacking > 0, rows, low), np.where(lacking < 0, rows, high)
        leap = (rows + lacking * counts[wrong, None] * 2.0 ** max(turn - 2, 0)).astype(np.float32)
        with np.errstate(invalid="ignore"):
            middle = np.where(np.isfinite(low) & np.isfinite(high), low + (high - low) / 2, leap)
        after = np.where((low < leap) & (leap < high), leap, middle)
        after = np.where(lacking == 0, rows, after)
        own[wrong], below[wrong], above[wrong] = after, low, high
        wrong = wrong[(after != rows).any(axis=1)]
        if not len(wrong):
            break
    return own
