"""Kernels of document vectors (Thongtan and Phienthrakul 2019, section 3): training, and inference.

A document d and an n-gram w are a pair of which the cosine is to tell whether w is of d: y = 1, or noise:
y = -1. With alpha the scale of the cosines its loss is c log(1 + exp(-y alpha cos(d, w))), where c is how
often the n-gram stands in the document; the noise n-grams of a document share `negative` times the sum of
these counts. `embedkit.models.documents.reference` says the same in numpy.

Vectors stay of length 1: each step moves both at right angles to themselves, as the gradient by a cosine is,
and makes them of length 1 again.

Threads share the n-grams without locks (Niu et al. 2011); a document is of one thread. Every document has a
random stream of its own in each epoch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from embedkit.simd.compiling import compiled
from embedkit.training.kernels.draws import GOLDEN, below, mix

LONGEST_STEP = np.float32(1)  # relative to the length of the vector, orthogonal to it: 45 degrees
FIRST_STEP = np.float32(1.5)  # of inference, where the mean loss of alpha 6 and 5 noise n-grams needs few
TINY = np.float32(1e-30)
_FAST_MATH = {"contract", "nsz", "arcp", "reassoc"}
_ONE, _ZERO = np.float32(1), np.float32(0)


@njit(nogil=True)
def draw_pairs(
    ngrams: Any, counts: Any, keep: Any, noise: Any, negative: Any, key: Any, rows: Any, weights: Any
) -> Any:
    """Write the pairs of a document to `rows` and `weights`, in random order; returns their number.

    Each of its `ngrams` (int32) is kept with the probability of its threshold in `keep`; its weight is its
    count. Behind `len(rows) - len(ngrams)` draws from the alias table `noise` the weights are negative.
    """
    state = mix(key)
    size = 0
    total = _ZERO
    for i in range(len(ngrams)):
        state += GOLDEN
        if np.uint32(mix(state) >> np.uint64(32)) <= keep[ngrams[i]]:
            rows[size] = ngrams[i]
            weights[size] = counts[i]
            total += counts[i]
            size += 1
    if size == 0:
        return 0
    draws = len(rows) - len(ngrams)
    for _ in range(draws):
        state += GOLDEN
        bits = mix(state)
        drawn = below(bits, len(noise))
        rows[size] = drawn if np.uint32(bits) <= noise[drawn, 0] else np.int64(noise[drawn, 1])
        weights[size] = -negative * total / np.float32(draws)
        size += 1
    for i in range(size - 1, 0, -1):
        state += GOLDEN
        j = below(mix(state), i + 1)
        rows[i], rows[j] = rows[j], rows[i]
        weights[i], weights[j] = weights[j], weights[i]
    return size


@njit(fastmath=_FAST_MATH, nogil=True, error_model="numpy")
def train_pairs(
    document: Any, vectors: Any, rows: Any, weights: Any, scale: Any, document_rate: Any, rate: Any
) -> Any:
    """One step for each pair of a document, in place; returns the sum of their losses.

    `document` (D,) and `vectors` (V, D), those of n-grams, are of length 1, and are made so again: threads
    that write at once may have left one a little longer or shorter.
    """
    dimensions = len(document)
    loss = 0.0
    for i in range(len(rows)):
        row = rows[i]
        product = squares = own = _ZERO
        for k in range(dimensions):
            product += document[k] * vectors[row, k]
            squares += vectors[row, k] * vectors[row, k]
            own += document[k] * document[k]
        length, own = np.sqrt(squares), np.sqrt(own)
        cosine = product / (length * own)
        sign = _ONE if weights[i] > 0 else -_ONE
        odds = np.exp(-sign * scale * cosine)
        loss += abs(weights[i]) * np.log1p(odds)
        slope = scale * weights[i] * odds / (_ONE + odds)
        turn, step = _limited(document_rate * slope), _limited(rate * slope)
        across = max(_ZERO, _ONE - cosine * cosine)
        shrink_document = _ONE / np.sqrt(_ONE + turn * turn * across)
        shrink_ngram = _ONE / np.sqrt(_ONE + step * step * across)
        keep_document = (_ONE - turn * cosine) * shrink_document / own
        add_ngram = turn * shrink_document / length
        keep_ngram = (_ONE - step * cosine) * shrink_ngram / length
        add_document = step * shrink_ngram / own
        for k in range(dimensions):
            x, w = document[k], vectors[row, k]
            vectors[row, k] = keep_ngram * w + add_document * x
            document[k] = keep_document * x + add_ngram * w
    return loss


@njit(inline="always")
def _limited(step: Any) -> Any:
    return min(max(step, -LONGEST_STEP), LONGEST_STEP)


@compiled(nogil=True)
def train_documents(
    numbers: Any,
    offsets: Any,
    ngrams: Any,
    counts: Any,
    keep: Any,
    noise: Any,
    documents: Any,
    vectors: Any,
    scale: Any,
    document_rate: Any,
    rate: Any,
    negative: Any,
    draws: Any,
    key: Any,
) -> Any:
    """Train on the documents `numbers`, one after the other, in place.

    The n-grams of document d are `ngrams[offsets[d]:offsets[d + 1]]`; all of them together turn its vector by
    `document_rate`, however many there are. Returns the sum of counts trained on,
    without those of noise, and the sum of losses.
    """
    longest = 0
    for number in numbers:
        longest = max(longest, offsets[number + 1] - offsets[number])
    rows = np.empty(longest + draws, np.int64)
    weights = np.empty(longest + draws, np.float32)
    trained: Any = 0.0
    loss = 0.0
    for number in numbers:
        begin, end = offsets[number], offsets[number + 1]
        width = end - begin + draws
        size = draw_pairs(
            ngrams[begin:end], counts[begin:end], keep, noise, negative,
            key + GOLDEN * np.uint64(number + 1), rows[:width], weights[:width],
        )  # fmt: skip
        total: Any = _ZERO
        for i in range(size):
            total += max(_ZERO, weights[i])
        if size:
            own_rate = document_rate / total
            loss += train_pairs(
                documents[number], vectors, rows[:size], weights[:size], scale, own_rate, rate
            )
            trained += total
    return trained, loss


@compiled(nogil=True, fastmath=_FAST_MATH, error_model="numpy")
def infer_documents(
    first: Any,
    last: Any,
    offsets: Any,
    ngrams: Any,
    weights: Any,
    vectors: Any,
    noise: Any,
    mean_noise: Any,
    scale: Any,
    negative: Any,
    passes: Any,
    out: Any,
) -> Any:
    """Write the vectors of documents `first` to before `last` to `out`, of length 1, or 0 without n-grams.

    The n-grams do not move, and nothing is drawn: this is gradient descent on the sphere, by the mean loss of
    all n-grams of a document, whose weights (total,) are given, and of the `noise` rows (M, D). It begins at
    the mean of the n-grams less that of noise; where a gradient is longer than the one before, steps become
    half as long. `vectors` are of length 1.
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
        _add(document, mean_noise, -_ONE)
        for i in range(begin, end):
            _add(document, vectors[ngrams[i]], weights[i] / total)
        _turn(document, gradient, _ZERO)
        share = -negative / np.float32(len(noise))
        step, before = FIRST_STEP, np.float32(np.inf)
        for _ in range(passes):
            gradient[:] = 0
            for i in range(begin, end):
                _add_pull(document, vectors, ngrams[i], weights[i] / total, scale, gradient)
            for i in range(len(noise)):
                _add_pull(document, noise, i, share, scale, gradient)
            length = _make_tangent(gradient, document)
            if length > before:
                step *= np.float32(0.5)
            before = length
            _turn(document, gradient, step)


@njit(fastmath=_FAST_MATH, inline="always")
def _add(document: Any, vector: Any, weight: Any) -> Any:
    for k in range(len(document)):
        document[k] += weight * vector[k]


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
