"""The kernel of inference by cosines: the vector of a document for which the loss of its targets is least.

By the loss of Thongtan and Phienthrakul (2019, section 3), of all targets and chosen noise at once: with
shares p_i of its targets w_i, noise n_j, and s the scale, log(1 + exp(-s cos(d, w_i))), weighted by p_i,
plus `negative` times the mean of log(1 + exp(s cos(d, n_j))). Nothing is drawn, and targets do not move.
`embedkit.training.reference.document_vectors` says the same in numpy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from embedkit.simd.compiling import compiled

FIRST_STEP = np.float32(1.5)  # where the mean loss of scale 6 and 5 noise targets needs few
TINY = np.float32(1e-30)
_FAST_MATH = {"contract", "nsz", "arcp", "reassoc"}
_ONE, _ZERO = np.float32(1), np.float32(0)


@compiled(nogil=True, fastmath=_FAST_MATH, error_model="numpy")
def infer_documents(
    first: Any,
    last: Any,
    offsets: Any,
    ids: Any,
    weights: Any,
    vectors: Any,
    noise: Any,
    mean_noise: Any,
    scale: Any,
    negative: Any,
    passes: Any,
    out: Any,
) -> Any:
    """Write the vectors of documents `first` to before `last` to `out`, of length 1, or 0 without targets.

    Document i holds the targets `ids[offsets[i]:offsets[i + 1]]` with these `weights`. This is gradient
    descent on the sphere, which begins at the mean of the targets less that of the `noise` rows (M, D); where
    a gradient is longer than the one before, steps become half as long. `vectors` are of length 1.
    """
    dimensions = vectors.shape[1]
    gradient = np.zeros(dimensions, np.float32)
    for number in range(first, last):
        begin, end = offsets[number], offsets[number + 1]
        document = out[number]
        document[:] = 0
        total: Any = _ZERO
        for i in range(begin, end):
            total += weights[i]
        if total == 0:
            continue
        _subtract(document, mean_noise)
        for i in range(begin, end):
            for k in range(dimensions):
                document[k] += weights[i] / total * vectors[ids[i], k]
        _turn(document, gradient, _ZERO)
        share = -negative / np.float32(len(noise))
        step, before = FIRST_STEP, np.float32(np.inf)
        for _ in range(passes):
            gradient[:] = 0
            for i in range(begin, end):
                _add_pull(document, vectors, ids[i], weights[i] / total, scale, gradient)
            for i in range(len(noise)):
                _add_pull(document, noise, i, share, scale, gradient)
            length = _make_tangent(gradient, document)
            if length > before:
                step *= np.float32(0.5)
            before = length
            _turn(document, gradient, step)


@njit(fastmath=_FAST_MATH, inline="always")
def _subtract(document: Any, vector: Any) -> Any:
    """Take a vector from a document, in place. Assigning to a slice takes three seconds to compile."""
    for k in range(len(document)):
        document[k] -= vector[k]


@njit(fastmath=_FAST_MATH, inline="always")
def _add_pull(document: Any, vectors: Any, row: Any, weight: Any, scale: Any, gradient: Any) -> Any:
    """Add what a vector of length 1 pulls the document to itself, or away by a negative weight."""
    cosine = _ZERO
    for k in range(len(document)):
        cosine += document[k] * vectors[row, k]
    sign = _ONE if weight > 0 else -_ONE
    pull = weight / (_ONE + np.exp(sign * scale * cosine))
    for k in range(len(document)):
        gradient[k] += pull * vectors[row, k]


@njit(fastmath=_FAST_MATH, inline="always")
def _make_tangent(gradient: Any, document: Any) -> Any:
    """Take from a gradient what only changes the length of the document, in place; returns its length."""
    along = squares = _ZERO
    for k in range(len(document)):
        along += gradient[k] * document[k]
    for k in range(len(document)):
        gradient[k] -= along * document[k]
        squares += gradient[k] * gradient[k]
    return np.sqrt(squares)


@njit(fastmath=_FAST_MATH, inline="always")
def _turn(document: Any, gradient: Any, step: Any) -> Any:
    """Move a document by a step, and make it of length 1, in place."""
    squares = TINY
    for k in range(len(document)):
        document[k] += step * gradient[k]
        squares += document[k] * document[k]
    length = np.sqrt(squares)
    for k in range(len(document)):
        document[k] /= length
