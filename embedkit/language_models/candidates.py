"""The tokens among which a network predicts in training: all, or those of the batch and some drawn ones.

The sum over all tokens that the softmax divides by is estimated as in Bengio and Senecal (2003) and Jean et
al. (2015): tokens of the batch count once, others that were drawn are divided by the probability of being
drawn, so that the expected sum is the true one. Frequent tokens are nearly always drawn.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles1d, Floats1d, Floats2d, Longs1d

FLATTENED = 0.5  # tokens are drawn by their counts to this power
CHUNK = 1 << 22  # scores that are computed at once


class SoftmaxCandidates(NamedTuple):
    """Tokens to predict among.

    Args:
        tokens: sorted, int64 (C,).
        log_weights: added to their scores, float32 (C,): minus the logarithm of the probability to be drawn.
    """

    tokens: Longs1d
    log_weights: Floats1d


class CandidateSampler:
    """Draws candidates.

    Args:
        counts: how often each token occurs, (V,).
        samples: how many are drawn, repetitions included; 0 for all tokens.
    """

    def __init__(self, counts: NDArray[np.integer], samples: int) -> None:
        size = len(counts)
        self._everything = SoftmaxCandidates(np.arange(size), np.zeros(size, np.float32))
        self._samples = samples if samples < size else 0
        if self._samples:
            odds = np.maximum(counts, 1.0) ** FLATTENED
            self._odds: Doubles1d = odds / odds.sum()
            self._sums = np.cumsum(self._odds)
            drawn = -np.expm1(self._samples * np.log1p(-self._odds))
            self._log_weights = -np.log(drawn).astype(np.float32)

    def draw(self, targets: NDArray[np.integer], generator: np.random.Generator) -> SoftmaxCandidates:
        """The targets of a batch and tokens drawn for it."""
        if not self._samples:
            return self._everything
        drawn = np.searchsorted(self._sums, generator.random(self._samples) * self._sums[-1])
        own = np.unique(targets)
        tokens = np.union1d(own, drawn)
        weights = self._log_weights[tokens]
        weights[np.searchsorted(tokens, own)] = 0
        return SoftmaxCandidates(tokens, weights)


class SoftmaxGradients(NamedTuple):
    """The loss of N predictions, summed, and the gradients of its mean.

    Args:
        loss: the negative log-likelihood.
        hidden: (N, D).
        table: of the vectors of the candidates, (C, D).
        bias: of the candidates, (C,).
    """

    loss: float
    hidden: Floats2d
    table: Floats2d
    bias: Floats1d


def softmax_gradients(
    hidden: Floats2d,
    targets: NDArray[np.integer],
    table: Floats2d,
    bias: Floats1d,
    candidates: SoftmaxCandidates,
) -> SoftmaxGradients:
    """Predict targets by the scores of candidates.

    Args:
        hidden: by which tokens are predicted, (N, D).
        targets: tokens, all of them candidates, (N,).
        table: the vectors of the candidates, (C, D).
        bias: of the candidates, (C,).
        candidates: C tokens.
    """
    places = np.searchsorted(candidates.tokens, targets)
    added = bias + candidates.log_weights
    of_hidden, of_table, of_bias = np.empty_like(hidden), np.zeros_like(table), np.zeros_like(bias)
    loss, rows = 0.0, max(1, CHUNK // len(added))
    for start in range(0, len(hidden), rows):
        part = slice(start, start + rows)
        scores = hidden[part] @ table.T
        scores += added
        scores -= scores.max(axis=1, keepdims=True)
        at = np.arange(len(scores)), places[part]
        own = scores[at]
        np.exp(scores, out=scores)
        sums = scores.sum(axis=1, keepdims=True)
        loss += float(np.log(sums, dtype=np.float64).sum() - own.sum(dtype=np.float64))
        scores *= np.float32(1 / len(hidden)) / sums
        scores[at] -= np.float32(1 / len(hidden))
        of_hidden[part] = scores @ table
        of_table += scores.T @ hidden[part]
        of_bias += scores.sum(axis=0)
    return SoftmaxGradients(loss, of_hidden, of_table, of_bias)
