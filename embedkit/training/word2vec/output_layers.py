"""What predicts a word from its context: negative sampling, or hierarchical softmax."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from embedkit.arrays import Doubles1d, Longs1d
from embedkit.training.huffman import HuffmanTree, Paths
from embedkit.training.word2vec.expected_updates import node_updates, sample_updates
from embedkit.training.word2vec.parameters import Word2VecParameters


class OutputLayer(NamedTuple):
    """How a target word is predicted.

    Attributes:
        kernel: what trains on a range of positions.
        paths: of a Huffman tree; None if noise words are drawn.
        rows: the most output rows that a target changes.
        updates: how often output rows are expected to change, by how often words are targets.
    """

    kernel: Any
    paths: Paths | None
    rows: int
    updates: Callable[[Doubles1d], Doubles1d]


def output_layer(parameters: Word2VecParameters, counts: Longs1d) -> OutputLayer:
    """The one that the parameters ask for, of words that occur so often."""
    p, cbow = parameters, parameters.model == "cbow"
    if p.hierarchical_softmax:
        from embedkit.training.kernels.hierarchical_softmax import path_trainer

        paths = HuffmanTree(counts).paths
        kernel = path_trainer(p.vector_size, cbow)
        return OutputLayer(kernel, paths, paths.longest, lambda targets: node_updates(targets, paths))
    from embedkit.training.kernels.negative_sampling import window_trainer

    kernel = window_trainer(p.vector_size, p.negative, cbow)
    return OutputLayer(
        kernel, None, p.negative + 1,
        lambda targets: sample_updates(targets, counts, p.negative, p.ns_exponent),
    )  # fmt: skip
