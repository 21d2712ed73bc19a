r"""`IndexedWords`: packed words that are decoded, and found by a table of hashes, one by one where they lie.

A file of two million words opens at once: nothing is read before a word is asked for. The table is the
CRC-32 of each word's bytes, in ascending order, and the rows of these words; a binary search finds a hash,
and what stands in the row is compared with the word byte by byte. A damaged table may hide a word, but never
gives another one; and the word of a row must be found by the table, so that a changed letter is, too.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Self, overload

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bytes1d, Ints1d, Longs1d
from embedkit.container.checked import check_sum
from embedkit.container.packed_words import pack_words, unpack_words
from embedkit.errors import FormatError, InputError
from embedkit.immutable import Immutable

NEWLINE = 10
LOADED_SHARE = 16  # once one in so many words was looked up, the ids of all are read


@dataclass(frozen=True, eq=False, repr=False)
class IndexedWords(Immutable, Sequence[str]):
    r"""A sequence of words, each decoded when it is asked for; equal to a tuple of the same words.

    Args:
        packed: the words as `pack_words` packs them, joined by newlines.
        offsets: where each word begins, and one behind the newline that would follow the last, (V + 1,).
        hashes: the CRC-32 of the bytes of each word, in ascending order, (V,).
        rows: the rows of the words in the order of their hashes, (V,).
        path: the file that they lie in, for errors.
        checksum: that of `packed`, with which all words are compared when all are read; None for none.

    Raises:
        FormatError: a word that is asked for is damaged.

    Example:
        >>> words = IndexedWords.of(["an", "apple", "pie"])
        >>> words[1], words.find("pie"), words.find("plum")
        ('apple', 2, -1)
        >>> words == ("an", "apple", "pie")
        True
    """

    packed: Bytes1d
    offsets: Longs1d
    hashes: NDArray[np.uint32]
    rows: Ints1d
    path: Path = Path()
    checksum: str | None = None

    @classmethod
    def of(cls, words: Sequence[str]) -> Self:
        """The words with their table; each may occur once."""
        packed = pack_words(words)
        hashes = np.fromiter(map(zlib.crc32, packed.tobytes().split(b"\n")), np.uint32, len(words))
        order = np.argsort(hashes, kind="stable")
        ends = [0, *(np.flatnonzero(packed == NEWLINE) + 1), len(packed) + 1]
        return cls(packed, np.array(ends, np.int64), hashes[order], order.astype(np.int32))

    def find(self, word: str) -> int:
        """The row of a word, -1 if it is none of these."""
        try:
            stored = pack_words([word]).tobytes()
        except InputError:  # half a surrogate pair: no file holds such a word
            return -1
        hashed = np.uint32(zlib.crc32(stored))
        for place in range(int(self.hashes.searchsorted(hashed)), len(self.hashes)):
            if self.hashes[place] != hashed:
                break
            row = int(self.rows[place])
            if 0 <= row < len(self) and self._stored(row) == stored:
                return row
        return -1

    def check_counts(self, counts: Longs1d) -> None:
        """Raise `FormatError` for counts of these words (V,) below zero, which only damage makes."""
        if counts.min(initial=0) < 0:
            raise self._damaged(f"expected counts of words, got {counts.min()}")

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        """The word of a row, or those of a slice of rows."""
        if not isinstance(index, slice):
            row = range(len(self))[index]
            word = self._words(self._stored(row))[0]
            if self.find(word) != row:
                raise self._damaged(f"word {row} is {word!r}, which its table does not know")
            return word
        rows = range(len(self))[index]
        if rows.step != 1 or not rows:
            return tuple(map(self.__getitem__, rows))
        if len(rows) == len(self):
            return tuple(self)
        words = self._words(self._stored(rows.start, rows.stop))
        if len(words) != len(rows):
            raise self._damaged(f"expected {len(rows)} words from row {rows.start} on, got {len(words)}")
        return tuple(words)

    def __iter__(self) -> Iterator[str]:
        if self.checksum is not None:
            try:
                check_sum("words", zlib.crc32(self.packed.data), self.checksum)
            except FormatError as error:
                raise self._damaged(str(error)) from None
        words = self._words(self.packed.tobytes())
        if len(words) != len(self):
            raise self._damaged(f"expected {len(self)} words, got {len(words)}")
        return iter(words)

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.find(word) >= 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, IndexedWords | tuple) or len(self) != len(other):
            return NotImplemented if not isinstance(other, IndexedWords | tuple) else False
        return self is other or tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self[:3])) + (", ..." if len(self) > 3 else "")
        return f"IndexedWords({len(self):,} words: {shown})"

    def _stored(self, row: int, stop: int | None = None) -> bytes:
        """The bytes of the word of a row, or of those up to `stop`, whose words begin and end at newlines."""
        begin, end = int(self.offsets[row]), int(self.offsets[row + 1 if stop is None else stop]) - 1
        if 0 <= begin <= end <= len(self.packed):
            stored = self.packed[begin:end].tobytes()
            begins = begin == 0 or self.packed[begin - 1] == NEWLINE
            ends = end == len(self.packed) or self.packed[end] == NEWLINE
            if begins and ends and (stop is not None or b"\n" not in stored):
                return stored
        raise self._damaged(f"the place of word {row} is not where a word begins and ends")

    def _words(self, stored: bytes) -> list[str]:
        return unpack_words(stored, self.path)

    def _damaged(self, what: str) -> FormatError:
        return FormatError(f"{self.path} is damaged: {what}; fetch it or make it again")


class LazyWordIds(dict[str, int]):
    """The rows of words: those that were asked for, and all once a good part of them was.

    Args:
        words: the words.

    Example:
        >>> ids = LazyWordIds(IndexedWords.of(["an", "apple", "pie"]))
        >>> ids["pie"], ids.get("plum", -1), "an" in ids
        (2, -1, True)
    """

    def __init__(self, words: IndexedWords) -> None:
        super().__init__()
        self._words, self._searches, self._complete = words, 0, False

    def __missing__(self, word: str) -> int:
        if self._complete or not isinstance(word, str):
            raise KeyError(word)
        self._searches += 1
        if self._searches * LOADED_SHARE > len(self._words):
            self.update(zip(self._words, count(), strict=False))
            self._complete = True
            return self[word]
        if (row := self._words.find(word)) < 0:
            raise KeyError(word)
        self[word] = row
        return row

    def __contains__(self, word: object) -> bool:
        return self.get(word) is not None

    def get(self, word: Any, default: Any = None) -> Any:
        """The row of a word, `default` if it is none of these."""
        try:
            return self[word]
        except KeyError:
            return default


def word_ids(words: Sequence[str]) -> Mapping[str, int]:
    """The row of each word: a table of all, or for `IndexedWords` one that grows as they are asked for."""
    return LazyWordIds(words) if isinstance(words, IndexedWords) else dict(zip(words, count(), strict=False))
