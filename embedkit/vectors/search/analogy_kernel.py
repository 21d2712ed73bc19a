"""The compiled kernel of large batches of analogies. Importing this module imports numba."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats1d, Floats2d, Ints1d, Longs2d
from embedkit.simd.compiling import compiled


@compiled(nogil=True)
def count_above(
    table: Floats2d,
    places: Longs2d,
    floors: Floats1d,
    counts: Ints1d,
) -> None:
    """Count the entries of table[b] - table[a] + table[c] above a floor, for each (a, b, c) of `places`.

    `table` is (U, R), `places` (q, 3); `floors` and `counts`, which is filled, are (q,). A count, unlike a
    maximum, is a sum that LLVM spreads over the lanes of a vector register.
    """
    for query in range(len(places)):
        a, b, c = table[places[query, 0]], table[places[query, 1]], table[places[query, 2]]
        floor, count = floors[query], np.int32(0)
        for column in range(len(a)):
            count += np.int32(b[column] - a[column] + c[column] > floor)
        counts[query] = count
