"""`Sketch`: rows in few bits, which a compiled scan reads in place of the rows, at the speed of memory.

A scan takes as long as its bytes take to arrive from memory. Rows of float32 have a copy in int8, a quarter
of their bytes, and the length of what the copy lacks of each row: by the inequality of Cauchy and Schwarz no
cosine with a unit vector is off by more than that, divided by the length of the row. So a scan of the copy
tells which few rows may be among the nearest, and these are compared exactly, see `scan`. Rows of float16
and int8 are their own sketch.

A sketch is made once scans without it have taken as long as making it takes: numba to import, a copy to make.
Whoever asks one question pays for neither, and whoever asks many never waits for more than twice the least.
"""

from __future__ import annotations

import sys
from time import perf_counter
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Longs1d
from embedkit.container.quantization import dequantize, quantize
from embedkit.parallel.threads import shared_threads
from embedkit.vectors.norms import row_norms
from embedkit.vectors.rows import StoredRows, check_scores
from embedkit.vectors.search.scan import number_of, rounding, scan

KERNELS = "embedkit.vectors.search.scan_kernels"
LOADING = 0.5  # seconds to import numba and kernels that were compiled before
COPYING = 2e-9  # seconds to make a copy, an entry
LEAST = 1 << 21  # entries of a matrix from which on a compiled scan may be worth while
MIN_SIZE = 17  # numbers of a row, as kernels need them
BLOCK = 1024  # rows copied at once: they stay in the caches
PART = 1 << 21  # entries that a thread scans at once
ALONE = 1 << 23  # entries up to which one thread has scanned them all before others have begun
MIN_SHARE = 8  # fewer rows than one in so many are looked up one by one

_sketches: WeakKeyDictionary[StoredRows, Sketch] = WeakKeyDictionary()
_seconds: WeakKeyDictionary[StoredRows, float] = WeakKeyDictionary()  # that scans without a sketch took


class Sketch(NamedTuple):
    """Rows as a compiled scan reads them.

    Args:
        values: (V, D), the rows or a copy of them in int8.
        factors: float32 (V,), which make cosines of the products of `values` with a unit vector.
        bounds: how far those are from the cosines of the rows: of each, float32 (V,), or of all.
    """

    values: NDArray[Any]
    factors: Floats1d
    bounds: Floats1d | float

    def first(self, count: int) -> Sketch:
        """That of the first so many rows."""
        bounds = self.bounds if isinstance(self.bounds, float) else self.bounds[:count]
        return Sketch(self.values[:count], self.factors[:count], bounds)

    def scan(self, target: Floats1d) -> Floats1d:
        """The cosines (V,) of a unit vector (D,) with the rows, to within `bounds`."""
        from embedkit.simd.stored_rows import spread
        from embedkit.vectors.search.scan_kernels import scan_kernel

        kernel, vector = scan_kernel(), spread(target)
        values = self.values.view(np.uint16) if self.values.dtype == np.float16 else self.values
        count, size = values.shape
        scores = np.empty(count, np.float32)
        flat, step = values.reshape(-1), max(1, PART // size)

        def part(start: int) -> None:
            kernel(flat, size, vector, self.factors, scores, start, min(start + step, count))

        if self.values.size <= ALONE:
            kernel(flat, size, vector, self.factors, scores, 0, count)
        else:
            list(shared_threads().map(part, range(0, count, step)))
        return scores


def sketch_of(rows: StoredRows) -> Sketch:
    """The sketch of rows that are not float32, else a copy in int8 with the bounds of its errors."""
    slack = rounding(rows.vector_size)
    if rows.dtype != "float32":
        return Sketch(rows.values, rows.factors, slack)
    values = np.empty(rows.values.shape, np.int8)
    factors, bounds = np.empty(len(rows), np.float32), np.empty(len(rows), np.float32)

    def copy(start: int) -> None:
        part = slice(start, start + BLOCK)
        with np.errstate(invalid="ignore"):  # of NaN and infinity, which are refused below
            values[part], scales = quantize(rows.values[part])
            lost = row_norms(rows.values[part] - dequantize(values[part], scales))
            factors[part] = scales * rows.factors[part]
            bounds[part] = lost * rows.factors[part] * (1 + slack) + 2 * slack

    list(shared_threads().map(copy, range(0, len(rows), BLOCK)))
    check_scores(bounds, slice(0, None))
    return Sketch(values, factors, bounds)


def prepare_scans(rows: StoredRows) -> None:
    """Make the sketch of `rows` now, if there can be one: for a service, whose first answers are awaited."""
    if has_sketch(rows) or not _can_scan(rows):
        return
    _sketches.setdefault(rows, sketch_of(rows)).scan(np.zeros(rows.vector_size, np.float32))


def has_sketch(rows: StoredRows) -> bool:
    """Whether scans of `rows` have become as fast as they can be."""
    return rows in _sketches


def scores_and_bounds(
    rows: StoredRows, target: Floats1d, which: slice | Longs1d
) -> tuple[Floats1d, Floats1d | float]:
    """The cosines of a unit vector (D,) with some rows, and how far off they may be; see `scan`.

    Raises:
        NotFiniteError: one of the rows holds NaN or infinity.
    """
    count = number_of(which)
    sketch = None if count * MIN_SHARE < len(rows) else _sketch(rows)
    if sketch is None:
        _ = rows.factors  # lengths take time only once, and memory that is mapped is read from disk for them
        begin = perf_counter()
        scores = scan(rows, target, which)
        _seconds[rows] = _seconds.get(rows, 0) + perf_counter() - begin
        check_scores(scores, which)
        return scores, rounding(rows.vector_size)
    if isinstance(which, slice):
        sketch = sketch.first(count)
    scores = sketch.scan(target)
    check_scores(scores, slice(0, None))
    if isinstance(which, slice):
        return scores, sketch.bounds
    return scores[which], sketch.bounds if isinstance(sketch.bounds, float) else sketch.bounds[which]


def _sketch(rows: StoredRows) -> Sketch | None:
    """The sketch of `rows`, made now if that is worth while; None if it is not, or cannot be."""
    known = _sketches.get(rows)
    if known is not None or _seconds.get(rows, 0) <= _cost(rows) or not _can_scan(rows):
        return known
    return _sketches.setdefault(rows, sketch_of(rows))


def _cost(rows: StoredRows) -> float:
    """The seconds that it takes to make a sketch of these rows now."""
    loading = 0 if KERNELS in sys.modules else LOADING
    return loading + (COPYING * rows.values.size if rows.dtype == "float32" else 0)


def _can_scan(rows: StoredRows) -> bool:
    """Whether there is a compiled scan of such rows, and they are no few."""
    if rows.values.size < LEAST or rows.vector_size < MIN_SIZE or not rows.values.flags.c_contiguous:
        return False
    from embedkit.simd.compiling import can_compile
    from embedkit.simd.target import has_half_floats

    return can_compile() and (rows.dtype != "float16" or has_half_floats())
