"""Products of matrices of float32 that are too small, or of a shape too odd, for BLAS to be fast.

A *tile* of the product, `ROWS` rows by `WIDE` vectors of columns, is summed up in registers. Matrices are
flat arrays with an offset of their first number and, for the left one, a distance of rows and one of columns,
so that it may stand transposed.
"""

# mypy: disable-error-code="call-arg"
# An intrinsic is declared with a typing context that its callers do not pass.

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from embedkit.simd.intrinsics import INDEX, emits
from embedkit.simd.lanes import LANES, Lanes, loop
from embedkit.simd.target import has_avx512

ROWS = 6  # of a tile: with four vectors of columns it takes up 24 of the 32 registers of AVX-512
WIDE = 4 if has_avx512() else 1
FIRST, NEXT = np.int64(0), np.int64(1)  # offset 0 and distance 1: for each literal it would be compiled anew


@njit
def add_product(
    left: Any, left_first: int, left_row: int, left_column: int, right: Any, right_first: int, right_row: int,
    rows: int, depth: int, columns: int, out: Any, out_first: int, out_row: int,
) -> None:  # fmt: skip
    """Add left (rows, depth > 0) @ right (depth, columns) to `out`; columns are a multiple of `LANES`."""
    wide = columns - columns % (WIDE * LANES)
    whole = rows - rows % ROWS
    pairs = rows - rows % 2
    for column in range(0, wide, WIDE * LANES):
        at, own = right_first + column, out_first + column
        for row in range(0, whole, ROWS):
            first, to = left_first + row * left_row, own + row * out_row
            _tile(
                left, first, left_row, left_column, right, at, right_row, depth, out, to, out_row, ROWS, WIDE
            )
        for row in range(whole, pairs, 2):
            first, to = left_first + row * left_row, own + row * out_row
            _tile(left, first, left_row, left_column, right, at, right_row, depth, out, to, out_row, 2, WIDE)
        for row in range(pairs, rows):
            first, to = left_first + row * left_row, own + row * out_row
            _tile(left, first, left_row, left_column, right, at, right_row, depth, out, to, out_row, 1, WIDE)
    for column in range(wide, columns, LANES):
        at, own = right_first + column, out_first + column
        for row in range(0, whole, ROWS):
            first, to = left_first + row * left_row, own + row * out_row
            _tile(left, first, left_row, left_column, right, at, right_row, depth, out, to, out_row, ROWS, 1)
        for row in range(whole, rows):
            first, to = left_first + row * left_row, own + row * out_row
            _tile(left, first, left_row, left_column, right, at, right_row, depth, out, to, out_row, 1, 1)


@intrinsic(prefer_literal=True)
def _tile(
    typing: Any, left: Any, left_first: Any, left_row: Any, left_column: Any, right: Any, right_first: Any,
    right_row: Any, depth: Any, out: Any, out_first: Any, out_row: Any, rows: Any, vectors: Any,
) -> Any:  # fmt: skip
    """Add a tile of so many rows and vectors of columns, both known at compile time."""
    height, width = rows.literal_value, vectors.literal_value

    def emit(builder: ir.IRBuilder, *arguments: ir.Value) -> None:
        left, left_first, left_row, left_column, right, right_first, right_row, depth, *rest = arguments
        out, out_first, out_row, _, _ = rest
        lanes = Lanes(builder)

        def place(first: ir.Value, distance: ir.Value, number: int) -> ir.Value:
            return builder.add(first, builder.mul(distance, INDEX(number)))

        lines = [builder.gep(left, [place(left_first, left_row, row)]) for row in range(height)]
        places = [
            builder.add(place(out_first, out_row, row), INDEX(vector * LANES))
            for row in range(height)
            for vector in range(width)
        ]

        def add(number: ir.Value, *before: ir.Value) -> list[ir.Value]:
            at = builder.add(right_first, builder.mul(number, right_row))
            columns = [lanes.load(right, builder.add(at, INDEX(v * LANES)), align=4) for v in range(width)]
            along, after = builder.mul(number, left_column), []
            for row, line in enumerate(lines):
                factor = lanes.splat(builder.load(builder.gep(line, [along])))
                own = before[row * width : (row + 1) * width]
                after += [
                    lanes.fma(factor, column, total) for column, total in zip(columns, own, strict=True)
                ]
            return after

        for total, place_ in zip(
            loop(builder, depth, [lanes.load(out, place_, align=4) for place_ in places], add),
            places,
            strict=True,
        ):
            lanes.store(total, out, place_, align=4)

    whole = types.intp
    signature = types.void(
        left, whole, whole, whole, right, whole, whole, whole, out, whole, whole, rows, vectors
    )
    return emits(signature, emit)
