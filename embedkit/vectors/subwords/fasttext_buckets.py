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

from embedkit.arrays import Longs1d
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

    Example:
        >>> subwords = FastTextSubwords(np.eye(4, dtype=np.float32), 3, 3, buckets=4)
        >>> (3 * subwords.vectors(["cat"])[0]).tolist()
        [0.0, 0.0, 1.0, 2.0]
    """

    kind: ClassVar[str] = "fasttext"

    buckets: int
    kept: Longs1d | None = None
    kept_rows: Longs1d | None = None

    def rows(self, words: PackedWords, loops: Loops = NUMPY) -> tuple[Longs1d, Longs1d]:
        """The rows of each word's n-grams, in fastText's order, and how many each has: (total,), (n,)."""
        hashes, counts = loops.fnv1a_ngrams(words, self.minn, self.maxn)
        ids, counts = without_eos(words, (hashes % np.uint32(self.buckets)).astype(np.int64), counts)
        if self.kept is None or self.kept_rows is None:
            return ids, counts
        places = np.minimum(np.searchsorted(self.kept, ids), len(self.kept) - 1)
        there = self.kept[places] == ids
        words_of_ids = np.repeat(np.arange(len(words)), counts)
        return self.kept_rows[places[there]], np.bincount(words_of_ids[there], minlength=len(words))

    def mapped(self, change: RowChange, size: int) -> Self:
        """The same hashes with a table of changed rows, of which vectors are the means."""
        return replace(self, table=mapped_table(self.table, change, size))

    def settings(self) -> Mapping[str, Any]:
        """All but the arrays."""
        return {"minn": self.minn, "maxn": self.maxn, "buckets": self.buckets}

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The table and, if rows were left out, which there are."""
        kept = {"kept": self.kept, "kept_rows": self.kept_rows}
        return {
            **table_arrays(self.table),
            **{name: array for name, array in kept.items() if array is not None},
        }
