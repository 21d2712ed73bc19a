"""Kernels on the rows of a window: dot products and updates, sixteen floats at a time.

A *tile* is the unit of work of `predict`: one or two context rows against all sampled rows of a window (the
target word first, then the noise words). Its scores never visit memory on the way from the dot products
through the sigmoid to the step sizes; these are laid out tile by tile, each tile padded to whole vectors:
`tile_size` floats, of which lane `row * samples + sample` belongs to that pair.

Rows are given by the offset of their first float in a flat, 64-byte aligned matrix whose rows are padded
with zeros to `blocks` vectors. `samples`, `blocks` and `tile_rows` are compile-time constants.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from embedkit.simd.intrinsics import INDEX, emits, read
from embedkit.simd.lanes import LANES, Lanes, loop
from embedkit.simd.target import has_avx2, has_avx512

LoopBody = Callable[..., list[ir.Value]]  # gives what is carried on, of the index and what was carried

_SCORE_LIMIT = 20.0  # 1 - sigmoid(20) = 2e-9: beyond it there is nothing to learn
_STRAIGHT = 1 << 11  # operations of straight code over the blocks of a row, beyond which it is a loop
_LOOP = 32  # operations that a loop over the rows of a window stands for
_WIDE_SAMPLES = 12  # two rows against so many samples take up 24 of 32 registers
_AVX2_SAMPLES = 8  # two rows are faster up to here: by a third at 6, not at all at 9
MAX_LIKELIHOODS = 4 * LANES  # what one logarithm may serve: (1 - sigmoid(20)) ** 4 is a normal float32


@njit(inline="always")
def tile_size(tile_rows, samples):
    """Floats that the pairs of a tile take up, padded to whole vectors."""
    return -(-tile_rows * samples // LANES) * LANES


def best_tile_rows(samples: int) -> int:
    """Context rows a tile should have: two, unless so many samples make that slower."""
    most = _WIDE_SAMPLES if has_avx512() else _AVX2_SAMPLES if has_avx2() else 0
    return 2 if samples <= most else 1


@intrinsic(prefer_literal=True)
def predict(
    typing: Any, contexts: Any, context_rows: Any, first: Any, outputs: Any, sample_rows: Any, rate: Any,
    steps: Any, likelihoods: Any, tile: Any, tile_rows: Any, samples: Any, blocks: Any,
) -> Any:  # fmt: skip
    """Score one tile and write its step sizes and likelihoods at offset `tile`.

    With s the dot product of a pair and y = 1 for the target, 0 for noise: the step is
    `rate * (y - sigmoid(s))`, the likelihood sigmoid(s) or 1 - sigmoid(s), padding 1.
    """
    r, k, n = tile_rows.literal_value, samples.literal_value, blocks.literal_value

    def emit(
        builder: ir.IRBuilder,
        contexts,
        context_rows,
        first,
        outputs,
        sample_rows,
        rate,
        steps,
        likelihoods,
        tile,
        *_,
    ) -> None:
        lanes = Lanes(builder)
        own = [read(builder, context_rows, builder.add(first, INDEX(i))) for i in range(r)]
        sampled = [read(builder, sample_rows, INDEX(j)) for j in range(k)]
        products = dot_products(lanes, contexts, own, outputs, sampled, n)
        for lane in range(0, r * k, LANES):
            scores = lanes.sums(products[lane : lane + LANES])
            sign = lanes.constant([1.0 if (lane + i) % k == 0 else -1.0 for i in range(LANES)])
            likelihood, step = sigmoid(lanes, scores, sign)
            offset = builder.add(tile, INDEX(lane))
            lanes.store(builder.fmul(step, lanes.splat(rate)), steps, offset)
            real = [lane + i < r * k for i in range(LANES)]
            lanes.store(lanes.where(real, likelihood, lanes.constant(1)), likelihoods, offset)

    signature = types.void(
        contexts, context_rows, types.intp, outputs, sample_rows, types.float32,
        steps, likelihoods, types.intp, tile_rows, samples, blocks,
    )  # fmt: skip
    return emits(signature, emit)


def dot_products(
    lanes: Lanes, contexts: ir.Value, own: list[ir.Value], outputs: ir.Value, sampled: list[ir.Value], n: int
) -> list[ir.Value]:
    """The products, lane by lane, of each row `own` of `contexts` with each row `sampled` of `outputs`.

    They are summed over the `n` blocks of a row, not yet over the lanes; those of a context row stand
    together.
    """
    builder, k = lanes.builder, len(sampled)

    def add_block(block: ir.Value, *sums: ir.Value) -> list[ir.Value]:
        products = list(sums)
        at = builder.mul(block, INDEX(LANES))
        context = [lanes.load(contexts, builder.add(row, at)) for row in own]
        for j in range(k):
            sample = lanes.load(outputs, builder.add(sampled[j], at))
            for i in range(len(own)):
                products[i * k + j] = lanes.fma(context[i], sample, products[i * k + j])
        return products

    width = len(own) * k
    return _each_block(builder, n, width, [lanes.constant(0)] * width, add_block)


def _each_block(
    builder: ir.IRBuilder, blocks: int, width: int, values: list[ir.Value], body: LoopBody
) -> list[ir.Value]:
    """Carry `values` through all blocks of a row: by straight code or, where that would be long, by a loop.

    A block of it takes up `width` operations.
    """
    if blocks * width > _STRAIGHT:
        return loop(builder, INDEX(blocks), values, body)
    for block in range(blocks):
        values = body(INDEX(block), *values)
    return values


def sigmoid(lanes: Lanes, scores: ir.Value, sign: ir.Value) -> tuple[ir.Value, ir.Value]:
    """Likelihoods p of scores whose pairs have this sign; and sign * (1 - p), which is label minus p."""
    builder = lanes.builder
    margin = lanes.clamp(builder.fmul(scores, sign), -_SCORE_LIMIT, _SCORE_LIMIT)
    odds = lanes.exp(builder.fneg(margin))
    likelihood = builder.fdiv(lanes.constant(1), builder.fadd(lanes.constant(1), odds))
    return likelihood, builder.fmul(builder.fmul(odds, likelihood), sign)


@intrinsic(prefer_literal=True)
def learn(
    typing: Any, contexts: Any, context_rows: Any, count: Any, outputs: Any, sample_rows: Any,
    steps: Any, tile_rows: Any, samples: Any, blocks: Any,
) -> Any:  # fmt: skip
    """Move `count` context rows and the sampled rows of a window by the steps of `predict`.

    All rows change at once: each context row by the sampled rows as they were, each sampled row by the
    context rows as they were. Of a sampled row that occurs twice the last result stays; a context row that
    occurs twice is moved twice, and the second move counts from where the first one left it.
    """
    sizes = tile_rows.literal_value, samples.literal_value, blocks.literal_value

    def emit(builder: ir.IRBuilder, contexts, context_rows, count, outputs, sample_rows, steps, *_) -> None:
        _learn(builder, contexts, context_rows, count, outputs, sample_rows, sample_rows, steps, *sizes)

    signature = types.void(
        contexts, context_rows, types.intp, outputs, sample_rows, steps, tile_rows, samples, blocks
    )
    return emits(signature, emit)


@intrinsic(prefer_literal=True)
def learn_apart(
    typing: Any, contexts: Any, context_rows: Any, count: Any, outputs: Any, sample_rows: Any,
    moved_rows: Any, steps: Any, tile_rows: Any, samples: Any, blocks: Any,
) -> Any:  # fmt: skip
    """`learn`, but the sampled rows stay, and what they become is written to `moved_rows` of the matrix."""
    sizes = tile_rows.literal_value, samples.literal_value, blocks.literal_value

    def emit(
        builder: ir.IRBuilder, contexts, context_rows, count, outputs, sample_rows, moved_rows, steps, *_
    ) -> None:
        _learn(builder, contexts, context_rows, count, outputs, sample_rows, moved_rows, steps, *sizes)

    signature = types.void(
        contexts, context_rows, types.intp, outputs, sample_rows, moved_rows, steps,
        tile_rows, samples, blocks,
    )  # fmt: skip
    return emits(signature, emit)


def _learn(
    builder: ir.IRBuilder, contexts: ir.Value, context_rows: ir.Value, count: ir.Value, outputs: ir.Value,
    sample_rows: ir.Value, moved_rows: ir.Value, steps: ir.Value, r: int, k: int, n: int,
) -> None:  # fmt: skip
    """Emit what `learn` does for tiles of r rows, k samples and rows of n blocks."""
    lanes = Lanes(builder)
    sampled = [read(builder, sample_rows, INDEX(j)) for j in range(k)]
    targets = [read(builder, moved_rows, INDEX(j)) for j in range(k)]

    def block_body(block: ir.Value) -> list[ir.Value]:
        at = builder.mul(block, INDEX(LANES))
        before = [lanes.load(outputs, builder.add(row, at)) for row in sampled]

        def row_body(row: ir.Value, *after: ir.Value) -> list[ir.Value]:
            tile = builder.mul(builder.udiv(row, INDEX(r)), INDEX(tile_size.py_func(r, k)))
            pair = builder.add(tile, builder.mul(builder.urem(row, INDEX(r)), INDEX(k)))
            offset = builder.add(read(builder, context_rows, row), at)
            context = moved = lanes.load(contexts, offset)
            results = []
            for j in range(k):
                step = lanes.splat(read(builder, steps, builder.add(pair, INDEX(j))))
                moved = lanes.fma(step, before[j], moved)
                results.append(lanes.fma(step, context, after[j]))
            lanes.store(moved, contexts, offset)
            return results

        for row, moved in zip(targets, loop(builder, count, before, row_body), strict=True):
            lanes.store(moved, outputs, builder.add(row, at))
        return []

    loop(builder, INDEX(n), [], block_body)


@intrinsic
def add_log_likelihood(typing: Any, likelihoods: Any, size: Any, totals: Any) -> Any:
    """Add the logarithms of `likelihoods[:size]` (a multiple of 16, up to MAX_LIKELIHOODS) to 16 `totals`.

    The vectors are multiplied first: one logarithm serves up to 64 pairs.
    """

    def emit(builder: ir.IRBuilder, likelihoods, size, totals) -> None:
        lanes = Lanes(builder)
        zero = INDEX(0)

        def multiply(index: ir.Value, product: ir.Value) -> list[ir.Value]:
            vector = lanes.load(likelihoods, builder.mul(index, INDEX(LANES)))
            return [builder.fmul(product, vector)]

        [product] = loop(builder, builder.udiv(size, INDEX(LANES)), [lanes.constant(1)], multiply)
        lanes.store(builder.fadd(lanes.load(totals, zero), lanes.log(product)), totals, zero)

    return emits(types.void(likelihoods, types.intp, totals), emit)


@intrinsic(prefer_literal=True)
def mean_rows(typing: Any, matrix: Any, rows: Any, count: Any, mean: Any, blocks: Any) -> Any:
    """Write the mean of `count` rows to `mean`, and once more behind it, at offset 16 * blocks."""
    n = blocks.literal_value

    def emit(builder: ir.IRBuilder, matrix, rows, count, mean, _) -> None:
        lanes = Lanes(builder)
        share = builder.fdiv(ir.FloatType()(1.0), builder.sitofp(count, ir.FloatType()))

        def average_block(block: ir.Value) -> list[ir.Value]:
            at = builder.mul(block, INDEX(LANES))

            def add(row: ir.Value, total: ir.Value) -> list[ir.Value]:
                return [builder.fadd(total, lanes.load(matrix, builder.add(read(builder, rows, row), at)))]

            [total] = loop(builder, count, [lanes.constant(0)], add)
            average = builder.fmul(total, lanes.splat(share))
            lanes.store(average, mean, at)
            lanes.store(average, mean, builder.add(at, INDEX(n * LANES)))
            return []

        _each_block(builder, n, _LOOP, [], average_block)

    return emits(types.void(matrix, rows, types.intp, mean, blocks), emit)


@intrinsic(prefer_literal=True)
def spread_change(typing: Any, matrix: Any, rows: Any, count: Any, mean: Any, blocks: Any) -> Any:
    """Add to each of `count` rows the whole change of `mean` since `mean_rows` wrote it."""
    n = blocks.literal_value

    def emit(builder: ir.IRBuilder, matrix, rows, count, mean, _) -> None:
        lanes = Lanes(builder)

        def spread_block(block: ir.Value) -> list[ir.Value]:
            at = builder.mul(block, INDEX(LANES))
            before = lanes.load(mean, builder.add(at, INDEX(n * LANES)))
            change = builder.fsub(lanes.load(mean, at), before)

            def add(row: ir.Value) -> list[ir.Value]:
                offset = builder.add(read(builder, rows, row), at)
                lanes.store(builder.fadd(lanes.load(matrix, offset), change), matrix, offset)
                return []

            loop(builder, count, [], add)
            return []

        _each_block(builder, n, _LOOP, [], spread_block)

    return emits(types.void(matrix, rows, types.intp, mean, blocks), emit)
