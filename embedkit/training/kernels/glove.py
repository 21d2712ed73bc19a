"""GloVe kernels (Pennington, Socher and Manning 2014, eq. 8) on blocks of nonzeros, by AdaGrad.

A row of a matrix holds, for each sixteen columns, sixteen parameters and the sixteen sums of squares that
AdaGrad keeps of them: what a step changes lies in one stream of memory. Behind the vector of a row stand two
more columns. Those of a word are its bias and 1, those of a context 1 and its bias, so that one dot product
is w . w~ + b + b~, and the gradient by a bias is the gradient by a column like any other, but that its
learning rate is 1 and that of the columns of ones is 0.

The bytes that come out depend on the order of the nonzeros alone: all sums are taken in a fixed order, by
operations that are exact by IEEE 754. `embedkit.training.reference.glove` says the same in numpy.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from embedkit.simd import intrinsics, lanes, storage
from embedkit.simd.compiling import check_compiler, code_version, compiled
from embedkit.simd.intrinsics import INDEX, emits, prefetch_to_write
from embedkit.simd.lanes import LANES, Lanes, loop
from embedkit.simd.storage import aligned, padded

BIASES = 2  # columns behind the vector: a word's bias and 1, or 1 and a context's bias
GRADIENT_LIMIT = 100.0  # where the gradient by a column is clipped
BATCH = 256  # nonzeros whose weights are computed ahead
AHEAD = 8  # nonzeros between the request for a row and its use
_UNROLLED = 12  # vectors of a row for which straight code is emitted, beyond it a loop
_FLOAT, _INT32 = ir.FloatType(), ir.IntType(32)
_MAX_FLOAT = float(np.finfo(np.float32).max)


def row_vectors(vector_size: int) -> int:
    """Vectors of 16 parameters in a row: its columns and biases, padded."""
    return padded(vector_size + BIASES) // LANES


@functools.cache
def block_trainer(vector_size: int) -> Any:
    """Compile `train_blocks` for this size; compiled code is kept on disk for later processes."""
    check_compiler()
    vectors = row_vectors(vector_size)
    lines = 2 * vectors
    stride = lines * LANES
    code = code_version(intrinsics, lanes, storage)

    @compiled(nogil=True)
    def train_blocks(
        words,
        contexts,
        word_ids,
        context_ids,
        logs,
        offsets,
        numbers,
        parts,
        size,
        rate,
        alpha,
        log_x_max,
        costs,
    ):
        """Train on the blocks `numbers`, one after the other, in place; writes the cost of each to `costs`.

        `words` and `contexts` are flat matrices of `stride` floats a row. Block `number` is that of part
        `number // parts` of the words and part `number % parts` of the contexts, each of `size` rows; its
        nonzeros stand at `offsets[number]` to `offsets[number + 1]` of `word_ids` and `context_ids` (uint16,
        the row within the part) and `logs` (float32, the logarithms of the counts).
        """
        code  # noqa: B018 - what this function captures is part of the key under which it is cached
        weights = aligned(BATCH)
        for number in numbers:
            first_word = number // parts * size
            first_context = number % parts * size
            end = offsets[number + 1]
            cost = 0.0
            for start in range(offsets[number], end, BATCH):
                count = min(BATCH, end - start)
                for i in range(BATCH):
                    weights[i] = logs[start + i] if i < count else 0
                for offset in range(0, count, LANES):
                    weigh(weights, offset, alpha, log_x_max)
                word = (first_word + word_ids[start]) * stride
                context = (first_context + context_ids[start]) * stride
                product: Any = dot(words, word, contexts, context, vectors)
                for i in range(start, start + count):
                    soon = min(i + AHEAD, end - 1)
                    prefetch_to_write(contexts, (first_context + context_ids[soon]) * stride, lines)
                    prefetch_to_write(words, (first_word + word_ids[soon]) * stride, lines)
                    following = min(i + 1, start + count - 1)
                    next_word = (first_word + word_ids[following]) * stride
                    next_context = (first_context + context_ids[following]) * stride
                    independent = next_word != word and next_context != context
                    next_product = product
                    if independent:
                        next_product = dot(words, next_word, contexts, next_context, vectors)
                    cost += step(
                        words,
                        word,
                        contexts,
                        context,
                        product,
                        logs[i],
                        weights[i - start],
                        rate,
                        vector_size,
                    )
                    if not independent:
                        next_product = dot(words, next_word, contexts, next_context, vectors)
                    word, context, product = next_word, next_context, next_product
            costs[number] = cost

    return train_blocks


@intrinsic
def weigh(typing: Any, logs: Any, offset: Any, alpha: Any, log_x_max: Any) -> Any:
    """Replace the logarithms of 16 counts x by their weights min(1, x / x_max) ** alpha (eq. 9)."""

    def emit(builder, logs, offset, alpha, log_x_max):
        lanes = Lanes(builder)
        excess = builder.fsub(lanes.load(logs, offset), lanes.splat(log_x_max))
        power = lanes.clamp(builder.fmul(excess, lanes.splat(alpha)), -87.0, 0.0)
        lanes.store(lanes.exp(power), logs, offset)

    return emits(types.void(logs, types.intp, types.float32, types.float32), emit)


@intrinsic(prefer_literal=True)
def dot(typing: Any, words: Any, word: Any, contexts: Any, context: Any, vectors: Any) -> Any:
    """What the model says of a nonzero, w . w~ + b + b~; the rows begin at offsets `word` and `context`."""
    n = vectors.literal_value

    def emit(builder, words, word, contexts, context, _):
        pair = _Pair(Lanes(builder), (words, word), (contexts, context))
        sums = [pair.lanes.constant(0)] * 2
        if n <= _UNROLLED:
            for k in range(n):
                sums[k % 2] = pair.lanes.fma(*pair.columns(INDEX(k)), sums[k % 2])
        else:
            sums[:1] = loop(
                builder, INDEX(n), sums[:1], lambda k, total: [pair.lanes.fma(*pair.columns(k), total)]
            )
        return builder.extract_element(pair.lanes.total(builder.fadd(*sums)), _INT32(0))

    return emits(types.float32(words, types.intp, contexts, types.intp, vectors), emit)


@intrinsic(prefer_literal=True)
def step(
    typing: Any, words: Any, word: Any, contexts: Any, context: Any, product: Any, log_count: Any,
    weight: Any, rate: Any, vector_size: Any,
) -> Any:  # fmt: skip
    """One step of AdaGrad on one nonzero, of which the model says `product`; returns its cost.

    The cost is half the weighted square of the error. An error that is too large for float32 changes nothing
    and costs infinity or NaN.
    """
    size = vector_size.literal_value
    vectors = row_vectors(size)

    def emit(builder, words, word, contexts, context, product, log_count, weight, rate, _):
        lanes = Lanes(builder)
        pair = _Pair(lanes, (words, word), (contexts, context))
        difference = builder.fsub(product, log_count)
        error = builder.fmul(difference, weight)
        cost = builder.fmul(builder.fmul(difference, error), _FLOAT(0.5))
        with builder.if_then(builder.fcmp_ordered("<=", cost, _FLOAT(_MAX_FLOAT)), likely=True):
            errors, rates = lanes.splat(error), lanes.splat(rate)
            full = size // LANES
            if vectors <= _UNROLLED:
                for k in range(full):
                    pair.move(INDEX(k), errors, (rates, rates))
            elif full:
                loop(builder, INDEX(full), [], lambda k: pair.move(k, errors, (rates, rates)))
            for k in range(full, vectors):
                pair.move(INDEX(k), errors, tuple(_bias_rates(lanes, rates, size, k, i) for i in range(2)))
        return cost

    signature = types.float32(
        words, types.intp, contexts, types.intp, types.float32, types.float32, types.float32, types.float32,
        vector_size,
    )  # fmt: skip
    return emits(signature, emit)


def _bias_rates(lanes: Lanes, rates: ir.Value, size: int, k: int, side: int) -> ir.Value:
    """The learning rates of vector `k` of a word (side 0) or a context (1): 1 for its bias, 0 for ones."""
    columns = range(k * LANES, (k + 1) * LANES)
    fixed = lanes.constant([1.0 if column == size + side else 0.0 for column in columns])
    return lanes.where([column < size for column in columns], rates, fixed)


class _Pair:
    """Emits what is done to the rows of a word and of a context, each a pointer and an offset."""

    def __init__(self, lanes: Lanes, *sides: tuple[ir.Value, ir.Value]) -> None:
        self.lanes, self.builder, self.sides = lanes, lanes.builder, sides

    def columns(self, k: ir.Value) -> list[ir.Value]:
        """Vector `k` of both rows."""
        return [self.lanes.load(matrix, self._offset(row, k, 0)) for matrix, row in self.sides]

    def move(self, k: ir.Value, error: ir.Value, rates: tuple[ir.Value, ...]) -> list[ir.Value]:
        """Move vector `k` of both rows, each by its gradient before the step."""
        lanes, b = self.lanes, self.builder
        columns = self.columns(k)
        for (matrix, row), own, other, rate in zip(self.sides, columns, columns[::-1], rates, strict=True):
            limit = b.fmul(rate, lanes.constant(GRADIENT_LIMIT))
            change = lanes.within(b.fmul(b.fmul(error, rate), other), limit)
            squares = lanes.load(matrix, self._offset(row, k, 1))
            moved = lanes.minus_over_root(own, change, squares)
            lanes.store(moved, matrix, self._offset(row, k, 0))
            lanes.store(lanes.fma(change, change, squares), matrix, self._offset(row, k, 1))
        return []

    def _offset(self, row: ir.Value, k: ir.Value, part: int) -> ir.Value:
        """Where the parameters (part 0) or the squares (part 1) of vector `k` stand."""
        return self.builder.add(
            row, self.builder.add(self.builder.mul(k, INDEX(2 * LANES)), INDEX(part * LANES))
        )
