"""`DistinctWords`: how many different words there are among any number, estimated in 16 kB.

This is HyperLogLog (Flajolet et al., 2007) with hashes of 64 bits, for which large numbers need no
correction, and with linear counting for small ones.
"""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray

from embedkit.text.packed_words import PackedWords

_BITS = 14  # of a hash that choose a register; the standard error is 1.04 / sqrt(2 ** 14) = 0.8 %
_REGISTERS = 1 << _BITS
_ALPHA = 0.7213 / (1 + 1.079 / _REGISTERS)
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd
_MIX = ((30, np.uint64(0xBF58476D1CE4E5B9)), (27, np.uint64(0x94D049BB133111EB)))  # of SplitMix64


class DistinctWords:
    """Counts different words, none of them empty.

    Example:
        >>> from embedkit.text.corpus.distinct import DistinctWords
        >>> from embedkit.text.packed_words import PackedWords
        >>> distinct = DistinctWords()
        >>> distinct.add(PackedWords.of(["a", "cat", "sat"]))
        >>> distinct.add(PackedWords.of(["a", "cat", "ran"]))
        >>> distinct.estimate()
        4
    """

    def __init__(self) -> None:
        self._registers = np.zeros(_REGISTERS, np.uint8)

    def add(self, words: PackedWords) -> None:
        """Take in words, known or new."""
        if not len(words):
            return
        hashes = _hashes(words)
        rest = (hashes >> np.uint64(_BITS)).astype(np.float64)  # 50 bits: exact
        leading = 65 - _BITS - np.frexp(rest)[1]  # zeros before the first bit that is set, and one
        np.maximum.at(self._registers, hashes & np.uint64(_REGISTERS - 1), leading.astype(np.uint8))

    def estimate(self) -> int:
        """About how many different words there were."""
        if empty := int(np.count_nonzero(self._registers == 0)):
            small: float = _REGISTERS * log(_REGISTERS / empty)
            if small <= 2.5 * _REGISTERS:
                return round(small)
        return round(_ALPHA * _REGISTERS**2 / float(np.exp2(-self._registers.astype(float)).sum()))


def _hashes(words: PackedWords) -> NDArray[np.uint64]:
    """A hash of 64 bits of each word: a polynomial over its bytes, mixed as SplitMix64 does."""
    lengths = words.lengths
    powers = np.cumprod(np.full(int(lengths.max()), _FACTOR))
    places = np.arange(len(words.letters)) - np.repeat(words.ends[:-1], lengths)
    terms = (words.letters.astype(np.uint64) + np.uint64(1)) * powers[places]
    hashes: NDArray[np.uint64] = np.add.reduceat(terms, words.ends[:-1])
    for shift, factor in _MIX:
        hashes = (hashes ^ hashes >> np.uint64(shift)) * factor
    return hashes ^ hashes >> np.uint64(31)
