"""fastText with negative sampling in readable numpy: the oracle of the compiled kernels.

A word is a list of rows of the input matrix: its own and those of its n-grams, of which one may stand there
twice. Its vector is their mean (Bojanowski et al. 2017, section 3.2, where it is their sum). The mathematics
are those of `embedkit.training.reference.negative_sampling`, one window at a time and in float64.

The chain rule would give each row of a mean of n rows one part in n of the gradient by the mean; as in the
fastText program, each takes the whole.
"""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d

Rows = list[int]


def weighted_loss(vector: Doubles1d, samples: Doubles2d, sides: Doubles1d) -> float:
    """The loss of telling targets (of positive side) from noise (negative) among `samples` (K, D).

    The sum of -|side| log sigmoid(side's sign x . y): a noise word of side -5 counts as five.
    """
    return float(np.abs(sides) @ np.logaddexp(0, -np.sign(sides) * (samples @ vector)))


def score_errors(vector: Doubles1d, samples: Doubles2d, sides: Doubles1d) -> Doubles1d:
    """The derivatives of `weighted_loss` by the scores x . y, (K,): that by x is `errors @ samples`."""
    errors: Doubles1d = -sides / (1 + np.exp(np.sign(sides) * (samples @ vector)))
    return errors


def noise_sides(targets: list[int], noise: list[int], negative: int) -> list[float]:
    """The sides of noise words that several targets share: each stands for `negative / len(noise)` a target.

    It does not count for targets that it is itself, as it would not be drawn for them.

    Example:
        >>> noise_sides([7, 8, 7], [7, 9], negative=4)
        [-2.0, -6.0]
    """
    return [-negative / len(noise) * sum(target != word for target in targets) for word in noise]


def train_step(
    inputs: Doubles2d, outputs: Doubles2d, rows: Rows, samples: list[int], sides: list[float], rate: float
) -> float:
    """Predict `samples` from the mean of `rows`, in place; returns the loss.

    Step sizes are those of the beginning. A sample that stands in the list twice is moved twice, and so is
    a row; the mean learns from the second as the first left it.
    """
    vector, sampled = inputs[rows].mean(axis=0), outputs[samples]
    weights = np.array(sides)
    loss = weighted_loss(vector, sampled, weights)
    steps = -rate * score_errors(vector, sampled, weights)
    change = np.zeros_like(vector)
    for sample, step in zip(samples, steps, strict=True):
        change += step * outputs[sample]
        outputs[sample] += step * vector
    np.add.at(inputs, rows, change)
    return loss


def train_skipgram_window(
    inputs: Doubles2d,
    outputs: Doubles2d,
    rows: Rows,
    targets: list[int],
    noise: list[int],
    negative: int,
    rate: float,
) -> tuple[int, float]:
    """Predict the words around a word from its rows; returns the number of predictions and their loss."""
    sides = [1.0] * len(targets) + noise_sides(targets, noise, negative)
    return len(targets), train_step(inputs, outputs, rows, targets + noise, sides, rate)


def train_cbow_window(
    inputs: Doubles2d, outputs: Doubles2d, contexts: list[Rows], target: int, noise: list[int], rate: float
) -> tuple[int, float]:
    """Predict a word from all rows of the words around it."""
    rows = [row for context in contexts for row in context]
    sides = [1.0] + [-1.0] * len(noise)
    return 1, train_step(inputs, outputs, rows, [target, *noise], sides, rate)
