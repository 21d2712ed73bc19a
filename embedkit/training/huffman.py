"""Huffman trees of vocabularies: binary trees in which frequent words have short paths (Huffman 1952)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Longs1d
from embedkit.errors import InputError

NONE = -1  # the parent of the root


class Paths(NamedTuple):
    """The inner nodes from the root to each word, one word behind the other.

    Those of word w are `nodes[offsets[w]:offsets[w + 1]]`: a node n where the path turns left, ~n (that is
    -n - 1) where it turns right. No path is longer than `longest`.
    """

    offsets: Longs1d  # (V + 1,)
    nodes: NDArray[np.int32]
    longest: int


class HuffmanTree:
    """A binary tree with the words as leaves, in which the sum of count times depth is as small as can be.

    Its V - 1 inner nodes are numbered from the root, node 0, on; a node's number is above its parent's.

    Args:
        counts: how often each word occurs, (V,) with V >= 2.

    Raises:
        InputError: fewer than two words, or a negative count.

    Example:
        >>> tree = HuffmanTree(np.array([4, 2, 1, 1]))
        >>> tree.depths.tolist()
        [1, 2, 3, 3]
        >>> [nodes.tolist() for nodes in np.split(tree.paths.nodes, tree.paths.offsets[1:-1])]
        [[0], [-1, 1], [-1, -2, -3], [-1, -2, 2]]
    """

    def __init__(self, counts: Longs1d) -> None:
        if len(counts) < 2 or counts.min() < 0:
            raise InputError(
                f"expected counts of two words or more, none of them negative, got {counts!r:.80}"
            )
        self.words = len(counts)
        parents, sides = _merged(np.asarray(counts, np.int64))
        self._word_parents, self._word_sides = parents[: self.words], sides[: self.words]
        self.parents = parents[self.words :]  # (V - 1,), of the inner nodes
        self.sides = sides[self.words :]  # (V - 1,), whether a node is the right child

    @property
    def depths(self) -> Longs1d:
        """The length of each word's path, (V,)."""
        depths = np.zeros(self.words, np.int64)
        for words, _ in self._upwards():
            depths[words] += 1
        return depths

    @property
    def paths(self) -> Paths:
        """The path to each word."""
        depths = self.depths
        offsets = np.concatenate([[0], np.cumsum(depths)])
        nodes = np.empty(offsets[-1], np.int32)
        for level, (words, turns) in enumerate(self._upwards(), start=1):
            nodes[offsets[words + 1] - level] = turns
        return Paths(offsets, nodes, int(depths.max()))

    def _upwards(self) -> Iterator[tuple[Longs1d, NDArray[np.int32]]]:
        """Level by level from the words to the root: the words that have a node there, and its turn."""
        words = np.arange(self.words)
        nodes, sides = self._word_parents, self._word_sides
        while len(words):
            yield words, np.where(sides, ~nodes, nodes)
            nodes, sides = self.parents[nodes], self.sides[nodes]
            inner = nodes != NONE
            words, nodes, sides = words[inner], nodes[inner], sides[inner]


def _merged(counts: Longs1d) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """The parent of each of the V words, then of each of the V - 1 nodes; and whether it is the right child.

    The two lightest are merged, over and over. Merged nodes become heavier and heavier, so that the lightest
    one stands at the front of the sorted words or of the merged nodes (van Leeuwen 1976). Of equals the word
    goes first, which keeps the tree flat.
    """
    size = len(counts)
    order = np.argsort(-counts, kind="stable")[::-1]
    words, merged = counts[order].tolist(), [0] * (size - 1)
    children = np.empty((size - 1, 2), np.int64)  # < V: a place in `order`, else V and a merged node
    word = node = 0
    for made in range(size - 1):
        for side in (0, 1):
            if node == made or (word < size and words[word] <= merged[node]):
                children[made, side] = word
                merged[made] += words[word]
                word += 1
            else:
                children[made, side] = size + node
                merged[made] += merged[node]
                node += 1
    parents = np.full(2 * size - 1, NONE, np.int32)
    sides = np.zeros(2 * size - 1, np.bool_)
    number = np.concatenate([order, 2 * size - 2 - np.arange(size - 1)])  # the node merged last is the root
    for side in (0, 1):
        child = number[children[:, side]]
        parents[child] = np.arange(size - 1)[::-1]
        sides[child] = bool(side)
    return parents, sides
