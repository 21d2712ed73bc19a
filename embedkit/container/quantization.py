"""Quantization to 8 bits: one signed byte per entry and one float32 scale per row.

A row x is stored as q = round(x / s) with s = max|x| / 127, so every entry of s * q lies within s / 2 of x.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d

MAX_INT8 = 127


def quantize(matrix: Floats2d) -> tuple[NDArray[np.int8], Floats1d]:
    """Split a float32 (V, D) matrix into int8 (V, D) and float32 scales (V,); a zero row has scale 0.

    Example:
        >>> quantized, scales = quantize(np.array([[254, -127, 1]], np.float32))
        >>> quantized.tolist(), scales.tolist()
        ([[127, -64, 0]], [2.0])
    """
    scales = np.abs(matrix).max(axis=1) / np.float32(MAX_INT8)
    divisors = np.where(scales > 0, scales, np.float32(1))
    rounded = np.rint(matrix / divisors[:, None])
    return rounded.clip(-MAX_INT8, MAX_INT8).astype(np.int8), scales


def dequantize(quantized: NDArray[np.int8], scales: Floats1d) -> Floats2d:
    """The float32 (V, D) matrix that int8 (V, D) and scales (V,) stand for."""
    return np.multiply(quantized, scales[:, None], dtype=np.float32)
