"""Counting of pairs of words over a corpus, in parts that fit into memory, by threads.

Each part of the candidates, chosen by their hashes, has a table and a thread of its own, so nothing is shared
and the sums are the same for any number of threads. A part that outgrows its table is split in two, and both
are counted when the text is read the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d, Longs1d
from embedkit.text.phrases.joined_text import TextPiece

FIRST_ROWS = 1 << 12
HALF, LOW_HALF = np.uint64(32), np.uint64(0xFFFFFFFF)
Listed = tuple[NDArray[np.uint64], NDArray[np.uint64]]  # pairs and middles


class Candidates(NamedTuple):
    """N pairs of words that occur often enough, in order of their ids."""

    first: Longs1d
    second: Longs1d
    middle: Longs1d  # the connectors between them, as in `counting_kernels`
    counts: Longs1d
    types: int  # how many there are in all, frequent or not


@dataclass
class _Part:
    """The candidates whose hashes end in the `bits` bits of `number`."""

    number: int
    bits: int
    table: NDArray[np.uint64] = field(init=False)
    used: int = 0

    def begin(self) -> None:
        from embedkit.text.phrases.counting_kernels import ROW

        self.table = np.zeros(ROW * FIRST_ROWS, np.uint64)

    def count(self, listed: Listed, limit: int) -> None:
        from embedkit.text.phrases.counting_kernels import ROW, count_candidates, move_candidates

        mask, done = (1 << self.bits) - 1, 0
        while done < len(listed[0]) and self.used <= limit:
            if 2 * self.used > len(self.table) // ROW:
                larger = np.zeros(2 * len(self.table), np.uint64)  # numpy asks for huge pages, numba does not
                move_candidates(self.table, larger)
                self.table = larger
            done, self.used = count_candidates(*listed, done, self.number, mask, self.table, self.used)

    def halves(self) -> tuple[_Part, _Part]:
        return _Part(self.number, self.bits + 1), _Part(self.number | 1 << self.bits, self.bits + 1)


def count_pairs(
    pieces: Callable[[], Iterable[TextPiece]],
    kinds: Ints1d,
    min_count: int,
    max_candidates: int,
    workers: int,
    pool: Executor,
) -> Candidates:
    """Count the candidates of a text; those that occur at least `min_count` times are returned.

    Args:
        pieces: gives the pieces of the text, from the first one on, each time it is called.
        kinds: of the words, by their ids, as in `counting_kernels`.
        min_count: see above.
        max_candidates: how many different ones are counted at a time.
        workers: threads of the pool.
        pool: threads.
    """
    base = int(kinds.max(initial=0)) + 1
    bits = (workers - 1).bit_length()
    at_once = 1 << bits
    limit = max(1, max_candidates // at_once)
    waiting = [_Part(number, bits) for number in range(at_once)]
    found: list[Candidates] = []
    while waiting:
        parts, waiting = waiting[:at_once], waiting[at_once:]
        for part in parts:
            part.begin()
        for listed in _listed(pieces(), kinds, base):
            list(pool.map(_Part.count, parts, repeat(listed), repeat(limit)))
        for part in parts:
            if part.used > limit:
                waiting += part.halves()
            else:
                found.append(_frequent(part.table, part.used, min_count))
            del part.table
    return _together(found)


def _listed(pieces: Iterable[TextPiece], kinds: Ints1d, base: int) -> Iterator[Listed]:
    """The candidates of each piece, in turn in the same two arrays."""
    from embedkit.text.phrases.counting_kernels import NONE, list_candidates

    state = np.array([NONE, 0], np.int64)
    pairs = middles = np.empty(0, np.uint64)
    for piece in pieces:
        if len(piece.ids) > len(pairs):
            pairs, middles = np.empty((2, len(piece.ids)), np.uint64)
        found = list_candidates(*piece, kinds, base, state, pairs, middles)
        yield pairs[:found], middles[:found]


def _frequent(table: NDArray[np.uint64], used: int, min_count: int) -> Candidates:
    """The candidates of a table that occur often enough."""
    from embedkit.text.phrases.counting_kernels import ROW

    rows = table.reshape(-1, ROW)
    pairs, counted = rows[(rows[:, 1] & LOW_HALF) >= max(min_count, 1)].T
    halves = (pairs >> HALF, pairs & LOW_HALF, counted >> HALF, counted & LOW_HALF)
    first, second, middle, counts = (half.astype(np.int64) for half in halves)
    return Candidates(first, second, middle, counts, used)


def _together(found: list[Candidates]) -> Candidates:
    """The candidates of all parts, sorted."""
    *columns, types = zip(*found, strict=True)
    first, second, middle, counts = map(np.concatenate, columns)
    order = np.lexsort((middle, second, first))
    return Candidates(first[order], second[order], middle[order], counts[order], sum(types))


def middle_numbers(middle: int, base: int) -> Iterator[int]:
    """The numbers of the connectors of a middle, in their order: 1, 2 of 1 * base + 2."""
    if middle:
        yield from middle_numbers(middle // base, base)
        yield middle % base
