"""`FastTextSubwords`: words made of hashed character n-grams, as fastText makes them.

Bojanowski, Grave, Joulin and Mikolov, "Enriching word vectors with subword information" (2017), section 3.2:
each n-gram has the row of a table that its hash names, and shares it with others of the same hash. A model
that was cut down (.ftz) has kept the rows of some hashes alone; n-grams of other hashes are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d, Longs1d
from embedkit.text.packed_words import PackedWords
from embedkit.vectors.subwords.bucket_subwords import NUMPY, BucketSubwords, Loops, without_eos
from embedkit.vectors.subwords.quantized_rows import mapped_table, table_arrays
from embedkit.vectors.subwords.subwords import RowChange


@dataclass(frozen=True, eq=False, repr=False)
class FastTextSubwords(BucketSubwords):
    """Gives a word the mean of the rows of its n-grams, added up as fastText does.

    Attributes:
        table: the rows, (B, D), float32 or quantized.
        minn: characters of the shortest n-grams of "<word>".
        maxn: characters of the longest ones.
        buckets: hashes are taken modulo this number, which is B unless rows were left out.
        kept: the hashes, ascending, whose rows are in a table of which others were left out, (B,).
        kept_rows: the rows of those hashes, (B,).
        default_row: the row of all other hashes; None leaves n-grams of these out.

    Example:
        >>> subwords = FastTextSubwords(np.eye(4, dtype=np.float32), 3, 3, buckets=4)
        >>> (3 * subwords.vectors(["cat"])[0]).tolist()
        [0.0, 0.0, 1.0, 2.0]
    """

    kind: ClassVar[str] = "fasttext"

    buckets: int
    kept: Longs1d | None = None
    kept_rows: Longs1d | None = None
    default_row: int | None = None

    def rows(self, words: PackedWords, loops: Loops = NUMPY) -> tuple[Longs1d, Longs1d]:
        """The rows of each word's n-grams, in fastText's order, and how many each has: (total,), (n,)."""
        ids, counts = ngram_buckets(words, self.minn, self.maxn, self.buckets, loops)
        if self.kept is None or self.kept_rows is None:
            return ids, counts
        places = np.minimum(np.searchsorted(self.kept, ids), len(self.kept) - 1)
        there = self.kept[places] == ids
        if self.default_row is not None:
            return np.where(there, self.kept_rows[places], self.default_row), counts
        words_of_ids = np.repeat(np.arange(len(words)), counts)
        return self.kept_rows[places[there]], np.bincount(words_of_ids[there], minlength=len(words))

    def mapped(self, change: RowChange, size: int) -> Self:
        """The same hashes with a table of changed rows, of which vectors are the means."""
        return replace(self, table=mapped_table(self.table, change, size))

    @property
    def is_complete(self) -> bool:
        """Whether n-grams of every hash have a row."""
        return self.kept is None or self.default_row is not None

    def pruned(self) -> Self:
        """The same without a row of other hashes than those that are kept: n-grams of these are left out."""
        if self.default_row is None or self.kept_rows is None:
            return self
        own = np.arange(len(self.kept_rows))
        return replace(self, table=self.table[self.kept_rows], kept_rows=own, default_row=None)

    def bucket_rows(self, start: int, stop: int) -> Floats2d:
        """The rows of the hashes [start, stop), float32, of subwords that are complete."""
        if self.kept is None or self.kept_rows is None:
            return self.table[np.arange(start, stop)]
        first, last = np.searchsorted(self.kept, [start, stop])
        rows = np.full(stop - start, self.default_row)
        rows[self.kept[first:last] - start] = self.kept_rows[first:last]
        return self.table[rows]

    def settings(self) -> Mapping[str, Any]:
        """All but the arrays."""
        settings = {"minn": self.minn, "maxn": self.maxn, "buckets": self.buckets}
        return settings if self.default_row is None else {**settings, "default_row": self.default_row}

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The table and, if rows were left out, which there are."""
        kept = {"kept": self.kept, "kept_rows": self.kept_rows}
        return {
            **table_arrays(self.table),
            **{name: array for name, array in kept.items() if array is not None},
        }


def ngram_buckets(
    words: PackedWords, minn: int, maxn: int, buckets: int, loops: Loops = NUMPY
) -> tuple[Longs1d, Longs1d]:
    """The hashes of each word's n-grams modulo `buckets`, word after word, and how many: (total,), (n,).

    Example:
        >>> ids, counts = ngram_buckets(PackedWords.of(["cat", "at"]), 3, 3, 1000)
        >>> ids.tolist(), counts.tolist()
        ([747, 31, 106, 174, 106], [3, 2])
    """
    hashes, counts = loops.fnv1a_ngrams(words, minn, maxn)
    return without_eos(words, (hashes % np.uint32(buckets)).astype(np.int64), counts)
