"""Arrays written to .npy files block by block, without ever being held as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.files import atomic_file


def write_rows(path: Path, blocks: Iterable[Floats2d], size: int) -> int:
    """Write float32 rows as one array (n, `size`), which `numpy.load` reads; returns n.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "rows.npy")
        ...     count = write_rows(path, [np.ones((1, 2), np.float32), np.zeros((1, 2), np.float32)], 2)
        ...     np.load(path).tolist()
        [[1.0, 1.0], [0.0, 0.0]]
    """
    rows = 0
    with atomic_file(path) as file:
        file.write(_header(0, size))
        for block in blocks:
            file.write(np.ascontiguousarray(block, "<f4").tobytes())
            rows += len(block)
        file.seek(0)
        file.write(_header(rows, size))  # as long as the one before: numpy leaves room for any number of rows
    return rows


def _header(rows: int, size: int) -> bytes:
    stream = BytesIO()
    shape = {"descr": "<f4", "fortran_order": False, "shape": (rows, size)}
    np.lib.format.write_array_header_1_0(stream, shape)
    return stream.getvalue()
