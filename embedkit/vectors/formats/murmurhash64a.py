"""MurmurHash64A of many words at once: the hash of Austin Appleby by which spaCy numbers its strings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FACTOR, SHIFT = np.uint64(0xC6A4A7935BD1E995), np.uint64(47)


def murmurhash64a(words: Sequence[str], seed: int = 1) -> NDArray[np.uint64]:
    """The hash of the UTF-8 of each word; words of equal length are hashed together.

    Example:
        >>> murmurhash64a(["cat"]).tolist()
        [5439657043933447811]
    """
    packed = [word.encode(errors="surrogatepass") for word in words]
    lengths = np.fromiter(map(len, packed), np.int64, len(packed))
    hashes = np.empty(len(packed), np.uint64)
    for length in np.unique(lengths).tolist():
        rows = np.flatnonzero(lengths == length)
        letters = np.frombuffer(b"".join(packed[row] for row in rows.tolist()), np.uint8)
        hashes[rows] = _hashes(letters.reshape(len(rows), length), seed)
    return hashes


def _hashes(letters: NDArray[np.uint8], seed: int) -> NDArray[np.uint64]:
    """The hashes (n,) of n words of equal length, as their bytes (n, length)."""
    count, length = letters.shape
    padded = np.zeros((count, length // 8 * 8 + 8), np.uint8)
    padded[:, :length] = letters
    blocks = padded.view("<u8").astype(np.uint64)
    state = np.full(count, seed ^ (length * int(FACTOR) % 2**64), np.uint64)
    for place in range(length // 8):
        block = blocks[:, place] * FACTOR
        block ^= block >> SHIFT
        state = (state ^ (block * FACTOR)) * FACTOR
    if length % 8:
        state = (state ^ blocks[:, -1]) * FACTOR
    state = (state ^ (state >> SHIFT)) * FACTOR
    return state ^ (state >> SHIFT)
