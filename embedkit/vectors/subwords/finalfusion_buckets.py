"""`FinalfusionSubwords`: words made of hashed character n-grams, as finalfusion makes them.

Like fastText's, but hashed by FNV-1a of 64 bits over the number of characters (8 bytes) and the characters
(4 bytes each), of which the lowest bits name the row; and the sum of the rows gets length 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d, Longs1d
from embedkit.text.packed_words import PackedWords
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.subwords.bucket_subwords import NUMPY, BucketSubwords, Loops
from embedkit.vectors.subwords.character_ngrams import bracketed
from embedkit.vectors.subwords.quantized_rows import table_arrays

BASIS, PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
BYTE = np.uint64(0xFF)
MAX_EXPONENT = 31  # of the number of rows


@dataclass(frozen=True, eq=False, repr=False)
class FinalfusionSubwords(BucketSubwords):
    """Gives a word the sum of the rows of its n-grams, at length 1.

    Attributes:
        table: the rows, (2 ** exponent, D).
        minn: characters of the shortest n-grams of "<word>".
        maxn: characters of the longest ones.
        exponent: of the number of rows.

    Example:
        >>> subwords = FinalfusionSubwords(np.eye(4, dtype=np.float32), 3, 4, exponent=2)
        >>> subwords.vectors(["a"])[0].tolist()
        [0.0, 1.0, 0.0, 0.0]
    """

    kind: ClassVar[str] = "finalfusion"

    exponent: int

    def vectors(self, words: Sequence[str]) -> Floats2d:
        """The vectors of `words`, float32 (n, D); zero for a word without n-grams."""
        return unit_vectors(super().vectors(words))

    def rows(self, words: PackedWords, loops: Loops = NUMPY) -> tuple[Longs1d, Longs1d]:
        """The rows of each word's n-grams and how many each has: (total,), (n,)."""
        text = bracketed(words)
        letters = text.letters.tobytes().decode(errors="surrogatepass")
        characters = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
        sizes = np.arange(self.minn, self.maxn + 1)
        fits = sizes <= text.left[:, None]
        hashes = np.stack([_hashes(characters, size) for size in sizes.tolist()], axis=1)
        counts = np.bincount(text.words, fits.sum(axis=1), len(words)).astype(np.int64)
        return (hashes[fits] & np.uint64((1 << self.exponent) - 1)).astype(np.int64), counts

    def settings(self) -> Mapping[str, Any]:
        """All but the arrays."""
        return {"minn": self.minn, "maxn": self.maxn, "exponent": self.exponent}

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The table."""
        return table_arrays(self.table)


def _hashes(characters: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """The hash of the `size` characters from each on, (k,); what it is near the end means nothing."""
    state = np.full(len(characters), BASIS)
    for byte in size.to_bytes(8, "little"):
        state = (state ^ np.uint64(byte)) * PRIME
    for place in range(size):
        there = np.roll(characters, -place)
        for shift in range(0, 32, 8):
            state = (state ^ ((there >> np.uint64(shift)) & BYTE)) * PRIME
    return state
