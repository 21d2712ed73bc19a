"""Attention: how well each state of a source fits a query, and the mean of the states by these weights.

For queries q (the states of a decoder) and keys k (those of an encoder) the scores are

    dot       q^T k                          (Luong et al. 2015, equation 8)
    general   q^T W k                        (the same)
    additive  v^T tanh(W_q q + W_k k)        (Bahdanau et al. 2015, appendix A.1.2)

and the weights are their softmax over the keys of a text. Arrays are text-major: queries (n, T, H), keys
(n, S, E), scores and weights (n, T, S). All queries of a text are answered at once, as matrix products.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from embedkit.arrays import Bools2d, FloatArray

NamedGradients = dict[str, FloatArray]  # of weights by name; what is found is added


@dataclass(frozen=True, eq=False)
class AttentionScores(ABC):
    """The scores of keys for queries, and the way back through them.

    Args:
        weights: by name, see `shapes`.

    Example:
        >>> import numpy as np
        >>> from embedkit.neural.attention import DotAttention, attend
        >>> queries, keys = np.array([[[9.0, 0]]]), np.array([[[1.0, 0], [0, 1]]])
        >>> weights, means = attend(DotAttention({}), queries, keys, keys, np.array([[True, True]]))
        >>> weights.round(3).tolist()
        [[[1.0, 0.0]]]
    """

    weights: Mapping[str, FloatArray]

    @staticmethod
    @abstractmethod
    def shapes(query_size: int, key_size: int) -> dict[str, tuple[int, ...]]:
        """The shapes of the weights."""

    @abstractmethod
    def prepare(self, keys: FloatArray) -> FloatArray:
        """What is made of the keys (n, S, E) once for all queries."""

    @abstractmethod
    def scores(self, queries: FloatArray, prepared: FloatArray) -> FloatArray:
        """The scores (n, T, S)."""

    @abstractmethod
    def scores_back(
        self, of_scores: FloatArray, queries: FloatArray, prepared: FloatArray, gradients: NamedGradients
    ) -> tuple[FloatArray, FloatArray]:
        """The gradients of the queries, and of what was prepared."""

    @abstractmethod
    def prepare_back(
        self, of_prepared: FloatArray, keys: FloatArray, gradients: NamedGradients
    ) -> FloatArray:
        """The gradient of the keys."""


class DotAttention(AttentionScores):
    """q^T k, of queries and keys of the same size; it has no weights."""

    @staticmethod
    def shapes(query_size: int, key_size: int) -> dict[str, tuple[int, ...]]:
        """None."""
        return {}

    def prepare(self, keys: FloatArray) -> FloatArray:
        """The keys as they are."""
        return keys

    def scores(self, queries: FloatArray, prepared: FloatArray) -> FloatArray:
        """q^T k."""
        return queries @ prepared.swapaxes(1, 2)

    def scores_back(
        self, of_scores: FloatArray, queries: FloatArray, prepared: FloatArray, gradients: NamedGradients
    ) -> tuple[FloatArray, FloatArray]:
        """The product rule."""
        return of_scores @ prepared, of_scores.swapaxes(1, 2) @ queries

    def prepare_back(
        self, of_prepared: FloatArray, keys: FloatArray, gradients: NamedGradients
    ) -> FloatArray:
        """As it is."""
        return of_prepared


class GeneralAttention(DotAttention):
    """q^T W k."""

    @staticmethod
    def shapes(query_size: int, key_size: int) -> dict[str, tuple[int, ...]]:
        """W."""
        return {"kernel": (key_size, query_size)}

    def prepare(self, keys: FloatArray) -> FloatArray:
        """W k, (n, S, H)."""
        prepared: FloatArray = keys @ self.weights["kernel"]
        return prepared

    def prepare_back(
        self, of_prepared: FloatArray, keys: FloatArray, gradients: NamedGradients
    ) -> FloatArray:
        """The product rule."""
        gradients["kernel"] += _rows(keys).T @ _rows(of_prepared)
        return of_prepared @ self.weights["kernel"].T


class AdditiveAttention(AttentionScores):
    """v^T tanh(W_q q + W_k k), a text at a time, as T * S sums of vectors take space."""

    @staticmethod
    def shapes(query_size: int, key_size: int) -> dict[str, tuple[int, ...]]:
        """W_q, W_k and v, of the size of queries."""
        return {
            "query_kernel": (query_size, query_size),
            "key_kernel": (key_size, query_size),
            "vector": (query_size,),
        }

    def prepare(self, keys: FloatArray) -> FloatArray:
        """W_k k, (n, S, A)."""
        prepared: FloatArray = keys @ self.weights["key_kernel"]
        return prepared

    def scores(self, queries: FloatArray, prepared: FloatArray) -> FloatArray:
        """v^T tanh(...)."""
        projected, vector = queries @ self.weights["query_kernel"], self.weights["vector"]
        return np.stack([_activations(q, k) @ vector for q, k in zip(projected, prepared, strict=True)])

    def scores_back(
        self, of_scores: FloatArray, queries: FloatArray, prepared: FloatArray, gradients: NamedGradients
    ) -> tuple[FloatArray, FloatArray]:
        """The chain rule; the activations are computed again, as keeping them costs more."""
        kernel, vector = self.weights["query_kernel"], self.weights["vector"]
        projected = queries @ kernel
        of_projected, of_prepared = np.empty_like(projected), np.empty_like(prepared)
        for text, of_own in enumerate(of_scores):
            active = _activations(projected[text], prepared[text])
            gradients["vector"] += np.tensordot(of_own, active, axes=2)
            active *= active
            np.subtract(1, active, out=active)
            active *= of_own[:, :, None]
            active *= vector
            of_projected[text], of_prepared[text] = active.sum(axis=1), active.sum(axis=0)
        gradients["query_kernel"] += _rows(queries).T @ _rows(of_projected)
        return of_projected @ kernel.T, of_prepared

    def prepare_back(
        self, of_prepared: FloatArray, keys: FloatArray, gradients: NamedGradients
    ) -> FloatArray:
        """The product rule."""
        gradients["key_kernel"] += _rows(keys).T @ _rows(of_prepared)
        return of_prepared @ self.weights["key_kernel"].T


ATTENTIONS: Mapping[str, type[AttentionScores]] = {
    "dot": DotAttention,
    "general": GeneralAttention,
    "additive": AdditiveAttention,
}


def attend(
    attention: AttentionScores, queries: FloatArray, keys: FloatArray, prepared: FloatArray, mask: Bools2d
) -> tuple[FloatArray, FloatArray]:
    """The weights of the keys (n, T, S), and the means of the keys by these, (n, T, E).

    Args:
        attention: gives the scores.
        queries: (n, T, H).
        keys: (n, S, E).
        prepared: what `attention.prepare` makes of the keys.
        mask: (n, S), true for keys that are there, at least one of each text.
    """
    scores = np.where(mask[:, None], attention.scores(queries, prepared), -np.inf)
    scores -= scores.max(axis=2, keepdims=True)
    weights = np.exp(scores, out=scores)
    weights /= weights.sum(axis=2, keepdims=True)
    return weights, weights @ keys


def attend_back(
    attention: AttentionScores,
    of_contexts: FloatArray,
    queries: FloatArray,
    keys: FloatArray,
    prepared: FloatArray,
    weights: FloatArray,
    gradients: NamedGradients,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The gradients of the queries (n, T, H), of the keys (n, S, E) and of what was prepared of them.

    `AttentionScores.prepare_back` takes the last to the keys, once all queries are through.

    Args:
        attention: gives the scores.
        of_contexts: the gradient of the means, (n, T, E).
        queries: as of `attend`, like the following.
        keys: (n, S, E).
        prepared: of the keys.
        weights: that `attend` found.
        gradients: of the weights of `attention`, to which is added.
    """
    of_weights = of_contexts @ keys.swapaxes(1, 2)
    of_scores = weights * (of_weights - (of_weights * weights).sum(axis=2, keepdims=True))
    of_queries, of_prepared = attention.scores_back(of_scores, queries, prepared, gradients)
    return of_queries, weights.swapaxes(1, 2) @ of_contexts, of_prepared


def _activations(projected: FloatArray, prepared: FloatArray) -> FloatArray:
    """Tanh of all sums of a query and a key of one text, (T, S, A)."""
    sums = projected[:, None] + prepared
    return np.tanh(sums, out=sums)


def _rows(values: FloatArray) -> FloatArray:
    """All vectors of an array (n, any, F) as the rows of a matrix."""
    return values.reshape(-1, values.shape[-1])
