"""Losses of networks that predict a number: from standardized numbers and scores to the loss of each text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from embedkit.models.networks.backend import load_backend

LINEAR_FROM = 1.0  # standard deviations of the error from which on the Huber loss is linear


def squared_error(targets: Any, scores: Any) -> Any:
    """The squared error."""
    tf, _ = load_backend()
    return tf.math.squared_difference(scores, targets)


def absolute_error(targets: Any, scores: Any) -> Any:
    """The absolute error."""
    tf, _ = load_backend()
    return tf.abs(scores - targets)


def huber(targets: Any, scores: Any) -> Any:
    """Half the squared error of small errors, linear in large ones (Huber 1964)."""
    tf, _ = load_backend()
    error = tf.abs(scores - targets)
    small = tf.minimum(error, LINEAR_FROM)
    return small * (error - small / 2)


NUMBER_LOSSES: Mapping[str, Callable[[Any, Any], Any]] = {
    "cross_entropy": squared_error,  # that of Gaussians of one variance, but for constants
    "squared_error": squared_error,
    "absolute_error": absolute_error,
    "huber": huber,
}  # of targets (n, 1) and scores (n, 1): losses (n, 1)
