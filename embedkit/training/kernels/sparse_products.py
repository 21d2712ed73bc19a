"""The product of a sparse matrix and a narrow dense one: `LANES` columns, which fill one register."""

# mypy: disable-error-code="call-arg"
# An intrinsic is declared with a typing context that its callers do not pass.

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from embedkit.simd.compiling import compiled
from embedkit.simd.intrinsics import INDEX, emits, read
from embedkit.simd.lanes import LANES, Lanes, loop


@compiled(nogil=True)
def multiply_rows(
    values: Any, columns: Any, offsets: Any, right: Any, out: Any, start: int, stop: int
) -> None:
    """Write rows [start, stop) of a sparse matrix (R, C) times `right` to `out`.

    The sparse matrix has the float32 `values` of row i at [offsets[i], offsets[i + 1]), in the int32
    `columns`. `right` (C * LANES) and `out` (R * LANES) are flat float32 matrices, 64-byte aligned.
    """
    for row in range(start, stop):
        first = offsets[row]
        count = offsets[row + 1] - first
        if count:
            _multiply_row(values, columns, first, count, right, out, row * LANES)
        else:
            out[row * LANES : (row + 1) * LANES] = 0


@intrinsic
def _multiply_row(
    typing: Any, values: Any, columns: Any, first: Any, count: Any, right: Any, out: Any, at: Any
) -> Any:
    """Write the sum of `count` > 0 rows of `right`, each times its value, to `out[at:at + LANES]`."""

    def emit(
        builder: ir.IRBuilder,
        values: ir.Value,
        columns: ir.Value,
        first: ir.Value,
        count: ir.Value,
        right: ir.Value,
        out: ir.Value,
        at: ir.Value,
    ) -> None:
        lanes = Lanes(builder)

        def add(number: ir.Value, total: ir.Value) -> list[ir.Value]:
            place = builder.add(first, number)
            row = builder.mul(builder.sext(read(builder, columns, place), INDEX), INDEX(LANES))
            return [lanes.fma(lanes.splat(read(builder, values, place)), lanes.load(right, row), total)]

        [total] = loop(builder, count, [lanes.constant(0)], add)
        lanes.store(total, out, at)

    return emits(types.void(values, columns, types.intp, types.intp, right, out, types.intp), emit)
