"""Word2vec with the full softmax over the vocabulary in readable numpy: what the fast ones stand for.

The probability of a word w in a context x is that of Mikolov et al. 2013b, eq. 2, with y_w its output vector:

    p(w | x) = exp(x . y_w) / sum over all words v of exp(x . y_v)

A prediction costs as much as the vocabulary is large; negative sampling and hierarchical softmax are there to
avoid that. This one serves to check them, and to be read; the vocabulary should be small.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from embedkit.arrays import Doubles2d
from embedkit.training.reference.negative_sampling import Window


def word_probabilities(contexts: Doubles2d, outputs: Doubles2d) -> Doubles2d:
    """The probability of each word (V, D) in each context (M, D); (M, V)."""
    scores = contexts @ outputs.T
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities: Doubles2d = odds / odds.sum(axis=1, keepdims=True)
    return probabilities


def softmax_loss(contexts: Doubles2d, outputs: Doubles2d, target: int) -> float:
    """The summed loss of predicting the word `target` from `contexts`: -log p."""
    scores = contexts @ outputs.T
    return float((np.logaddexp.reduce(scores, axis=1) - scores[:, target]).sum())


def softmax_gradients(contexts: Doubles2d, outputs: Doubles2d, target: int) -> tuple[Doubles2d, Doubles2d]:
    """The gradients of `softmax_loss` by `contexts` and by `outputs`."""
    errors = word_probabilities(contexts, outputs)
    errors[:, target] -= 1
    return errors @ outputs, errors.T @ contexts


def train_windows(
    inputs: Doubles2d, outputs: Doubles2d, windows: Iterable[Window], rate: float, cbow: bool
) -> tuple[int, float]:
    """A step of gradient descent a window, in place; returns the number of predictions and their loss.

    CBOW moves every context word by the whole gradient by the mean, as the word2vec program does.
    """
    predictions, loss = 0, 0.0
    for target, contexts, _ in windows:
        if contexts:
            x = inputs[contexts].mean(axis=0, keepdims=True) if cbow else inputs[contexts]
            predictions, loss = predictions + len(x), loss + softmax_loss(x, outputs, target)
            by_contexts, by_outputs = softmax_gradients(x, outputs, target)
            np.subtract.at(inputs, contexts, rate * by_contexts)
            outputs -= rate * by_outputs
    return predictions, loss
