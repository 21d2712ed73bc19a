"""`PackedWords`: many words as one array of UTF-8, which compiled code reads and disks hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bytes1d, Ints1d, Longs1d

_SURROGATES = "surrogatepass"  # what is no character is packed, too: who writes it to a file complains
_NEWLINE = ord("\n")


@dataclass(frozen=True, eq=False)
class PackedWords(Sequence[str]):
    """A sequence of words, of which each is decoded when it is asked for.

    Attributes:
        letters: the UTF-8 of all words, without gaps; read-only, as `ends`.
        ends: where each word begins in `letters`, and behind the last where it ends: `ends[0]` is 0.

    Example:
        >>> from embedkit.text.packed_words import PackedWords
        >>> words = PackedWords.of(["a", "cat", "sat"])
        >>> words.letters.tobytes(), words.ends.tolist()
        (b'acatsat', [0, 1, 4, 7])
        >>> words[1], list(words.take([2, 0]))
        ('cat', ['sat', 'a'])
    """

    letters: Bytes1d
    ends: Longs1d

    def __post_init__(self) -> None:
        """Let the arrays be read only, whoever made them: so kernels are compiled for one kind of them."""
        for name in ("letters", "ends"):
            array = getattr(self, name).view()
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @classmethod
    def of(cls, words: Sequence[str]) -> Self:
        """The words, packed."""
        stored = [word.encode(errors=_SURROGATES) for word in words]
        ends = np.zeros(len(stored) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, stored), np.int64, len(stored)), out=ends[1:])
        return cls(np.frombuffer(b"".join(stored), np.uint8), ends)

    def __len__(self) -> int:
        return len(self.ends) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        """Word number `index`, or the list of those that a slice names."""
        if isinstance(index, slice):
            return list(self.take(range(*index.indices(len(self)))))
        number = range(len(self))[index]
        return _decoded(self.letters[self.ends[number] : self.ends[number + 1]])

    def __iter__(self) -> Iterator[str]:
        if not len(self) or _NEWLINE in self.letters:
            return map(self.__getitem__, range(len(self)))
        return iter(_decoded(np.insert(self.letters, self.ends[1:-1], _NEWLINE)).split("\n"))

    def take(self, numbers: Sequence[int] | Ints1d | Longs1d) -> PackedWords:
        """The words of these numbers, in this order."""
        chosen = np.asarray(numbers, np.int64)
        starts, lengths = self.ends[chosen], self.lengths[chosen]
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        places = np.arange(ends[-1]) + np.repeat(starts - ends[:-1], lengths)
        return PackedWords(self.letters[places], ends)

    def since(self, begin: int) -> PackedWords:
        """The words from number `begin` on, without a copy of their letters."""
        return PackedWords(self.letters[self.ends[begin] :], self.ends[begin:] - self.ends[begin])

    @property
    def lengths(self) -> Longs1d:
        """The bytes of each word."""
        return np.diff(self.ends)


def frequency_order(words: PackedWords, counts: Longs1d) -> Longs1d:
    """The positions of words by descending count, ties in the order of the words, that is of their UTF-8.

    Words are compared by their first 16 bytes as two numbers, and as strings where these are equal.
    """
    starts, lengths = words.ends[:-1], words.lengths
    first, second = (
        _numbers_at(words.letters, starts, lengths),
        _numbers_at(words.letters, starts + 8, lengths - 8),
    )
    order = np.lexsort((second, first, -counts))
    tied = (np.diff(counts[order]) == 0) & (np.diff(first[order]) == 0) & (np.diff(second[order]) == 0)
    for start, stop in _runs(tied):
        order[start:stop] = sorted(order[start:stop].tolist(), key=words.__getitem__)
    return order


def _numbers_at(letters: Bytes1d, starts: Longs1d, lengths: Longs1d) -> NDArray[np.uint64]:
    """Eight bytes of `letters` from each start on, as a number: the first first, zeros beyond each length."""
    text = letters.tobytes() + bytes(16)
    everywhere: NDArray[np.uint64] = np.ndarray(len(text) - 7, ">u8", text, strides=1)
    unused = (8 * np.clip(8 - lengths, 0, 8)).astype(np.uint64)
    numbers = everywhere[np.minimum(starts, len(everywhere) - 1)].astype(np.uint64)
    return np.where(unused < 64, numbers >> unused << unused, np.uint64(0))


def _runs(tied: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """The stretches of positions, each tied with the next: (1, 4) of [False, True, True, False]."""
    edges = np.flatnonzero(np.diff(tied, prepend=False, append=False))
    return zip(edges[::2].tolist(), (edges[1::2] + 1).tolist(), strict=True)


def _decoded(letters: Bytes1d) -> str:
    return letters.tobytes().decode(errors=_SURROGATES)
