"""Hashes of character n-grams, by which fastText and floret find the rows of their tables.

fastText takes FNV-1a of 32 bits, with each byte as a signed number, so that bytes from 128 on also turn over
the upper bits. floret takes 32 bits each for up to four rows from MurmurHash3 of 128 bits (x64, by Austin
Appleby, in the public domain).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bytes1d, Bytes2d, Longs1d, Longs2d
from embedkit.text.packed_words import PackedWords
from embedkit.vectors.subwords.character_ngrams import are_ngrams, bracketed

FNV_BASIS, FNV_PRIME = np.uint32(2166136261), np.uint32(16777619)
C1, C2 = np.uint64(0x87C37B91114253D5), np.uint64(0x4CF5AD432745937F)  # constants of MurmurHash3
FIVE, ADD1, ADD2 = np.uint64(5), np.uint64(0x52DCE729), np.uint64(0x38495AB5)
MIX1, MIX2 = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)

Words64 = NDArray[np.uint64]


def fnv1a_ngrams(words: PackedWords, minn: int, maxn: int) -> tuple[NDArray[np.uint32], Longs1d]:
    """The hashes of the n-grams of words, and how many each word has: (total,), (n,).

    Example:
        >>> hashes, counts = fnv1a_ngrams(PackedWords.of(["at", "é"]), 4, 4)
        >>> hashes.tolist(), counts.tolist()
        ([676887408], [1, 0])
    """
    text = bracketed(words)
    fits = are_ngrams(text, minn, maxn)
    signed = text.letters.astype(np.int8).astype(np.uint32)
    widths = np.diff(text.starts)  # bytes of each character
    running = np.full(len(widths), FNV_BASIS)
    hashes = np.empty(fits.shape, np.uint32)
    for size in range(maxn):  # each n-gram goes on where the shorter one ended
        places = np.arange(len(widths) - size)
        for byte in range(int(widths.max(initial=0))):
            reached = places[widths[size:] > byte]
            running[reached] = (running[reached] ^ signed[text.starts[reached + size] + byte]) * FNV_PRIME
        hashes[:, size] = running
    counts = np.bincount(text.words, fits.sum(axis=1), len(words)).astype(np.int64)
    return hashes[fits], counts


def murmur3(letters: Bytes1d, starts: Longs1d, ends: Longs1d, seed: int) -> Longs2d:
    """MurmurHash3 of 128 bits for x64 of n texts, as four numbers of 32 bits each, the lowest first, (n, 4).

    Args:
        letters: bytes of which the texts are stretches.
        starts: where each begins, (n,).
        ends: where each ends, (n,).
        seed: the seed of the hash.

    Example:
        >>> murmur3(np.frombuffer(b"<cat>", np.uint8), np.array([0]), np.array([5]), 0).tolist()
        [[510550442, 1890772532, 847668676, 596479105]]
    """
    lengths = ends - starts
    blocks = lengths // 16
    padded = _padded(letters, starts, lengths, 16 * (int(blocks.max(initial=0)) + 1))
    halves = padded.view("<u8")  # two a block
    first = np.full(len(starts), seed, np.uint64)
    second = first.copy()
    with np.errstate(over="ignore"):
        for block in range(halves.shape[1] // 2):
            one = _rotated(halves[:, 2 * block] * C1, 31) * C2
            two = _rotated(halves[:, 2 * block + 1] * C2, 33) * C1
            whole, tail = block < blocks, block == blocks
            mixed = (_rotated(first ^ one, 27) + second) * FIVE + ADD1
            first = np.where(whole, mixed, np.where(tail, first ^ one, first))
            mixed = (_rotated(second ^ two, 31) + first) * FIVE + ADD2
            second = np.where(whole, mixed, np.where(tail, second ^ two, second))
        size = lengths.astype(np.uint64)
        first, second = _sums(first ^ size, second ^ size)
        first, second = _sums(_finished(first), _finished(second))
    low, high = np.uint64(0xFFFFFFFF), np.uint64(32)
    return np.stack([first & low, first >> high, second & low, second >> high], 1).astype(np.int64)


def _padded(letters: Bytes1d, starts: Longs1d, lengths: Longs1d, width: int) -> Bytes2d:
    """The bytes of each text, and zeros up to `width` of them."""
    padded = np.zeros((len(starts), width), np.uint8)
    places = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    padded[np.repeat(np.arange(len(starts)), lengths), places] = letters[np.repeat(starts, lengths) + places]
    return padded


def _rotated(value: Words64, bits: int) -> Words64:
    return value << np.uint64(bits) | value >> np.uint64(64 - bits)


def _sums(first: Words64, second: Words64) -> tuple[Words64, Words64]:
    first = first + second
    return first, second + first


def _finished(value: Words64) -> Words64:
    value = (value ^ value >> np.uint64(33)) * MIX1
    value = (value ^ value >> np.uint64(33)) * MIX2
    return value ^ value >> np.uint64(33)
