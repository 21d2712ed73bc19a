"""`FloretSubwords`: words made of few rows of one small table, as floret and spaCy make them.

floret (Explosion, 2022) hashes a word, and each of its n-grams, by up to four functions, and adds up the rows
that they name (hash embeddings; Svenstrup, Hansen and Winther, 2017); words have no rows of their own.
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
from embedkit.vectors.subwords.character_ngrams import are_ngrams, bracketed
from embedkit.vectors.subwords.hashing import murmur3
from embedkit.vectors.subwords.quantized_rows import mapped_table, table_arrays
from embedkit.vectors.subwords.subwords import RowChange


@dataclass(frozen=True, eq=False, repr=False)
class FloretSubwords(BucketSubwords):
    """Gives a word the mean of the rows that hashes of the word and of its n-grams name.

    Attributes:
        table: the rows, (B, D).
        minn: characters of the shortest n-grams of "<word>".
        maxn: characters of the longest ones.
        hash_count: how many rows each of them has, 1 to 4.
        hash_seed: the seed of the hashes.

    Example:
        >>> subwords = FloretSubwords(np.eye(3, dtype=np.float32), 3, 3, hash_count=1, hash_seed=0)
        >>> subwords.vectors(["a"])[0].tolist()
        [0.0, 1.0, 0.0]
    """

    kind: ClassVar[str] = "floret"

    hash_count: int
    hash_seed: int

    def rows(self, words: PackedWords, loops: Loops = NUMPY) -> tuple[Longs1d, Longs1d]:
        """The rows of each word and its n-grams, in floret's order, and how many: (total,), (n,)."""
        text = bracketed(words)
        fits = are_ngrams(text, self.minn, self.maxn)
        begins, sizes = np.nonzero(fits)
        whole = np.flatnonzero(text.first)
        starts = np.concatenate([text.starts[whole], text.starts[begins]])
        ends = np.concatenate([text.starts[whole + text.left[whole]], text.starts[begins + sizes + 1]])
        owners = np.concatenate([text.words[whole], text.words[begins]])
        order = np.argsort(owners, kind="stable")  # each word before its n-grams
        hashes = murmur3(text.letters, starts[order], ends[order], self.hash_seed)
        ids = (hashes[:, : self.hash_count] % len(self.table)).ravel()
        counts = np.bincount(owners, minlength=len(words)) * self.hash_count
        return without_eos(words, ids, counts)

    def mapped(self, change: RowChange, size: int) -> Self:
        """The same hashes with a table of changed rows, of which vectors are the means."""
        return replace(self, table=mapped_table(self.table, change, size))

    def settings(self) -> Mapping[str, Any]:
        """All but the arrays."""
        return {
            "minn": self.minn,
            "maxn": self.maxn,
            "hash_count": self.hash_count,
            "hash_seed": self.hash_seed,
        }

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The table."""
        return table_arrays(self.table)
