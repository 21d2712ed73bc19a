"""Compiled joining of phrases in numbered words: the longest phrase at each place, from left to right.

Phrases are the paths of a trie. Its words have numbers, from 0 on. `edges` is a hash table from a node and
the word that follows to the next node, of rows of two numbers: node << 32 | word + 1, or 0 if the row is
free, and the next node; of a power of two rows, at most half are used. `phrase_at` tells which phrase ends at
a node, or NONE.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d, Longs1d
from embedkit.simd.compiling import compiled

NONE = -1
_HALF, _FREE = np.uint64(32), np.uint64(0)
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@compiled(nogil=True)
def make_edges(nodes: Longs1d, words: Longs1d, following: Longs1d, rows: int) -> NDArray[np.uint64]:
    """The table of edges, given as three arrays: node, word, next node."""
    edges = np.zeros(2 * rows, np.uint64)
    for edge in range(len(nodes)):
        row = _row_of(edges, nodes[edge], words[edge])
        edges[2 * row] = _key(nodes[edge], words[edge])
        edges[2 * row + 1] = np.uint64(following[edge])
    return edges


@compiled(nogil=True)
def join_phrases(
    ids: Ints1d,
    offsets: Longs1d,
    numbers: Ints1d,
    first: Ints1d,
    edges: NDArray[np.uint64],
    phrase_at: Ints1d,
    outputs: Ints1d,
    joined: Ints1d,
    starts: Longs1d,
) -> int:
    """Join the phrases of each document.

    Args:
        ids: of the words.
        offsets: where documents begin in `ids`, and the last one ends.
        numbers: of the words in the trie, by their ids; NONE if it does not have them.
        first: the node behind each word that begins a phrase, or NONE, by their ids.
        edges: see above.
        phrase_at: see above.
        outputs: the id that stands for each phrase.
        joined: receives the ids; room for as many as there are.
        starts: receives the offsets; room for as many as there are.

    Returns:
        The number of ids in `joined`.
    """
    length = 0
    for document in range(len(offsets) - 1):
        starts[document] = length
        position, stop = offsets[document], offsets[document + 1]
        while position < stop:
            node: int | np.int64 = first[ids[position]]
            output, end = ids[position], position + 1
            reached = end
            while node != NONE and reached < stop:
                node = _next(edges, node, numbers[ids[reached]])
                reached += 1
                if node != NONE and phrase_at[node] != NONE:
                    output, end = outputs[phrase_at[node]], reached
            joined[length] = output
            length += 1
            position = end
    starts[len(offsets) - 1] = length
    return length


@compiled(nogil=True)
def renumber(ids: Ints1d, numbers: Ints1d, order: Ints1d, counts: Longs1d) -> int:
    """Number ids anew, in place, as they first occur.

    Args:
        ids: to be numbered.
        numbers: NONE for each id that may occur; receives the new numbers of those that do.
        order: receives the old id of each new number.
        counts: receives how often each occurs.

    Returns:
        The number of different ids.
    """
    size = 0
    for position in range(len(ids)):
        old = ids[position]
        new = numbers[old]
        if new == NONE:
            new = size
            numbers[old], order[new], counts[new] = new, old, 0
            size += 1
        counts[new] += 1
        ids[position] = new
    return size


@compiled(nogil=True, forceinline=True)
def _next(edges: NDArray[np.uint64], node: int | np.int64, word: int) -> int | np.int64:
    """The node behind a node and a word, which may be NONE."""
    if word == NONE:
        return NONE
    row = _row_of(edges, node, word)
    return NONE if edges[2 * row] == _FREE else np.int64(edges[2 * row + 1])


@compiled(nogil=True, forceinline=True)
def _row_of(edges: NDArray[np.uint64], node: int | np.int64, word: int) -> np.int64:
    """The row of an edge, or the free one where it would stand."""
    key = _key(node, word)
    mask = len(edges) // 2 - 1
    row = np.int64(key * _FACTOR >> _HALF) & mask
    while edges[2 * row] != _FREE and edges[2 * row] != key:
        row = (row + 1) & mask
    return row


@compiled(nogil=True, forceinline=True)
def _key(node: int | np.int64, word: int) -> np.uint64:
    return np.uint64(node) << _HALF | np.uint64(word + 1)
