"""Word2vec with hierarchical softmax in readable numpy: the oracle of the compiled kernels.

The probability of a word is that of the turns on its path in a Huffman tree; with x a context vector, y_n
the vector of a node on the path, and s_n = 1 where the path turns left there and -1 where it turns right, the
loss is that of Mikolov et al. 2013b, eq. 3:

    loss(x) = - sum over the nodes n of the path of log sigmoid(s_n x . y_n)
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.training.huffman import Paths
from embedkit.training.reference.negative_sampling import Window


def path_of(word: int, paths: Paths) -> tuple[NDArray[np.int32], Doubles1d]:
    """The nodes from the root to a word, and the sign of each turn."""
    turns = paths.nodes[paths.offsets[word] : paths.offsets[word + 1]]
    return np.where(turns < 0, ~turns, turns), np.where(turns < 0, -1.0, 1.0)


def path_loss(contexts: Doubles2d, nodes: Doubles2d, signs: Doubles1d) -> float:
    """The summed loss of predicting, from `contexts` (M, D), the word at the end of a path (K, D), (K,)."""
    return float(np.logaddexp(0, -signs * (contexts @ nodes.T)).sum())


def path_gradients(contexts: Doubles2d, nodes: Doubles2d, signs: Doubles1d) -> tuple[Doubles2d, Doubles2d]:
    """The gradients of `path_loss` by `contexts` and by `nodes`."""
    errors = -signs / (1 + np.exp(signs * (contexts @ nodes.T)))
    return errors @ nodes, errors.T @ contexts


def train_window(
    inputs: Doubles2d, nodes: Doubles2d, window: Window, paths: Paths, rate: float, cbow: bool
) -> tuple[int, float]:
    """One step of gradient descent, in place; returns the number of predictions and their loss.

    A context word that occurs twice moves twice. CBOW moves every context word by the whole gradient by the
    mean, as `embedkit.training.reference.negative_sampling` does.
    """
    path, signs = path_of(window.target, paths)
    x = inputs[window.contexts]
    if cbow:
        x = x.mean(axis=0, keepdims=True)
    loss = path_loss(x, nodes[path], signs)
    by_contexts, by_nodes = path_gradients(x, nodes[path], signs)
    np.subtract.at(inputs, window.contexts, rate * by_contexts)
    nodes[path] -= rate * by_nodes
    return len(x), loss


def train_shard(
    inputs: Doubles2d, nodes: Doubles2d, windows: Iterator[Window], paths: Paths, rate: float, cbow: bool
) -> tuple[int, float]:
    """Train on `windows` in order, in place; returns the number of predictions and their summed loss."""
    predictions, loss = 0, 0.0
    for window in windows:
        if window.contexts:
            made, lost = train_window(inputs, nodes, window, paths, rate, cbow)
            predictions, loss = predictions + made, loss + lost
    return predictions, loss
