"""`ExplicitSubwords`: words made of character n-grams that a list has with their rows, as in finalfusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d, Longs1d
from embedkit.container.packed_words import pack_words
from embedkit.text.packed_words import PackedWords
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.subwords.bucket_subwords import NUMPY, BucketSubwords, Loops
from embedkit.vectors.subwords.quantized_rows import table_arrays


@dataclass(frozen=True, eq=False, repr=False)
class ExplicitSubwords(BucketSubwords):
    """Gives a word the sum of the rows of those of its n-grams that are known, at length 1.

    Attributes:
        table: the rows, (B, D).
        minn: characters of the shortest n-grams of "<word>".
        maxn: characters of the longest ones.
        ngrams: the n-grams.
        ngram_rows: the row of each; some may share one.

    Example:
        >>> table = np.eye(2, dtype=np.float32)
        >>> subwords = ExplicitSubwords(table, 2, 3, ("<a", "at"), np.array([0, 1]))
        >>> subwords.vectors(["a", "of"]).tolist()
        [[1.0, 0.0], [0.0, 0.0]]
    """

    kind: ClassVar[str] = "n-grams"

    ngrams: Sequence[str]
    ngram_rows: Longs1d

    def vectors(self, words: Sequence[str]) -> Floats2d:
        """The vectors of `words`, float32 (n, D); zero for a word without a known n-gram."""
        return unit_vectors(super().vectors(words))

    def rows(self, words: PackedWords, loops: Loops = NUMPY) -> tuple[Longs1d, Longs1d]:
        """The rows of each word's n-grams and how many each has: (total,), (n,)."""
        found = [self._rows_of(f"<{word}>") for word in words]
        ids = np.array([row for rows in found for row in rows], np.int64)
        return ids, np.array(list(map(len, found)), np.int64)

    def _rows_of(self, word: str) -> list[int]:
        """The rows of the n-grams of one word between brackets."""
        ngrams = (
            word[start : start + size]
            for start in range(len(word))
            for size in range(self.minn, min(self.maxn, len(word) - start) + 1)
        )
        return [self._index[ngram] for ngram in ngrams if ngram in self._index]

    @cached_property
    def _index(self) -> dict[str, int]:
        return dict(zip(self.ngrams, self.ngram_rows.tolist(), strict=True))

    def settings(self) -> Mapping[str, Any]:
        """All but the arrays."""
        return {"minn": self.minn, "maxn": self.maxn}

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The table, the n-grams and their rows."""
        packed = pack_words(self.ngrams)
        return {**table_arrays(self.table), "ngrams": packed, "ngram_rows": self.ngram_rows}
