"""`Sequences`: the token ids of many texts, one text after the other, whatever their lengths."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bools1d, Ints1d, Ints2d, Longs1d
from embedkit.errors import InputError

Item = TypeVar("Item")

LONG = 48  # ids of a text on average, from which texts are copied one by one


@dataclass(frozen=True, eq=False)
class Sequences:
    """The ids of n texts, one text after the other.

    Args:
        ids: int32 (total,).
        offsets: int64 (n + 1,): text i is `ids[offsets[i]:offsets[i + 1]]`.

    Example:
        >>> from embedkit.text.sequences.sequences import joined
        >>> sequences = joined([[0, 1], [], [0, 1, 2]])
        >>> sequences.ids
        array([0, 1, 0, 1, 2], dtype=int32)
        >>> sequences.lengths
        array([2, 0, 3])
        >>> sequences[-1]
        array([0, 1, 2], dtype=int32)
        >>> sequences.tolist()
        [[0, 1], [], [0, 1, 2]]
    """

    ids: Ints1d
    offsets: Longs1d

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, text: int) -> Ints1d:
        """The ids of one text, counted from 0, or from the end by a negative number."""
        if not -len(self) <= text < len(self):
            raise IndexError(f"there are {len(self)} texts, got the number {text}")
        number = text % len(self)
        row: Ints1d = self.ids[self.offsets[number] : self.offsets[number + 1]]
        return row

    def __iter__(self) -> Iterator[Ints1d]:
        return map(self.__getitem__, range(len(self)))

    @property
    def lengths(self) -> Longs1d:
        """The number of ids of each text, (n,)."""
        return np.diff(self.offsets)

    @property
    def texts(self) -> Ints1d:
        """The number of the text to which each place belongs, (total,)."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.lengths)

    def tolist(self) -> list[list[int]]:
        """The ids of each text as a list."""
        return parts(self.ids.tolist(), self.offsets)

    def part(self, begin: int, end: int) -> Sequences:
        """The texts from `begin` to before `end`, or as many as there are."""
        offsets = self.offsets[begin : end + 1]
        return Sequences(self.ids[offsets[0] : offsets[-1]], offsets - offsets[0])

    def only(self, texts: NDArray[np.integer]) -> Sequences:
        """Some of the texts, in the order of their numbers `texts` (k,)."""
        lengths = self.lengths[texts]
        offsets = offsets_of(lengths)
        return Sequences(
            self.ids[np.arange(offsets[-1]) + np.repeat(self.offsets[texts] - offsets[:-1], lengths)], offsets
        )

    def where(self, kept: Bools1d) -> Sequences:
        """The same texts with only the ids at the places that are `kept`, (total,)."""
        before = np.concatenate([[0], np.cumsum(kept, dtype=np.int64)])
        return Sequences(self.ids[kept], before[self.offsets])

    def truncated(self, first: int, last: int = 0) -> Sequences:
        """The same texts with only the `first` and the `last` ids of those that are longer than both."""
        if first < 0 or last < 0 or first + last == 0:
            raise InputError(f"expected to keep at least 1 id of a text, got {first} first and {last} last")
        lengths = self.lengths
        kept = np.minimum(lengths, first + last)
        offsets = offsets_of(kept)
        place = np.arange(offsets[-1]) - np.repeat(offsets[:-1], kept)  # of an id in its shortened text
        skipped = np.repeat(lengths - kept, kept) * (place >= first)
        return Sequences(self.ids[np.repeat(self.offsets[:-1], kept) + place + skipped], offsets)

    def padded(self, texts: NDArray[np.integer]) -> Ints2d:
        """The ids of some texts as rows, int32 (k, length of the longest), with 0 on the right."""
        lengths = self.lengths[texts]
        return padded_rows(self.ids, self.offsets[texts], lengths, int(lengths.max(initial=0)))


def padded_rows(
    ids: Ints1d, starts: Longs1d, lengths: Longs1d, width: int, value: int = 0, left: bool = False
) -> Ints2d:
    """Pieces of `ids` as rows, int32 (k, width), with `value` on the right or the left.

    Args:
        ids: int32 (total,).
        starts: where each piece begins, (k,).
        lengths: of the pieces, each at most `width`, (k,).
        width: columns.
        value: what fills the rows.
        left: fill them on the left.
    """
    rows = np.full((len(starts), width), value, np.int32)
    total = int(lengths.sum())
    first = np.arange(len(starts)) * width + (
        width - lengths if left else 0
    )  # place of each piece in all rows
    if total > LONG * len(starts):
        flat = rows.ravel()
        for place, start, length in zip(first.tolist(), starts.tolist(), lengths.tolist(), strict=True):
            flat[place : place + length] = ids[start : start + length]
    else:
        before = offsets_of(lengths)[:-1]
        each = np.arange(total)
        rows.ravel()[each + np.repeat(first - before, lengths)] = ids[
            each + np.repeat(starts - before, lengths)
        ]
    return rows


def joined(rows: Iterable[Iterable[int]], empty: int | None = None) -> Sequences:
    """The sequences of rows of ids, which are read one by one; a row of none is one `empty`, if given."""
    ids, lengths = array("i"), array("q")
    for row in rows:
        more = array("i", row if isinstance(row, list) else list(row))  # faster than without a list
        if empty is not None and not more:
            more.append(empty)
        ids.extend(more)
        lengths.append(len(more))
    return Sequences(np.frombuffer(ids, np.int32), offsets_of(np.frombuffer(lengths, np.int64)))


def parts(values: list[Item], offsets: Longs1d) -> list[list[Item]]:
    """Consecutive parts of a list: [1, 2, 3] with the offsets [0, 2, 3] gives [[1, 2], [3]]."""
    return [values[begin:end] for begin, end in pairwise(offsets.tolist())]


def offsets_of(lengths: NDArray[np.integer]) -> Longs1d:
    """Where each of the parts of these lengths begins, and where the last ends: [2, 1] gives [0, 2, 3]."""
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
