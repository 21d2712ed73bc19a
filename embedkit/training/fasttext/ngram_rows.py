"""`NgramRows`: which rows of the input matrix the vector of each word is made of.

A word's vector is the mean of its own row and of those of its n-grams (Bojanowski et al. 2017, section 3.2),
and an update moves all of them alike. So rows that belong to the same words stay the same distance apart
whatever is learned, and training needs only one of them, which counts as many times as there are: "vernm" and
"ernme" of a vocabulary in which government and governments alone have them. What is no n-gram of any word
needs none. Half of the rows are left of English, and none is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Ints1d, Longs1d
from embedkit.text.packed_words import PackedWords
from embedkit.vectors.subwords.bucket_subwords import compiled_loops
from embedkit.vectors.subwords.fasttext_buckets import ngram_buckets

_SEED = 1  # of the signatures, which tell rows of other words apart


@dataclass(frozen=True, eq=False)
class NgramRows:
    """Lists of rows, one a word, and where the rows of n-grams are found.

    Attributes:
        rows: the rows of all words, word after word; (total,).
        weights: for how many n-grams each of them stands, (total,).
        offsets: where the rows of each word begin, and behind the last where they end, (V + 1,).
        lengths: n-grams of each word, and the word itself, float32 (V,).
        own: the row of each word itself, (V,).
        buckets: the hashes that n-grams of these words have, ascending, (B,).
        bucket_rows: the row of each of them, (B,).
        size: the number of rows.

    Example:
        >>> rows = NgramRows.of(["cat", "cats"], min_n=3, max_n=3, bucket=1000)
        >>> rows.lengths.tolist(), rows.size  # <ca, cat, at> and <ca, cat, ats, ts>
        ([4.0, 5.0], 3)
        >>> [rows.rows[rows.offsets[i] : rows.offsets[i + 1]].tolist() for i in range(2)]
        [[0, 1], [2, 1]]
        >>> rows.weights.tolist()
        [2.0, 2.0, 3.0, 2.0]
    """

    rows: Ints1d
    weights: Floats1d
    offsets: Longs1d
    lengths: Floats1d
    own: Longs1d
    buckets: Longs1d
    bucket_rows: Longs1d
    size: int

    @classmethod
    def of(cls, words: Sequence[str], min_n: int, max_n: int, bucket: int) -> NgramRows:
        """The rows of the words of a vocabulary, for n-grams of `min_n` to `max_n` characters.

        Rows are numbered as they are met, word by word: those of frequent words lie together, and so do
        those of one word.
        """
        with compiled_loops() as (loops, _, _):
            hashes, counts = ngram_buckets(PackedWords.of(words), min_n, max_n, bucket, loops)
        owners = np.repeat(np.arange(len(words)), counts + 1)
        keys = np.insert(hashes, np.cumsum(counts) - counts, bucket + np.arange(len(words)))
        distinct, key_of = np.unique(keys, return_inverse=True)
        row_of = _in_order(_alike(key_of, owners, len(distinct)), key_of)
        members = np.bincount(row_of)
        last = np.zeros(len(members), np.int64)
        np.maximum.at(last, row_of, np.arange(len(distinct)))
        chosen = key_of == last[row_of[key_of]]  # one key stands for all of its row
        rows = row_of[key_of[chosen]]
        offsets = np.zeros(len(words) + 1, np.int64)
        np.cumsum(np.bincount(owners[chosen], minlength=len(words)), out=offsets[1:])
        ngrams = len(distinct) - len(words)
        return cls(
            rows=rows.astype(np.int32),
            weights=members[rows].astype(np.float32),
            offsets=offsets,
            lengths=(counts + 1).astype(np.float32),
            own=row_of[ngrams:],
            buckets=distinct[:ngrams],
            bucket_rows=row_of[:ngrams],
            size=len(members),
        )


def _alike(key_of: Longs1d, owners: Longs1d, keys: int) -> Longs1d:
    """A number for each key, the same for those that stand in the same words as often, (keys,).

    They are told apart by the sums of random numbers of 64 bits, one a word.
    """
    random = np.random.default_rng(_SEED).integers(0, 1 << 64, int(owners[-1]) + 1, np.uint64, endpoint=False)
    sums: NDArray[np.uint64] = np.zeros(keys, np.uint64)
    np.add.at(sums, key_of, random[owners])
    return np.unique(sums, return_inverse=True)[1]


def _in_order(values: Longs1d, places: Longs1d) -> Longs1d:
    """The values 0 ... n - 1 numbered anew, in the order in which `values[places]` meets them first."""
    _, first = np.unique(values[places], return_index=True)
    numbers = np.empty(len(first), np.int64)
    numbers[np.argsort(first)] = np.arange(len(first))
    return numbers[values]
