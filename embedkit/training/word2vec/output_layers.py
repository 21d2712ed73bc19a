"""What predicts a word from its context: negative sampling, or hierarchical softmax."""

from __future__ import annotations

from typing import Any

from embedkit.arrays import Longs1d
from embedkit.training.word2vec.parameters import Word2VecParameters
from embedkit.training.word2vec.sampling import alias_table, noise_probability


def output_layer(parameters: Word2VecParameters, counts: Longs1d) -> tuple[Any, Any]:
    """The kernel that trains on a range of positions, and what it draws or looks up for a target word.

    That is an alias table of noise words, or the paths of a Huffman tree.
    """
    p, cbow = parameters, parameters.model == "cbow"
    if p.hierarchical_softmax:
        from embedkit.training.huffman import HuffmanTree
        from embedkit.training.kernels.hierarchical_softmax import path_trainer

        return path_trainer(p.vector_size, cbow), HuffmanTree(counts).paths
    from embedkit.training.kernels.negative_sampling import window_trainer

    table = alias_table(noise_probability(counts, p.ns_exponent))
    private = (p.round_workers or 1) > 1
    return window_trainer(p.vector_size, p.negative, cbow, private), table
