"""Eight bytes of text as one number, in compiled kernels: unaligned loads and stores, and digits in parallel.

The first byte of the text is the lowest byte of the number, whatever the processor's order. The arithmetic on
digits that lie side by side in a register is described by Lemire (2021), "Number parsing at a gigabyte per
second", section 5.
"""

# mypy: disable-error-code="call-arg"
# An intrinsic is declared with a typing context that its callers do not pass.

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from embedkit.simd.compiling import compiled
from embedkit.simd.intrinsics import INDEX, emits

ZEROS = np.uint64(0x3030303030303030)  # "00000000"
BEYOND_NINE = np.uint64(0x7676767676767676)  # carries a byte over 9 into its highest bit
HIGH_BITS = np.uint64(0x8080808080808080)
EIGHT = np.uint64(8)
PAIRS = np.uint64(0x000000FF000000FF)
FIRST_PAIRS, LAST_PAIRS = np.uint64(0x000F424000000064), np.uint64(0x0000271000000001)
TENTHS = np.uint64(103)  # of 2^10, for numbers below 100
HUNDREDTHS = np.uint64(10486)  # of 2^20, for numbers below 10,000


@intrinsic
def load_eight(typing: Any, data: Any, offset: Any) -> Any:
    """Bytes `offset` to `offset + 8` of a flat array of bytes."""
    return emits(types.uint64(data, types.intp), _load)


@intrinsic
def store_eight(typing: Any, data: Any, offset: Any, value: Any) -> Any:
    """Write bytes `offset` to `offset + 8` of a flat array of bytes."""
    return emits(types.void(data, types.intp, types.uint64), _store)


@intrinsic
def trailing_zeros(typing: Any, value: Any) -> Any:
    """How many low bits of a 64-bit number are 0; 64 of 0."""
    return emits(types.uint64(types.uint64), lambda builder, value: builder.cttz(value, ir.IntType(1)(0)))


@intrinsic
def leading_zeros(typing: Any, value: Any) -> Any:
    """How many high bits of a 64-bit number are 0; 64 of 0."""
    return emits(types.uint64(types.uint64), lambda builder, value: builder.ctlz(value, ir.IntType(1)(0)))


@compiled(nogil=True)
def digit_count(eight: np.uint64) -> np.uint64:
    """How many of eight characters, from the first on, are digits."""
    values = eight ^ ZEROS
    return np.uint64(trailing_zeros(((values + BEYOND_NINE) | values) & HIGH_BITS)) // EIGHT


@compiled(nogil=True)
def digits_value(eight: np.uint64, count: np.uint64) -> np.uint64:
    """The number that the first `count` of eight characters, all digits, make: 0 to 8 of them."""
    half = np.uint64(32) - np.uint64(4) * count  # a shift by 64 at once would be undefined
    values = ((eight ^ ZEROS) << half) << half
    values = values * np.uint64(10) + (values >> EIGHT)
    first, last = (values & PAIRS) * FIRST_PAIRS, ((values >> np.uint64(16)) & PAIRS) * LAST_PAIRS
    return (first + last) >> np.uint64(32)


@compiled(nogil=True)
def eight_digits(number: np.uint64) -> np.uint64:
    """The eight digits of a number below 10^8, as bytes 0 to 9, the first the lowest."""
    high = number // np.uint64(10_000)
    fours = high | ((number - high * np.uint64(10_000)) << np.uint64(32))
    hundreds = ((fours * HUNDREDTHS) >> np.uint64(20)) & np.uint64(0x0000007F0000007F)
    twos = hundreds | ((fours - hundreds * np.uint64(100)) << np.uint64(16))
    tens = ((twos * TENTHS) >> np.uint64(10)) & np.uint64(0x000F000F000F000F)
    return tens | ((twos - tens * np.uint64(10)) << EIGHT)


def _load(builder: ir.IRBuilder, data: ir.Value, offset: ir.Value) -> ir.Value:
    loaded = builder.load(_pointer(builder, data, offset))
    loaded.align = 1
    return _little_endian(builder, loaded)


def _store(builder: ir.IRBuilder, data: ir.Value, offset: ir.Value, value: ir.Value) -> None:
    builder.store(_little_endian(builder, value), _pointer(builder, data, offset)).align = 1


def _pointer(builder: ir.IRBuilder, data: ir.Value, offset: ir.Value) -> ir.Value:
    return builder.bitcast(builder.gep(data, [offset]), INDEX.as_pointer())


def _little_endian(builder: ir.IRBuilder, value: ir.Value) -> ir.Value:
    return value if sys.byteorder == "little" else builder.bswap(value)
