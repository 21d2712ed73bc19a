"""fastText with negative sampling in readable numpy: the oracle of the compiled kernels.

A word is a list of rows of the input matrix: its own and those of its n-grams, of which one may stand there
twice. Its vector is their mean (Bojanowski et al. 2017, section 3.2, where it is their sum). The loss is that
of `embedkit.training.reference.negative_sampling`, one window at a time and in float64.

The chain rule would give each row of a mean of n rows one part in n of the gradient by the mean; as in the
fastText program, each takes the whole.
"""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Doubles2d
from embedkit.training.reference.negative_sampling import negative_sampling_gradients, negative_sampling_loss

Rows = list[int]


def train_window(
    inputs: Doubles2d, outputs: Doubles2d, contexts: list[Rows], samples: list[int], rate: float, cbow: bool
) -> tuple[int, float]:
    """One step of gradient descent, in place; returns the number of predictions and their loss.

    The target word `samples[0]` is predicted, against noise words, from the mean of the rows of each context
    word (skip-gram), or from that of the rows of all of them (CBOW). All rows move by the gradients at the
    beginning of the window; of a noise word that was drawn twice the last one counts.
    """
    predictors = [[row for context in contexts for row in context]] if cbow else contexts
    x = np.stack([inputs[rows].mean(axis=0) for rows in predictors])
    before = outputs[samples]
    loss = negative_sampling_loss(x, before)
    by_predictors, by_samples = negative_sampling_gradients(x, before)
    for rows, gradient in zip(predictors, by_predictors, strict=True):
        np.add.at(inputs, rows, -rate * gradient)
    outputs[samples] = before - rate * by_samples
    return len(x), loss


def train_positioned_window(
    inputs: Doubles2d,
    outputs: Doubles2d,
    positions: Doubles2d,
    contexts: list[Rows],
    places: list[int],
    samples: list[int],
    rate: float,
) -> tuple[int, float]:
    """CBOW with position-dependent weights (Mikolov et al. 2018, section 2.2), `positions` (P, D).

    The mean is that of all rows, each times the weights of the place where its word stands. Rows take the
    gradient by the mean times these weights, the weights that times the vector of the word.
    """
    sizes = np.array([[len(rows)] for rows in contexts])
    words = np.stack([inputs[rows].mean(axis=0) for rows in contexts])
    weights = positions[places]
    x = (sizes * weights * words).sum(axis=0, keepdims=True) / sizes.sum()
    before = outputs[samples]
    loss = negative_sampling_loss(x, before)
    by_mean, by_samples = negative_sampling_gradients(x, before)
    for rows, weight in zip(contexts, weights, strict=True):
        np.add.at(inputs, rows, -rate * weight * by_mean[0])
    positions[places] = weights - rate * by_mean * words
    outputs[samples] = before - rate * by_samples
    return 1, loss
