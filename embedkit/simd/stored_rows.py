"""Products of rows of float32, float16 or int8 with a vector, sixteen numbers at a time as floats.

Matrices are flat arrays, of float16 viewed as uint16. A row has `size` numbers, more than 16. As that need
not be a multiple of 16, its last vector begins 16 before its end, and overlaps the one before; `spread` lays
a vector out in that way, with zeros where it would be counted twice.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from embedkit.arrays import Floats1d
from embedkit.simd.intrinsics import INDEX, emits, read
from embedkit.simd.lanes import LANES, Lanes, loop
from embedkit.simd.storage import aligned_matrix

ROWS = 4  # rows of which products are taken together: as many sums as AVX2 has registers for

_FLOAT, _INT32 = ir.FloatType(), ir.IntType(32)
_VECTOR = ir.VectorType(_FLOAT, LANES)
_TYPES = {"float32": _FLOAT, "uint16": ir.HalfType(), "int8": ir.IntType(8)}  # of numpy -> of LLVM
_BYTES = {"float32": 4, "uint16": 2, "int8": 1}


def spread(vector: Floats1d) -> Floats1d:
    """A vector of more than 16 numbers as whole vectors of 16, the last one aligned to its end.

    Example:
        >>> import numpy as np
        >>> spread(np.arange(18, dtype=np.float32))[-4:].tolist()
        [0.0, 0.0, 16.0, 17.0]
    """
    whole = (len(vector) - 1) // LANES * LANES
    result: Floats1d = aligned_matrix(1, len(vector))[0]
    result[:whole] = vector[:whole]
    result[len(result) - (len(vector) - whole) :] = vector[whole:]
    return result


def _products(rows: int) -> Any:
    """An intrinsic: `out[row:row + rows]` become the products of so many rows with a vector, times `factors`.

    The vector is one that `spread` made. A product does not depend on the rows that are taken with it.
    """

    @intrinsic
    def products(typing: Any, values: Any, row: Any, size: Any, vector: Any, factors: Any, out: Any) -> Any:
        kind = str(values.dtype)

        def emit(
            b: ir.IRBuilder,
            values: ir.Value,
            row: ir.Value,
            size: ir.Value,
            vector: ir.Value,
            factors: ir.Value,
            out: ir.Value,
        ) -> None:
            lanes = Lanes(b)
            begins = [b.mul(b.add(row, INDEX(other)), size) for other in range(rows)]

            def add(offset: ir.Value, place: ir.Value, sums: list[ir.Value]) -> list[ir.Value]:
                weights = lanes.load(vector, place)
                numbers = [_floats(b, values, b.add(begin, offset), kind) for begin in begins]
                return [
                    lanes.fma(number, weights, total) for number, total in zip(numbers, sums, strict=True)
                ]

            def step(index: ir.Value, *sums: ir.Value) -> list[ir.Value]:
                offset = b.mul(index, INDEX(LANES))
                return add(offset, offset, list(sums))

            whole = b.sdiv(b.sub(size, INDEX(1)), INDEX(LANES))
            sums = loop(b, whole, [lanes.constant(0)] * rows, step)
            totals = lanes.sums(add(b.sub(size, INDEX(LANES)), b.mul(whole, INDEX(LANES)), sums))
            for other in range(rows):
                place = b.add(row, INDEX(other))
                product = b.fmul(b.extract_element(totals, _INT32(other)), read(b, factors, place))
                b.store(product, b.gep(out, [place]))

        arguments = (values, types.intp, types.intp, vector, factors, out)
        return emits(types.void(*arguments), emit)

    return products


products_of_rows = _products(ROWS)
product_of_row = _products(1)


def _floats(b: ir.IRBuilder, array: ir.Value, offset: ir.Value, kind: str) -> ir.Value:
    """`array[offset:offset + 16]` as 16 floats, wherever in memory it stands."""
    stored = ir.VectorType(_TYPES[kind], LANES)
    value = b.load(b.bitcast(b.gep(array, [offset]), stored.as_pointer()), typ=stored)
    value.align = _BYTES[kind]
    if kind == "uint16":
        return b.fpext(value, _VECTOR)
    if kind == "int8":
        return b.sitofp(b.sext(value, ir.VectorType(_INT32, LANES)), _VECTOR)
    return value
