"""Matrices aligned for the kernels: rows padded to whole vectors of 16 floats, 64-byte aligned."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from embedkit.arrays import Floats2d
from embedkit.simd.lanes import LANES


def padded(size: int) -> int:
    """`size` floats rounded up to whole vectors."""
    return -(-size // LANES) * LANES


def aligned_matrix(rows: int, vector_size: int, dtype: Any = np.float32) -> Floats2d:
    """A matrix of zeros for the kernels, (rows, padded(vector_size)), its rows aligned to whole vectors.

    It is of float32, or of uint16 that holds the bits of bfloat16, see `embedkit.container.half_floats`.
    """
    stride = padded(vector_size)
    raw = np.zeros(rows * stride + 2 * LANES, dtype)
    skip = (-raw.ctypes.data % 64) // raw.itemsize
    return raw[skip : skip + rows * stride].reshape(rows, stride)


@njit(inline="always")
def aligned(size):
    """`size` uninitialised floats, 64-byte aligned, inside compiled code."""
    raw = np.empty(size + LANES, np.float32)
    skip = (-raw.ctypes.data % 64) // 4
    return raw[skip : skip + size]
