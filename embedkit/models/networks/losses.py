"""Losses of networks: one function each, from targets and scores to the loss of each text."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from embedkit.models.assessment.calibration import MIN_PROBABILITY
from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.number_losses import NUMBER_LOSSES
from embedkit.models.targets import Task

Loss = Literal["cross_entropy", "focal", "squared_error", "hinge"]
LossFunction = Callable[[Any, Any], Any]

FOCUS = 2.0  # gamma of the focal loss


def losses_of(task: Task, loss: Loss = "cross_entropy", label_smoothing: float = 0.0) -> LossFunction:
    """A function of targets (n, columns) and scores: losses (n, columns), or of several classes (n, 1).

    All losses take targets that are probabilities.

    Args:
        task: several classes exclude one another; of two, and of several labels, each score is for itself;
            a regression has the losses of `NUMBER_LOSSES`.
        loss: "cross_entropy"; "focal" (Lin et al. 2017, equation 4, without weights of classes);
            "squared_error", that of probabilities, a mean over classes; or "hinge" (of several classes that
            of Crammer and Singer 2001).
        label_smoothing: this part of each target is spread evenly over all classes (Szegedy et al. 2016,
            section 7).
    """
    if task == "regression":
        return NUMBER_LOSSES[loss]
    function = FUNCTIONS[loss][task == "multiclass"]
    if not label_smoothing:
        return function

    def smoothed(targets: Any, scores: Any) -> Any:
        classes = targets.shape[1] if task == "multiclass" else 2
        return function(targets * (1 - label_smoothing) + label_smoothing / classes, scores)

    return smoothed


def probabilities(task: Task, scores: Any) -> Any:
    """The probabilities (n, columns) that scores stand for; of numbers the scores themselves."""
    tf, _ = load_backend()
    if task == "regression":
        return scores
    return tf.nn.softmax(scores) if task == "multiclass" else tf.sigmoid(scores)


def loss_of_unknown(loss: Loss) -> float:
    """The loss of a label that is none of the classes: as if its probability were `MIN_PROBABILITY`."""
    lowest = math.log(MIN_PROBABILITY) - math.log1p(-MIN_PROBABILITY)
    return float(losses_of("binary", loss)(np.ones((1, 1)), np.full((1, 1), lowest))[0, 0])


def sigmoid_cross_entropy(targets: Any, scores: Any) -> Any:
    """The binary cross-entropy of log-odds."""
    tf, _ = load_backend()
    return tf.nn.sigmoid_cross_entropy_with_logits(targets, scores)


def softmax_cross_entropy(targets: Any, scores: Any) -> Any:
    """The cross-entropy of logits."""
    tf, _ = load_backend()
    return tf.nn.softmax_cross_entropy_with_logits(targets, scores)[:, None]


def sigmoid_focal(targets: Any, scores: Any) -> Any:
    """The cross-entropy of each outcome times the square of what its probability lacks of 1."""
    tf, _ = load_backend()
    likely = tf.sigmoid(scores)
    yes = targets * (1 - likely) ** FOCUS * tf.nn.softplus(-scores)
    return yes + (1 - targets) * likely**FOCUS * tf.nn.softplus(scores)


def softmax_focal(targets: Any, scores: Any) -> Any:
    """The same of exclusive classes."""
    tf, _ = load_backend()
    logs = tf.nn.log_softmax(scores)
    return -tf.reduce_sum(targets * (1 - tf.exp(logs)) ** FOCUS * logs, axis=1, keepdims=True)


def sigmoid_squared_error(targets: Any, scores: Any) -> Any:
    """The squared error of each probability (Brier 1950)."""
    tf, _ = load_backend()
    return (tf.sigmoid(scores) - targets) ** 2


def softmax_squared_error(targets: Any, scores: Any) -> Any:
    """The mean of the squared errors of the probabilities of classes."""
    tf, _ = load_backend()
    return tf.reduce_mean((tf.nn.softmax(scores) - targets) ** 2, axis=1, keepdims=True)


def sigmoid_hinge(targets: Any, scores: Any) -> Any:
    """How much the score lacks of 1 on the side of the target; its expectation of a target in between."""
    tf, _ = load_backend()
    return targets * tf.nn.relu(1 - scores) + (1 - targets) * tf.nn.relu(1 + scores)


def softmax_hinge(targets: Any, scores: Any) -> Any:
    """How much the score of the class lacks of being ahead of all others by 1, in expectation."""
    tf, _ = load_backend()
    first, second = tf.unstack(tf.math.top_k(scores, 2).values, axis=1)
    others = tf.where(scores == first[:, None], second[:, None], first[:, None])  # the best of the others
    return tf.reduce_sum(targets * tf.nn.relu(1 + others - scores), axis=1, keepdims=True)


FUNCTIONS: dict[Loss, tuple[LossFunction, LossFunction]] = {  # of scores by themselves, of exclusive classes
    "cross_entropy": (sigmoid_cross_entropy, softmax_cross_entropy),
    "focal": (sigmoid_focal, softmax_focal),
    "squared_error": (sigmoid_squared_error, softmax_squared_error),
    "hinge": (sigmoid_hinge, softmax_hinge),
}
