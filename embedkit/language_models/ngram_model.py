"""`NgramProbabilities`: what an n-gram model knows, and the probabilities it gives tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles1d, Doubles2d, Floats1d, Longs1d, Longs2d
from embedkit.errors import FormatError
from embedkit.language_models.ngram_trie import NONE, NgramTrie, tokens_left
from embedkit.language_models.token_text import TokenText

MAX_ORDER = 30


class NgramProbabilities:
    """Interpolated probabilities of n-grams.

    Args:
        trie: which n-grams there are.
        own: what each n-gram of 1, 2, 3 ... tokens has of its own, float32.
        gammas: the weight of what the next shorter context says, for contexts of 0, 1, 2 ... tokens.
    """

    kind: ClassVar[str] = "ngram"

    def __init__(self, trie: NgramTrie, own: Sequence[Floats1d], gammas: Sequence[Floats1d]) -> None:
        self.trie, self.own, self.gammas = trie, list(own), list(gammas)
        self.size, self.order = trie.size, trie.order
        unigrams = own[0] + gammas[0] / np.float32(self.size)
        self._unigrams: Doubles1d = unigrams.astype(np.float64)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.order}-grams, {sum(map(len, self.own)):,} of all orders>"

    def log_probabilities(self, text: TokenText) -> Doubles1d:
        """The natural logarithm of the probability of each token behind those before it, float64 (N,)."""
        ids, offsets = text.with_begins()
        targets = np.ones(len(ids), np.bool_)
        targets[offsets[:-1]] = False
        probabilities = self._unigrams[ids]
        left = tokens_left(offsets)
        place = np.arange(len(ids)) - np.repeat(offsets[:-1], np.diff(offsets))  # within its part
        contexts: Longs1d = np.zeros(0, np.int64)
        for order, nodes in enumerate(self.trie.nodes(ids, left), 1):
            if order > 1:
                at = np.flatnonzero(place >= order - 1)
                context, node = contexts[at - order + 1], nodes[at - order + 1]
                gamma = np.where(context == NONE, 1, self.gammas[order - 1][context])
                own = np.where(node == NONE, 0, _taken(self.own[order - 1], node))
                probabilities[at] = gamma * probabilities[at] + own
            contexts = nodes
        return np.log(probabilities[targets])

    def following(self, contexts: Longs2d) -> Doubles2d:
        """The probability of each token behind contexts, float64 (n, V).

        Args:
            contexts: the last tokens of each, int64 (n, length), -1 for none at the beginning.
        """
        return np.stack([self._following(row[row >= 0]) for row in contexts])

    def _following(self, context: Longs1d) -> Doubles1d:
        probabilities = self._unigrams.copy()
        for length in range(1, min(len(context), self.order - 1) + 1):
            node = self._node(context[len(context) - length :])
            if node == NONE:
                break
            keys = self.trie.keys[length - 1]
            low, high = np.searchsorted(keys, [node * self.size, (node + 1) * self.size])
            probabilities *= self.gammas[length][node]
            probabilities[keys[low:high] - node * self.size] += self.own[length][low:high]
        return probabilities

    def _node(self, tokens: Longs1d) -> int:
        node = tokens[:1].astype(np.int64)
        for order in range(2, len(tokens) + 1):
            node = self.trie.children(node, tokens[order - 1 : order], order)
        return int(node[0])

    def begin(self, count: int) -> list[NDArray[Any]]:
        """The states of `count` texts before their first token: the tokens that a context may have."""
        return [np.full((count, max(1, self.order - 1)), -1, np.int64)]

    def step(
        self, states: Sequence[NDArray[Any]], tokens: Longs1d
    ) -> tuple[Doubles2d, Sequence[NDArray[Any]]]:
        """The log probabilities (n, V) of what follows these tokens, the last of n texts, and the states."""
        contexts = np.concatenate([states[0][:, 1:], tokens[:, None]], axis=1)
        return np.log(self.following(contexts)), [contexts]

    def tensors(self) -> dict[str, NDArray[Any]]:
        """What a file keeps."""
        return {
            **{f"keys{order}": keys for order, keys in enumerate(self.trie.keys, 2)},
            **{f"own{order}": own for order, own in enumerate(self.own, 1)},
            **{f"gamma{length}": gamma for length, gamma in enumerate(self.gammas)},
        }

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, NDArray[Any]], order: int, size: int) -> Self:
        """The model of what a file keeps; `FormatError` for what cannot be."""
        keys = [_checked(tensors, f"keys{length}", np.int64) for length in range(2, order + 1)]
        lengths = [1, size, *map(len, keys)]
        own = [_checked(tensors, f"own{at}", np.float32, lengths[at]) for at in range(1, order + 1)]
        gammas = [_checked(tensors, f"gamma{at}", np.float32, lengths[at]) for at in range(order)]
        for before, some in zip(lengths[1:], keys, strict=False):
            if len(some) and (some[0] < 0 or some[-1] >= before * size or (np.diff(some) <= 0).any()):
                raise FormatError("its n-grams are not in order")
        for some in (*own, *gammas):
            if len(some) and not 0 <= some.min() <= some.max() <= 1 + 1e-5:
                raise FormatError("its probabilities are none")
        return cls(NgramTrie(size, keys), own, gammas)


def _taken(values: Floats1d, nodes: Longs1d) -> Floats1d:
    """Values by nodes, of which those of `NONE` are anything; there may be no values."""
    return values[nodes] if len(values) else np.zeros(len(nodes), np.float32)


def _checked(
    tensors: Mapping[str, NDArray[Any]], name: str, dtype: Any, length: int | None = None
) -> NDArray[Any]:
    tensor = tensors.get(name)
    if tensor is None or tensor.dtype != dtype or tensor.ndim != 1 or length not in (None, len(tensor)):
        raise FormatError(f"expected {name!r} as {np.dtype(dtype)} of {length or 'any'} numbers")
    return tensor
