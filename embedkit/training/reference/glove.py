"""GloVe in readable numpy: the oracle of the compiled kernels, one nonzero at a time and in float64.

The cost of a nonzero x of word vector w and context vector w~ with their biases is that of Pennington, Socher
and Manning 2014, eq. 8, with the weight of eq. 9 and half the square, as Stanford's program prints it:

    cost = f(x) / 2 * (w . w~ + b + b~ - log x) ** 2,    f(x) = min(1, x / x_max) ** alpha

Steps are AdaGrad's (Duchi et al. 2011), of Stanford's form: sums of squares begin at 1 and add up the squares
of *scaled* gradients, the learning rate times the clipped gradient; biases have a learning rate of 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d

GRADIENT_LIMIT = 100.0


class AdaGradState(NamedTuple):
    """The vectors (V, D) and biases (V,) of words or of contexts, and AdaGrad's sums of squares of both."""

    vectors: Doubles2d
    biases: Doubles1d
    vector_squares: Doubles2d
    bias_squares: Doubles1d

    @classmethod
    def of(cls, vectors: Doubles2d, biases: Doubles2d) -> AdaGradState:
        """A side before its first step."""
        return cls(vectors, biases, np.ones_like(vectors), np.ones_like(biases))


class Nonzero(NamedTuple):
    """A word, a context and how often they co-occur."""

    word: int
    context: int
    value: float


def weight(count: float, x_max: float, alpha: float) -> float:
    """The weight f of a count (eq. 9)."""
    return float(min(1.0, count / x_max) ** alpha)


def difference(words: AdaGradState, contexts: AdaGradState, nonzero: Nonzero) -> float:
    """What the model says of a nonzero, less its logarithm."""
    i, j, value = nonzero
    product = words.vectors[i] @ contexts.vectors[j]
    return float(product + words.biases[i] + contexts.biases[j] - np.log(value))


def cost(words: AdaGradState, contexts: AdaGradState, nonzero: Nonzero, x_max: float, alpha: float) -> float:
    """The cost of a nonzero."""
    return 0.5 * weight(nonzero.value, x_max, alpha) * difference(words, contexts, nonzero) ** 2


def gradients(
    words: AdaGradState, contexts: AdaGradState, nonzero: Nonzero, x_max: float, alpha: float
) -> tuple[Doubles1d, Doubles1d, float]:
    """The gradients of `cost` by the vectors of the word and the context, and by either bias."""
    error = weight(nonzero.value, x_max, alpha) * difference(words, contexts, nonzero)
    return error * contexts.vectors[nonzero.context], error * words.vectors[nonzero.word], error


def train_nonzero(
    words: AdaGradState, contexts: AdaGradState, nonzero: Nonzero, x_max: float, alpha: float, rate: float
) -> float:
    """One step on a nonzero, in place; returns its cost before the step."""
    before = cost(words, contexts, nonzero, x_max, alpha)
    by_word, by_context, by_bias = gradients(words, contexts, nonzero, x_max, alpha)
    for side, row, gradient in ((words, nonzero.word, by_word), (contexts, nonzero.context, by_context)):
        _move(side.vectors, side.vector_squares, row, rate * _clipped(gradient))
        _move(side.biases, side.bias_squares, row, _clipped(by_bias))
    return before


def train_pass(
    words: AdaGradState,
    contexts: AdaGradState,
    nonzeros: Iterable[Nonzero],
    x_max: float,
    alpha: float,
    rate: float,
) -> list[float]:
    """A step on each nonzero in order, in place; returns their costs."""
    return [train_nonzero(words, contexts, nonzero, x_max, alpha, rate) for nonzero in nonzeros]


def _move(values: Doubles1d, squares: Doubles1d, row: int, scaled: Doubles1d | float) -> None:
    """AdaGrad's step on a row by its scaled gradient: by the squares before it, which it then joins."""
    values[row] -= scaled / np.sqrt(squares[row])
    squares[row] += np.square(scaled)


def _clipped(gradient: Doubles1d | float) -> Doubles1d:
    return np.clip(gradient, -GRADIENT_LIMIT, GRADIENT_LIMIT)
