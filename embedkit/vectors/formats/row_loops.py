"""The loops that parse and format rows of text: pure Python for few rows, compiled ones in threads for many.

Importing numba takes as long as 30 MB in pure Python.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import NamedTuple

from embedkit.arrays import Floats2d
from embedkit.parallel.cores import available_cores
from embedkit.parallel.inline import InlineExecutor
from embedkit.parallel.threads import threads
from embedkit.simd.compiling import announced, can_compile
from embedkit.vectors.formats import pure_python

ParseRows = Callable[[bytes, int, bool], tuple[bytes, Floats2d, int]]
FormatRows = Callable[[bytes, Floats2d], bytes | memoryview]

PURE_PYTHON_BYTES = 1 << 23  # of lines, few enough for pure Python
PURE_PYTHON_NUMBERS = 1 << 19  # to write, few enough for pure Python
THREADS = 8  # at most
COMPILING = "compiling the loops that read and write vectors as text, once; this takes a few seconds"


class RowLoops(NamedTuple):
    """What parses and formats blocks of rows, and where."""

    parse: ParseRows
    format: FormatRows
    pool: Executor
    in_flight: int


@contextmanager
def row_loops(few: bool) -> Iterator[RowLoops]:
    """The loops for few or for many rows; a warning tells when numba compiles, if it may."""
    if few or not can_compile():
        yield RowLoops(pure_python.parse_rows, pure_python.format_rows, InlineExecutor(), 1)
        return
    from embedkit.vectors.formats.format_kernels import format_rows
    from embedkit.vectors.formats.parse_kernels import parse_rows

    workers = min(available_cores(), THREADS)
    with announced(lambda notice: warnings.warn(notice, stacklevel=2), COMPILING), threads(workers) as pool:
        yield RowLoops(parse_rows, format_rows, pool, workers + 1)
