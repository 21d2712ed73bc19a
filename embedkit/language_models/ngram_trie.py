"""`NgramTrie`: the n-grams of a text as sorted arrays, found by binary search, many at once.

The node of an n-gram of one token is the token's number. Of longer ones the key is the node of all tokens but
the last, times the size of the vocabulary, plus the last; the node is the place of the key among all keys of
that order, which are sorted. So the n-grams that go on from one stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Longs1d

NONE = -1  # the node of an n-gram that does not occur


class NgramLevel(NamedTuple):
    """What was counted of the n-grams of one order.

    Args:
        keys: sorted, int64 (n,).
        counts: how often each occurs, int64 (n,).
        suffixes: the node of each without its first token, int64 (n,).
        begins: whether a part of the text begins with it, bool (n,).
    """

    keys: Longs1d
    counts: Longs1d
    suffixes: Longs1d
    begins: NDArray[np.bool_]


@dataclass(frozen=True)
class NgramTrie:
    """The keys of n-grams.

    Args:
        size: of the vocabulary.
        keys: of the orders 2, 3 and so on, each sorted.
    """

    size: int
    keys: Sequence[Longs1d]

    @property
    def order(self) -> int:
        """The longest n-grams."""
        return len(self.keys) + 1

    def children(self, nodes: Longs1d, tokens: NDArray[np.integer], order: int) -> Longs1d:
        """The nodes of n-grams of an order by those of all but the last token, which may be `NONE`."""
        keys = self.keys[order - 2]
        wanted = nodes * self.size + tokens
        places: Longs1d = np.searchsorted(keys, wanted)
        found = (nodes >= 0) & (places < len(keys))
        found[found] = keys[places[found]] == wanted[found]
        return np.where(found, places, NONE)

    def nodes(self, ids: NDArray[np.integer], left: Longs1d) -> Iterator[Longs1d]:
        """Order by order from 1 on: the nodes of the n-grams that begin at each position, else `NONE`.

        Args:
            ids: of tokens, (N,).
            left: how many tokens there are from each position to the end of its part, (N,).
        """
        nodes: Longs1d = ids.astype(np.int64)
        yield nodes
        for order in range(2, self.order + 1):
            fits = np.flatnonzero(left >= order)
            longer = np.full(len(ids), NONE)
            longer[fits] = self.children(nodes[fits], ids[fits + order - 1], order)
            nodes = longer
            yield nodes


def tokens_left(offsets: Longs1d) -> Longs1d:
    """How many tokens there are from each position to the end of its part, itself included.

    Example:
        >>> import numpy as np
        >>> from embedkit.language_models.ngram_trie import tokens_left
        >>> tokens_left(np.array([0, 3, 5])).tolist()
        [3, 2, 1, 2, 1]
    """
    left: Longs1d = np.repeat(offsets[1:], np.diff(offsets)) - np.arange(offsets[-1])
    return left


def count_ngrams(ids: NDArray[np.integer], offsets: Longs1d, size: int, order: int) -> list[NgramLevel]:
    """What there is of the orders 2 to `order` in parts of a text; none reaches beyond its part."""
    left = tokens_left(offsets)
    first = np.zeros(len(ids), np.bool_)
    first[offsets[:-1]] = True
    nodes: Longs1d = ids.astype(np.int64)
    levels = []
    for length in range(2, order + 1):
        fits = np.flatnonzero(left >= length)
        keys, places, counts = np.unique(
            nodes[fits] * size + ids[fits + length - 1], return_inverse=True, return_counts=True
        )
        suffixes, begins = np.empty(len(keys), np.int64), np.zeros(len(keys), np.bool_)
        suffixes[places] = nodes[fits + 1]
        begins[places[first[fits]]] = True
        levels.append(NgramLevel(keys, counts, suffixes, begins))
        nodes = np.full(len(ids), NONE)
        nodes[fits] = places
    return levels
