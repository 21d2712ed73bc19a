"""The loss of scores over all tokens and its gradients, some rows at a time, so that memory is bounded."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Doubles1d, FloatArray, Longs1d

ROWS = 1024  # that are scored at once


def output_loss(
    hidden: FloatArray,
    vectors: FloatArray,
    bias: FloatArray,
    targets: Longs1d,
    smoothing: float,
    of_vectors: FloatArray,
    of_bias: FloatArray,
) -> tuple[float, FloatArray]:
    """The cross-entropy of N tokens, summed, and the gradient of `hidden`.

    With label smoothing e (Szegedy et al. 2016, section 7) the target has the probability 1 - e + e / V and
    any other token e / V.

    Args:
        hidden: (N, D).
        vectors: of all tokens, (V, D).
        bias: (V,).
        targets: the tokens that are right, (N,).
        smoothing: e.
        of_vectors: the gradient of `vectors`, to which that of these tokens is added.
        of_bias: the same of `bias`.
    """
    total, of_hidden = 0.0, np.empty_like(hidden)
    for start in range(0, len(hidden), ROWS):
        rows = hidden[start : start + ROWS]
        at = np.arange(len(rows)), targets[start : start + ROWS]
        scores = rows @ vectors.T
        scores += bias
        scores -= scores.max(axis=1, keepdims=True)
        wanted = scores[at]
        if smoothing:
            wanted = (1 - smoothing) * wanted + smoothing * scores.mean(axis=1)
        chances = np.exp(scores, out=scores)
        sums = chances.sum(axis=1, keepdims=True)
        total += float(np.log(sums).sum(dtype=np.float64) - wanted.sum(dtype=np.float64))
        chances /= sums
        if smoothing:
            chances -= chances.dtype.type(smoothing / len(vectors))
        chances[at] -= chances.dtype.type(1 - smoothing)
        of_hidden[start : start + ROWS] = chances @ vectors
        of_vectors += chances.T @ rows
        of_bias += chances.sum(axis=0)
    return total, of_hidden


def log_probabilities(
    hidden: FloatArray, vectors: FloatArray, bias: FloatArray, targets: Longs1d
) -> Doubles1d:
    """The natural logarithm of the probability of each of N tokens, float64 (N,)."""
    found = np.empty(len(hidden))
    for start in range(0, len(hidden), ROWS):
        rows = hidden[start : start + ROWS]
        scores = rows @ vectors.T
        scores += bias
        scores -= scores.max(axis=1, keepdims=True)
        wanted = scores[np.arange(len(rows)), targets[start : start + ROWS]]
        found[start : start + ROWS] = wanted - np.log(np.exp(scores, out=scores).sum(axis=1))
    return found
