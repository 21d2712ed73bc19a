"""Kernels on lists of rows: sums, dot products and updates, sixteen floats at a time.

A list is a stretch of an int32 array, numbers of rows in a flat, 64-byte aligned matrix whose rows are padded
with zeros to `blocks` vectors; `blocks` is a compile-time constant, the length, at least 1, is not. Up to
`_CHUNK` vectors of a row are carried in registers at once, so a row is read or written in one go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from embedkit.simd.intrinsics import INDEX, emits, read
from embedkit.simd.lanes import LANES, Lanes, loop

_CHUNK = 8  # vectors
_SCORE_LIMIT = 20.0  # 1 - sigmoid(20) = 2e-9: beyond it there is nothing to learn


@intrinsic(prefer_literal=True)
def sum_rows(
    typing: Any, matrix: Any, rows: Any, weights: Any, first: Any, count: Any, scale: Any,
    sums: Any, place: Any, blocks: Any,
) -> Any:  # fmt: skip
    """Write `scale` times the weighted sum of `rows[first:first + count]` to row `place` of `sums`."""
    n = blocks.literal_value

    def emit(builder: ir.IRBuilder, matrix, rows, weights, first, count, scale, sums, place, _) -> None:
        lanes = Lanes(builder)
        for part in _chunks(n):

            def add(index: ir.Value, *totals: ir.Value, part: range = part) -> list[ir.Value]:
                at = builder.add(first, index)
                weight = lanes.splat(read(builder, weights, at))
                row = _row(builder, rows, at, n)
                return [
                    lanes.fma(weight, lanes.load(matrix, _block(builder, row, block)), total)
                    for block, total in zip(part, totals, strict=True)
                ]

            totals = loop(builder, count, [lanes.constant(0)] * len(part), add)
            target = builder.mul(place, INDEX(n * LANES))
            for block, total in zip(part, totals, strict=True):
                scaled = builder.fmul(total, lanes.splat(scale))
                lanes.store(scaled, sums, _block(builder, target, block))

    signature = types.void(
        matrix, rows, weights, types.intp, types.intp, types.float32, sums, types.intp, blocks
    )
    return emits(signature, emit)


@intrinsic(prefer_literal=True)
def move_rows(
    typing: Any, matrix: Any, rows: Any, first: Any, weights: Any, count: Any, changes: Any, place: Any,
    blocks: Any,
) -> Any:  # fmt: skip
    """Add `weights[i]` times row `place` of `changes` to row i of `rows[first:first + count]`.

    A row that stands in the list twice is moved twice.
    """
    n = blocks.literal_value

    def emit(builder: ir.IRBuilder, matrix, rows, first, weights, count, changes, place, _) -> None:
        lanes = Lanes(builder)
        source = builder.mul(place, INDEX(n * LANES))
        for part in _chunks(n):
            change = [lanes.load(changes, _block(builder, source, block)) for block in part]

            def add(index: ir.Value, part: range = part, change: list[ir.Value] = change) -> list[ir.Value]:
                weight = lanes.splat(read(builder, weights, index))
                row = _row(builder, rows, builder.add(first, index), n)
                for block, step in zip(part, change, strict=True):
                    offset = _block(builder, row, block)
                    lanes.store(lanes.fma(weight, step, lanes.load(matrix, offset)), matrix, offset)
                return []

            loop(builder, count, [], add)

    signature = types.void(matrix, rows, types.intp, weights, types.intp, changes, types.intp, blocks)
    return emits(signature, emit)


@intrinsic(prefer_literal=True)
def score_rows(
    typing: Any, vector: Any, matrix: Any, rows: Any, count: Any, products: Any, blocks: Any
) -> Any:
    """Write the products of `vector` with `count` rows, each summed up to one vector of 16 floats."""
    n = blocks.literal_value

    def emit(builder: ir.IRBuilder, vector, matrix, rows, count, products, _) -> None:
        lanes = Lanes(builder)
        for part in _chunks(n):
            own = [lanes.load(vector, INDEX(block * LANES)) for block in part]

            def score(index: ir.Value, part: range = part, own: list[ir.Value] = own) -> list[ir.Value]:
                row, at = _row(builder, rows, index, n), builder.mul(index, INDEX(LANES))
                total = lanes.load(products, at) if part.start else lanes.constant(0)
                for block, mine in zip(part, own, strict=True):
                    total = lanes.fma(mine, lanes.load(matrix, _block(builder, row, block)), total)
                lanes.store(total, products, at)
                return []

            loop(builder, count, [], score)

    return emits(types.void(vector, matrix, rows, types.intp, products, blocks), emit)


@intrinsic
def judge(
    typing: Any, products: Any, weights: Any, count: Any, rate: Any, steps: Any, totals: Any
) -> Any:  # fmt: skip
    """Make step sizes of the `products` of `score_rows`, and add their log-likelihoods to 16 `totals`.

    A row of positive weight is a target, one of negative weight noise. With s the score, the likelihood p is
    sigmoid(s) or sigmoid(-s), the step `rate * weight * (1 - p)`, and |weight| log(p) is added. Up to the
    next multiple of 16 beyond `count`, weights must be 0, and products may be anything.
    """

    def emit(builder: ir.IRBuilder, products, weights, count, rate, steps, totals) -> None:
        lanes = Lanes(builder)
        groups = builder.udiv(builder.add(count, INDEX(LANES - 1)), INDEX(LANES))
        speed = lanes.splat(rate)

        def group(index: ir.Value, total: ir.Value) -> list[ir.Value]:
            at = builder.mul(index, INDEX(LANES))
            begin = builder.mul(at, INDEX(LANES))
            scores = lanes.sums([lanes.load(products, _block(builder, begin, i)) for i in range(LANES)])
            weight = lanes.load(weights, at)
            one = lanes.constant(1)
            sign = builder.select(
                builder.fcmp_ordered(">", weight, lanes.constant(0)), one, lanes.constant(-1)
            )
            margin = lanes.clamp(builder.fmul(scores, sign), -_SCORE_LIMIT, _SCORE_LIMIT)
            odds = lanes.exp(builder.fneg(margin))
            likelihood = builder.fdiv(one, builder.fadd(one, odds))
            step = builder.fmul(builder.fmul(odds, likelihood), builder.fmul(weight, speed))
            lanes.store(step, steps, at)
            return [lanes.fma(builder.fmul(weight, sign), lanes.log(likelihood), total)]

        [total] = loop(builder, groups, [lanes.load(totals, INDEX(0))], group)
        lanes.store(total, totals, INDEX(0))

    return emits(types.void(products, weights, types.intp, types.float32, steps, totals), emit)


@intrinsic(prefer_literal=True)
def learn_rows(
    typing: Any, vector: Any, matrix: Any, rows: Any, count: Any, steps: Any, change: Any, blocks: Any
) -> Any:
    """Move each of `count` rows by its step times `vector`; write the sum of steps times rows to `change`.

    It is the sum of the rows as they were. One that stands in the list twice is moved twice, and is as the
    first move left it when the second comes.
    """
    n = blocks.literal_value

    def emit(builder: ir.IRBuilder, vector, matrix, rows, count, steps, change, _) -> None:
        lanes = Lanes(builder)
        for part in _chunks(n):
            own = [lanes.load(vector, INDEX(block * LANES)) for block in part]

            def learn(
                index: ir.Value, *totals: ir.Value, part: range = part, own: list[ir.Value] = own
            ) -> list[ir.Value]:
                row, step = _row(builder, rows, index, n), lanes.splat(read(builder, steps, index))
                sums = []
                for block, mine, total in zip(part, own, totals, strict=True):
                    offset = _block(builder, row, block)
                    before = lanes.load(matrix, offset)
                    sums.append(lanes.fma(step, before, total))
                    lanes.store(lanes.fma(step, mine, before), matrix, offset)
                return sums

            for block, total in zip(
                part, loop(builder, count, [lanes.constant(0)] * len(part), learn), strict=True
            ):
                lanes.store(total, change, INDEX(block * LANES))

    return emits(types.void(vector, matrix, rows, types.intp, steps, change, blocks), emit)


def _chunks(blocks: int) -> Iterator[range]:
    """The vectors of a row, as many at once as registers can hold."""
    for start in range(0, blocks, _CHUNK):
        yield range(start, min(start + _CHUNK, blocks))


def _row(builder: ir.IRBuilder, rows: ir.Value, index: ir.Value, blocks: int) -> ir.Value:
    """The offset of the first float of `rows[index]`."""
    return builder.mul(builder.sext(read(builder, rows, index), INDEX), INDEX(blocks * LANES))


def _block(builder: ir.IRBuilder, offset: ir.Value, block: int) -> ir.Value:
    return builder.add(offset, INDEX(block * LANES))
