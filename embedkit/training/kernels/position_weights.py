"""Kernels of position-dependent weights (Mikolov et al. 2018, section 2.2), one a position and dimension.

Rows of both matrices are given by the offset of their first float; see `window_tiles`.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from embedkit.simd.intrinsics import INDEX, emits, read
from embedkit.simd.lanes import LANES, Lanes, loop


@intrinsic(prefer_literal=True)
def weighted_mean(
    typing: Any, matrix: Any, rows: Any, positions: Any, places: Any, sizes: Any, count: Any, scale: Any,
    mean: Any, blocks: Any,
) -> Any:  # fmt: skip
    """Write `scale` times the sum of size * position * row to `mean`, and once more behind it."""
    n = blocks.literal_value

    def emit(builder: ir.IRBuilder, matrix, rows, positions, places, sizes, count, scale, mean, _) -> None:
        lanes = Lanes(builder)

        def block_body(block: ir.Value) -> list[ir.Value]:
            at = builder.mul(block, INDEX(LANES))

            def add(index: ir.Value, total: ir.Value) -> list[ir.Value]:
                row = lanes.load(matrix, builder.add(read(builder, rows, index), at))
                position = lanes.load(positions, builder.add(read(builder, places, index), at))
                size = lanes.splat(read(builder, sizes, index))
                return [lanes.fma(builder.fmul(size, position), row, total)]

            [total] = loop(builder, count, [lanes.constant(0)], add)
            scaled = builder.fmul(total, lanes.splat(scale))
            lanes.store(scaled, mean, at)
            lanes.store(scaled, mean, builder.add(at, INDEX(n * LANES)))
            return []

        loop(builder, INDEX(n), [], block_body)

    signature = types.void(matrix, rows, positions, places, sizes, types.intp, types.float32, mean, blocks)
    return emits(signature, emit)


@intrinsic(prefer_literal=True)
def spread_by_position(
    typing: Any, matrix: Any, rows: Any, positions: Any, places: Any, count: Any, mean: Any, blocks: Any
) -> Any:
    """Move rows by the change of `mean` times their positions, these by it times the rows as they were."""
    n = blocks.literal_value

    def emit(builder: ir.IRBuilder, matrix, rows, positions, places, count, mean, _) -> None:
        lanes = Lanes(builder)

        def block_body(block: ir.Value) -> list[ir.Value]:
            at = builder.mul(block, INDEX(LANES))
            before = lanes.load(mean, builder.add(at, INDEX(n * LANES)))
            change = builder.fsub(lanes.load(mean, at), before)

            def move(index: ir.Value) -> list[ir.Value]:
                row_at = builder.add(read(builder, rows, index), at)
                place_at = builder.add(read(builder, places, index), at)
                row, position = lanes.load(matrix, row_at), lanes.load(positions, place_at)
                lanes.store(lanes.fma(change, position, row), matrix, row_at)
                lanes.store(lanes.fma(change, row, position), positions, place_at)
                return []

            loop(builder, count, [], move)
            return []

        loop(builder, INDEX(n), [], block_body)

    return emits(types.void(matrix, rows, positions, places, types.intp, mean, blocks), emit)
