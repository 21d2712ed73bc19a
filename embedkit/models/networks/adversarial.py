"""Directions of adversarial and virtual adversarial training (Miyato, Dai and Goodfellow 2017).

The vectors of a text's tokens, all together, are moved by a small step in the direction that raises the loss
most (their equations 3 and 4); or in the one in which the predicted probabilities change most, by their
Kullback-Leibler divergence from those of the text as it is (equations 5 to 7), which asks for no label.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from embedkit.models.networks.backend import load_backend

PROBE = 0.1  # the part of a step by which texts are moved to see where probabilities change most
TINY = 1e-12


def unit(directions: Any) -> Any:
    """Directions (n, T, D), each text's of length 1; one of zeros stays as it is."""
    tf, _ = load_backend()
    largest = tf.reduce_max(tf.abs(directions), axis=[1, 2], keepdims=True)
    scaled = directions / tf.maximum(largest, TINY)  # squares of small gradients would vanish
    return tf.math.l2_normalize(scaled, axis=[1, 2], epsilon=TINY)


def most_changing(loss: Callable[[Any], Any], start: Any, length: Any) -> Any:
    """The shifts (n, T, D) of that length for which a loss that is lowest at 0 rises most.

    The gradient is taken near 0, in the random direction `start` (n, T, D): a step of the power method for
    the first eigenvector of the loss' second derivatives (equation 6).
    """
    tf, _ = load_backend()
    tried = PROBE * length * unit(start)
    with tf.GradientTape() as tape:
        tape.watch(tried)
        found = loss(tried)
    return length * unit(tape.gradient(found, tried))
