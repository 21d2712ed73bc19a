"""Losses and accuracies of a network in training on texts that it does not learn from.

The scores are those of `embedkit.models.inference.forward`, which on a processor takes a fraction of the time
of TensorFlow's.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bools1d, Floats1d
from embedkit.models.inference.forward import score_texts
from embedkit.models.networks.examples import Examples
from embedkit.models.networks.keras_network import Network
from embedkit.models.networks.losses import Loss, loss_of_unknown, losses_of
from embedkit.models.targets import Task


def loss_and_accuracy(network: Network, examples: Examples, task: Task, loss: Loss) -> tuple[float, float]:
    """The mean loss and the accuracy on examples, or R² of numbers.

    A label that is no class has probability 0.
    """
    texts = examples.sequences.only(examples.rows)
    with warnings.catch_warnings(action="ignore", category=RuntimeWarning):  # the trainer tells of overflows
        scores = score_texts(network.body.stack, network.weights(), texts).astype(np.float32)
    targets, weights = examples.targets[examples.rows], examples.weights[examples.rows]
    losses = losses_of(task, loss)(targets, scores).numpy()
    unknown = examples.unknown * weights.shape[1]
    with np.errstate(over="ignore"):
        total = (losses * weights).sum() + (unknown * loss_of_unknown(loss) if unknown else 0.0)
    count = len(targets) + examples.unknown
    accuracy = float(right(scores, targets, task).sum() / count)
    if task == "regression":
        accuracy = 1 - (1 - accuracy) / (float(targets.var()) or 1.0)
    return float(total / (weights.sum() + unknown)), accuracy


def right(scores: NDArray[Any], targets: NDArray[Any], task: Task) -> NDArray[Any]:
    """Which texts (n,) have the highest score, or all labels without exception, right.

    Of standardized numbers 1 less the squared error; its mean is R² where their variance is 1.
    """
    if task == "regression":
        explained: Floats1d = 1 - (scores - targets)[:, 0] ** 2
        return explained
    if task == "multiclass":
        correct: Bools1d = scores.argmax(axis=1) == targets.argmax(axis=1)
        return correct
    decided: Bools1d = ((scores > 0) == (targets > 0.5)).all(axis=1)
    return decided
