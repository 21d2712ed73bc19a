"""The matrices of word2vec before training: random input vectors, or those of a start; no outputs."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.training.word2vec.parameters import Word2VecParameters
from embedkit.training.word2vec.start import Start


def fill_evenly(matrix: Floats2d, vector_size: int, random: np.random.Generator) -> None:
    """Write vectors drawn evenly from [-0.5, 0.5) / D to the rows of a matrix, which may be longer than D."""
    drawn = random.random((len(matrix), vector_size), dtype=np.float32)
    matrix[:, :vector_size] = (drawn - 0.5) / vector_size


def initialize(
    inputs: Floats2d, outputs: Floats2d, parameters: Word2VecParameters, start: Start | None
) -> None:
    """Write what words begin with to matrices of zeros, whose rows may be longer than vectors.

    Input vectors are evenly random in [-0.5, 0.5) / D, as in the word2vec program. A start gives the words it
    knows others, and outputs too, unless these are the nodes of a tree, which is another for other counts.
    """
    p = parameters
    fill_evenly(inputs, p.vector_size, np.random.default_rng(p.seed))
    if start:
        start.begin(
            inputs[:, : p.vector_size], None if p.hierarchical_softmax else outputs[:, : p.vector_size]
        )
