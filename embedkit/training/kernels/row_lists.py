"""Kernels on lists of rows: their weighted sum, and a change of all of them, sixteen floats at a time.

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


@intrinsic(prefer_literal=True)
def sum_rows(
    typing: Any, matrix: Any, rows: Any, weights: Any, first: Any, count: Any, scale: Any,
    sums: Any, place: Any, copy: Any, blocks: Any,
) -> Any:  # fmt: skip
    """Write `scale` times the weighted sum of `rows[first:first + count]` to two rows of `sums`."""
    n = blocks.literal_value

    def emit(builder: ir.IRBuilder, matrix, rows, weights, first, count, scale, sums, place, copy, _) -> None:
        lanes = Lanes(builder)
        for part in _chunks(n):

            def add(index: ir.Value, *totals: ir.Value, part: range = part) -> list[ir.Value]:
                at = builder.add(first, index)
                weight = lanes.splat(read(builder, weights, at))
                row = _offset(builder, builder.sext(read(builder, rows, at), INDEX), n)
                return [
                    lanes.fma(weight, lanes.load(matrix, _block(builder, row, block)), total)
                    for block, total in zip(part, totals, strict=True)
                ]

            totals = loop(builder, count, [lanes.constant(0)] * len(part), add)
            for block, total in zip(part, totals, strict=True):
                scaled = builder.fmul(total, lanes.splat(scale))
                for target in (place, copy):
                    lanes.store(scaled, sums, _block(builder, _offset(builder, target, n), block))

    signature = types.void(
        matrix, rows, weights, types.intp, types.intp, types.float32, sums, types.intp, types.intp, blocks
    )
    return emits(signature, emit)


@intrinsic(prefer_literal=True)
def move_rows(
    typing: Any, matrix: Any, rows: Any, first: Any, count: Any, sums: Any, place: Any, copy: Any, blocks: Any
) -> Any:
    """Add what row `place` of `sums` is more than row `copy` to each of `rows[first:first + count]`.

    A row that stands in the list twice is moved twice.
    """
    n = blocks.literal_value

    def emit(builder: ir.IRBuilder, matrix, rows, first, count, sums, place, copy, _) -> None:
        lanes = Lanes(builder)
        now, before = _offset(builder, place, n), _offset(builder, copy, n)
        for part in _chunks(n):
            changes = [
                builder.fsub(
                    lanes.load(sums, _block(builder, now, block)),
                    lanes.load(sums, _block(builder, before, block)),
                )
                for block in part
            ]

            def add(index: ir.Value, part: range = part, changes: list[ir.Value] = changes) -> list[ir.Value]:
                number = builder.sext(read(builder, rows, builder.add(first, index)), INDEX)
                row = _offset(builder, number, n)
                for block, change in zip(part, changes, strict=True):
                    offset = _block(builder, row, block)
                    lanes.store(builder.fadd(lanes.load(matrix, offset), change), matrix, offset)
                return []

            loop(builder, count, [], add)

    signature = types.void(matrix, rows, types.intp, types.intp, sums, types.intp, types.intp, blocks)
    return emits(signature, emit)


def _chunks(blocks: int) -> Iterator[range]:
    """The vectors of a row, as many at once as registers can hold."""
    for start in range(0, blocks, _CHUNK):
        yield range(start, min(start + _CHUNK, blocks))


def _offset(builder: ir.IRBuilder, number: ir.Value, blocks: int) -> ir.Value:
    """The offset of the first float of a row."""
    return builder.mul(number, INDEX(blocks * LANES))


def _block(builder: ir.IRBuilder, offset: ir.Value, block: int) -> ir.Value:
    return builder.add(offset, INDEX(block * LANES))
