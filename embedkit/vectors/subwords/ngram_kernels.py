"""Compiled loops over the n-grams of many words and their rows: the twin of `hashing` and `row_means`.

Importing this module imports numba.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bytes1d, Floats1d, Floats2d, Longs1d
from embedkit.simd.compiling import compiled
from embedkit.text.packed_words import PackedWords
from embedkit.vectors.subwords.character_ngrams import BEGIN, CONTINUATION, CONTINUES, END
from embedkit.vectors.subwords.hashing import FNV_BASIS, FNV_PRIME


def fnv1a_ngrams(words: PackedWords, minn: int, maxn: int) -> tuple[NDArray[np.uint32], Longs1d]:
    """The hashes of the n-grams of words, and how many each word has, see `hashing.fnv1a_ngrams`."""
    text = words.letters[words.ends[0] : words.ends[-1]]
    most = (len(text) + 2 * len(words)) * max(maxn - max(minn, 1) + 1, 0)
    hashes, counts = np.empty(most, np.uint32), np.empty(len(words), np.int64)
    longest = int(words.lengths.max(initial=0)) + 2
    filled = _hash_ngrams(text, words.ends - words.ends[0], minn, maxn, longest, hashes, counts)
    return hashes[:filled], counts


def row_means(table: Floats2d, ids: Longs1d, counts: Longs1d, first: Floats2d | None = None) -> Floats2d:
    """Means of rows, see `row_means.row_means`."""
    means = np.zeros((len(counts), table.shape[1]), np.float32)
    if first is not None:
        means += first
    divisors = counts + (first is not None)
    _add_rows(table, ids, counts, (1 / np.maximum(divisors, 1)).astype(np.float32), means)
    return means


@compiled(nogil=True)
def _hash_ngrams(
    letters: Bytes1d,
    ends: Longs1d,
    minn: int,
    maxn: int,
    longest: int,
    hashes: NDArray[np.uint32],
    counts: Longs1d,
) -> int:
    """Write the hashes of all n-grams and how many each word has; returns how many there are in all."""
    filled = 0
    word = np.empty(longest, np.uint8)
    for number in range(len(counts)):
        start, size = ends[number], ends[number + 1] - ends[number] + 2
        word[0], word[size - 1] = BEGIN, END
        for at in range(size - 2):
            word[1 + at] = letters[start + at]
        before = filled
        for begin in range(size):
            if word[begin] & CONTINUES == CONTINUATION:
                continue
            value, at, characters = FNV_BASIS, begin, 0
            while at < size and characters < maxn:
                characters += 1
                value = (value ^ np.uint32(np.int8(word[at]))) * FNV_PRIME
                at += 1
                while at < size and word[at] & CONTINUES == CONTINUATION:
                    value = (value ^ np.uint32(np.int8(word[at]))) * FNV_PRIME
                    at += 1
                if characters >= minn and not (characters == 1 and (begin == 0 or at == size)):
                    hashes[filled] = value
                    filled += 1
        counts[number] = filled - before
    return filled


@compiled(nogil=True)
def _add_rows(table: Floats2d, ids: Longs1d, counts: Longs1d, factors: Floats1d, sums: Floats2d) -> None:
    """Add the rows of each word to its sum, one after the other, and multiply it by its factor."""
    at = 0
    for word in range(len(counts)):
        for place in range(at, at + counts[word]):
            row = ids[place]
            for column in range(table.shape[1]):
                sums[word, column] += table[row, column]
        at += counts[word]
        for column in range(table.shape[1]):
            sums[word, column] *= factors[word]
