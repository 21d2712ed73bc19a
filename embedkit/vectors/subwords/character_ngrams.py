"""The character n-grams of many words at once, as spans of their bytes; plain numpy, the twin of the kernels.

An n-gram of fastText is n characters in a row of "<word>", for n from `minn` to `maxn`; of those of one
character, "<" and ">" are none. They come in the order of where they begin, the shorter first, as fastText
adds them up. A character begins at each byte that does not go on with one, whether or not all is valid UTF-8.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bools2d, Bytes1d, Longs1d
from embedkit.text.packed_words import PackedWords

BEGIN, END = ord("<"), ord(">")  # what stands around a word
CONTINUES, CONTINUATION = 0xC0, 0x80  # a byte goes on with a character if these of its bits are so


class BracketedWords(NamedTuple):
    """Words between brackets, and their characters; n words, m bytes and k characters in all.

    Attributes:
        letters: the bytes of "<word>", one word after the other, (m,).
        starts: where each character begins in them, and where the last ends, (k + 1,).
        words: the word of each character, (k,).
        left: how many characters its word has from each one on, (k,).
        first: whether it is the first of its word, (k,).
    """

    letters: Bytes1d
    starts: Longs1d
    words: Longs1d
    left: Longs1d
    first: NDArray[np.bool_]


def bracketed(words: PackedWords) -> BracketedWords:
    """The words with "<" before and ">" behind them."""
    lengths = words.lengths + 2
    ends = np.cumsum(lengths)
    letters = np.empty(int(lengths.sum()), np.uint8)
    inner = np.ones(len(letters), bool)
    inner[ends - lengths] = inner[ends - 1] = False
    letters[inner] = words.letters[words.ends[0] : words.ends[-1]]
    letters[ends - lengths], letters[ends - 1] = BEGIN, END
    starts = np.flatnonzero((letters & CONTINUES) != CONTINUATION)
    owners = np.repeat(np.arange(len(words)), lengths)[starts]
    counts = np.bincount(owners, minlength=len(words))
    behind = np.cumsum(counts)
    places = np.arange(len(starts))
    first = places == (behind - counts)[owners]
    return BracketedWords(letters, np.append(starts, len(letters)), owners, behind[owners] - places, first)


def are_ngrams(words: BracketedWords, minn: int, maxn: int) -> Bools2d:
    """Whether an n-gram of n = 1 ... `maxn` characters begins at each character, (k, maxn)."""
    sizes = np.arange(1, maxn + 1)
    fits = (sizes >= minn) & (sizes <= words.left[:, None])
    if minn <= 1 <= maxn:
        fits[:, 0] &= ~words.first & (words.left > 1)
    return fits
