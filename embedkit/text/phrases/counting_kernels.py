"""Compiled counting of pairs of words, with the connector words that stand between them.

A *candidate* is a word, a few connectors or none, and the next word of the same document. Its *pair* is the
two ids, first << 32 | second; its *middle* the connectors as the digits of a number of 32 bits, from 1 on, in
a base that is one more than there are connectors: 0 for none. So many stand in a row as 32 bits hold: 11 of 6
different ones, 3 of 1,000. A table of candidates is one array of rows of two numbers, pair and
middle << 32 | count, in which a row with count 0 is free; of a power of two rows, about half are used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d, Longs1d
from embedkit.simd.compiling import compiled
from embedkit.simd.intrinsics import prefetch_to_write

ROW = 2  # numbers of a row of a table
RARE = -1  # the kind of a word that is part of no candidate; 0 that of others, 1, 2, ... of the connectors
NONE = -1  # in place of the id of a first word
_AHEAD = 16  # candidates between the request for their row and its use
_PART_BITS = np.uint64(20)  # of a hash, which choose the part of a candidate; those above choose its row
_HALF = np.uint64(32)
_FREE, _ONE = np.uint64(0), np.uint64(1)
_FACTOR, _OTHER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_LARGEST = (1 << 32) - 1  # of a middle


@compiled(nogil=True)
def list_candidates(
    ids: Ints1d,
    offsets: Longs1d,
    continues: bool,
    kinds: Ints1d,
    base: int,
    state: Longs1d,
    pairs: NDArray[np.uint64],
    middles: NDArray[np.uint64],
) -> int:
    """List the candidates of some documents in the order in which they occur.

    Args:
        ids: of the words.
        offsets: where documents begin in `ids`, and the last one ends.
        continues: whether the first document goes on with the last of the call before.
        kinds: of the words, by their ids.
        base: of middles.
        state: the id of the first word of a candidate that has begun, or NONE, and its middle; is updated.
        pairs: receives the pairs; room for one a word.
        middles: receives the middles; room for one a word.

    Returns:
        The number of candidates.
    """
    found = 0
    first, middle = state
    for document in range(len(offsets) - 1):
        if not (continues and document == 0):
            first = NONE
        for position in range(offsets[document], offsets[document + 1]):
            word = ids[position]
            kind = kinds[np.uint32(word)]
            if kind > 0:
                if middle > (_LARGEST - kind) // base:
                    first, middle = NONE, 0
                middle = middle * base + kind
                continue
            if first >= 0 and kind == 0:
                pairs[found], middles[found] = np.uint64(first) << _HALF | np.uint64(word), np.uint64(middle)
                found += 1
            first, middle = word if kind == 0 else NONE, 0
    state[0], state[1] = first, middle
    return found


@compiled(nogil=True)
def count_candidates(
    pairs: NDArray[np.uint64],
    middles: NDArray[np.uint64],
    begin: int,
    part: int,
    part_mask: int,
    table: NDArray[np.uint64],
    used: int,
) -> tuple[int, int]:
    """Count the candidates that belong to a part of all: those whose hash & part_mask is `part`.

    Args:
        pairs: of the candidates.
        middles: of the candidates.
        begin: the number of the first candidate to count.
        part: see above.
        part_mask: see above.
        table: of the candidates so far; is updated.
        used: the number of its rows that are used.

    Returns:
        The number of candidates that are done with, all unless more than half of the rows became used; and
        how many are.
    """
    waiting = np.empty((_AHEAD, 2), np.uint64)  # the number of a candidate and its hash
    candidate, met = begin, 0
    while candidate < len(pairs) and 2 * used <= len(table) // ROW:
        hashed = _hash(pairs[candidate], middles[candidate])
        if np.int64(hashed) & part_mask == part:
            place = met % _AHEAD
            if met >= _AHEAD:
                used += _add(table, pairs, middles, waiting[place, 0], waiting[place, 1])
            waiting[place, 0], waiting[place, 1] = np.uint64(candidate), hashed
            prefetch_to_write(table, ROW * _row(table, hashed), 1)  # type: ignore[call-arg]
            met += 1
        candidate += 1
    for place in range(min(met, _AHEAD)):
        used += _add(table, pairs, middles, waiting[place, 0], waiting[place, 1])
    return candidate, used


@compiled(nogil=True)
def move_candidates(table: NDArray[np.uint64], larger: NDArray[np.uint64]) -> None:
    """Move what a table holds to a larger one, which is free."""
    for old in range(0, len(table), ROW):
        if table[old + 1] != _FREE:
            row = _row(larger, _hash(table[old], table[old + 1] >> _HALF))
            while larger[ROW * row + 1] != _FREE:
                row = (row + 1) & (len(larger) // ROW - 1)
            larger[ROW * row], larger[ROW * row + 1] = table[old], table[old + 1]


@compiled(nogil=True, forceinline=True)
def _add(
    table: NDArray[np.uint64],
    pairs: NDArray[np.uint64],
    middles: NDArray[np.uint64],
    candidate: np.uint64,
    hashed: np.uint64,
) -> int:
    """Count a candidate; 1 if it is new to the table, else 0."""
    pair, middle = pairs[candidate], middles[candidate]
    row = _row(table, hashed)
    while table[ROW * row + 1] != _FREE:
        if table[ROW * row] == pair and table[ROW * row + 1] >> _HALF == middle:
            table[ROW * row + 1] += _ONE
            return 0
        row = (row + 1) & (len(table) // ROW - 1)
    table[ROW * row], table[ROW * row + 1] = pair, middle << _HALF | _ONE
    return 1


@compiled(nogil=True, forceinline=True)
def _hash(pair: np.uint64, middle: np.uint64) -> np.uint64:
    mixed = (pair ^ middle * _OTHER) * _FACTOR
    mixed = (mixed ^ mixed >> _HALF) * _OTHER
    return mixed ^ mixed >> _HALF


@compiled(nogil=True, forceinline=True)
def _row(table: NDArray[np.uint64], hashed: np.uint64) -> np.int64:
    """Where the search for a candidate begins."""
    return np.int64(hashed >> _PART_BITS) & (len(table) // ROW - 1)
