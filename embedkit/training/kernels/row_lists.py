"""Kernels on lists of rows: their weighted sum, and a change of all of them, sixteen floats at a time.

A list is a stretch of an int32 array, numbers of rows in a flat, 64-byte aligned matrix whose rows are padded
with zeros to `blocks` vectors; `blocks` is a compile-time constant, the length, at least 1, is not. Up to
`_CHUNK` vectors of a row are carried in registers at once, so a row is read or written in one go.
"""

from __future__ import annotations

from collections.abc import Callable
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
        targets = [_offset(builder, target, n) for target in (place, copy)]

        def sum_part(part: list[ir.Value]) -> None:
            def add(index: ir.Value, *totals: ir.Value) -> list[ir.Value]:
                at = builder.add(first, index)
                weight = lanes.splat(read(builder, weights, at))
                row = _offset(builder, builder.sext(read(builder, rows, at), INDEX), n)
                return [
                    lanes.fma(weight, lanes.load(matrix, builder.add(row, column)), total)
                    for column, total in zip(part, totals, strict=True)
                ]

            totals = loop(builder, count, [lanes.constant(0)] * len(part), add)
            for column, total in zip(part, totals, strict=True):
                scaled = builder.fmul(total, lanes.splat(scale))
                for target in targets:
                    lanes.store(scaled, sums, builder.add(target, column))

        _each_part(builder, n, sum_part)

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

        def move_part(part: list[ir.Value]) -> None:
            changes = [
                builder.fsub(
                    lanes.load(sums, builder.add(now, column)), lanes.load(sums, builder.add(before, column))
                )
                for column in part
            ]

            def add(index: ir.Value) -> list[ir.Value]:
                number = builder.sext(read(builder, rows, builder.add(first, index)), INDEX)
                row = _offset(builder, number, n)
                for column, change in zip(part, changes, strict=True):
                    offset = builder.add(row, column)
                    lanes.store(builder.fadd(lanes.load(matrix, offset), change), matrix, offset)
                return []

            loop(builder, count, [], add)

        _each_part(builder, n, move_part)

    signature = types.void(matrix, rows, types.intp, types.intp, sums, types.intp, types.intp, blocks)
    return emits(signature, emit)


def _each_part(builder: ir.IRBuilder, blocks: int, body: Callable[[list[ir.Value]], None]) -> None:
    """Emit `body` for the columns at which the vectors of a row begin, as many at once as registers hold."""
    whole, rest = divmod(blocks, _CHUNK)

    def columns(first: ir.Value, count: int) -> list[ir.Value]:
        return [builder.add(first, INDEX(block * LANES)) for block in range(count)]

    def whole_part(index: ir.Value) -> list[ir.Value]:
        body(columns(builder.mul(index, INDEX(_CHUNK * LANES)), _CHUNK))
        return []

    if whole:
        loop(builder, INDEX(whole), [], whole_part)
    if rest:
        body(columns(INDEX(whole * _CHUNK * LANES), rest))


def _offset(builder: ir.IRBuilder, number: ir.Value, blocks: int) -> ir.Value:
    """The offset of the first float of a row."""
    return builder.mul(number, INDEX(blocks * LANES))
