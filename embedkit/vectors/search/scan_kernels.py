"""The compiled pass over rows of float32, float16 or int8, see `scan` for the same in few words.

Arrays of rows are flat, those of float16 viewed as uint16. Importing this module imports numba.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from embedkit.simd import intrinsics, lanes, stored_rows
from embedkit.simd.compiling import code_version, compiled
from embedkit.simd.stored_rows import ROWS, product_of_row, products_of_rows


@cache
def scan_kernel() -> Any:
    """Compile `scan_part`; compiled code is kept on disk for later processes."""
    code = code_version(intrinsics, lanes, stored_rows)

    @compiled(nogil=True)
    def scan_part(
        values: Any, size: int, vector: Any, factors: Any, scores: Any, start: int, stop: int
    ) -> None:
        """Fill `scores[start:stop]` with the products of rows with `vector`, times `factors`.

        Rows have `size` numbers; `vector` is one that `embedkit.simd.stored_rows.spread` made.
        """
        code  # noqa: B018 - what this function captures is part of the key under which it is cached
        whole = start + (stop - start) // ROWS * ROWS
        for row in range(start, whole, ROWS):
            products_of_rows(values, row, size, vector, factors, scores)
        for row in range(whole, stop):
            product_of_row(values, row, size, vector, factors, scores)

    return scan_part
