"""The matrices of word2vec before training: random input vectors, or those of a start; no outputs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d
from embedkit.container.half_floats import from_bfloat16, to_bfloat16
from embedkit.training.word2vec.parameters import Word2VecParameters
from embedkit.training.word2vec.start import Start

ROWS = 1 << 14  # drawn at once: what is drawn before it is written takes little memory


def fill_evenly(matrix: NDArray[Any], vector_size: int, random: np.random.Generator) -> None:
    """Write vectors drawn evenly from [-0.5, 0.5) / D to the rows of a matrix, which may be longer than D."""
    for begin in range(0, len(matrix), ROWS):
        rows = matrix[begin : begin + ROWS, :vector_size]
        drawn = random.random(rows.shape, dtype=np.float32)
        drawn -= 0.5
        drawn /= vector_size
        _write(drawn, rows)


def initialize(
    inputs: NDArray[Any], outputs: NDArray[Any], parameters: Word2VecParameters, start: Start | None
) -> None:
    """Write what words begin with to matrices of zeros, whose rows may be longer than vectors.

    Input vectors are evenly random in [-0.5, 0.5) / D, as in the word2vec program. A start gives the words it
    knows others, and outputs too, unless these are the nodes of a tree, which is another for other counts.
    """
    p = parameters
    fill_evenly(inputs, p.vector_size, np.random.default_rng(p.seed))
    if start:
        matrices = [each[:, : p.vector_size] for each in (inputs, outputs)]
        begins = [each if each.dtype == np.float32 else from_bfloat16(each) for each in matrices]
        start.begin(begins[0], None if p.hierarchical_softmax else begins[1])
        for floats, rows in zip(begins, matrices, strict=True):
            if floats is not rows:
                _write(floats, rows)


def _write(floats: Floats2d, rows: NDArray[Any]) -> None:
    """Write numbers to rows of float32 or of the bits of bfloat16."""
    rows[:] = floats if rows.dtype == np.float32 else to_bfloat16(floats)
