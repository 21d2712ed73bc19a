"""Compiled loops from rows of float32 to lines of text, see `pure_python` for the same in few words.

Numbers get the fewest of 7, 8 or 9 digits (trailing zeros dropped) that read back as the same float32. Nine
digits always do; whether seven or eight do, the distance to the next float32 tells, and where it cannot,
because they are as far away as rounding errors, the digits are tried. Importing this module imports numba.
"""

# mypy: disable-error-code="call-arg"
# An intrinsic is declared with a typing context that its callers do not pass.

from __future__ import annotations

import numpy as np

from embedkit.arrays import Bytes1d, Floats2d
from embedkit.simd import eight_bytes
from embedkit.simd.compiling import code_version, compiled
from embedkit.simd.eight_bytes import ZEROS, eight_digits, leading_zeros, store_eight
from embedkit.vectors.formats.parse_kernels import (
    LOWER_E,
    MINUS,
    NEWLINE,
    PLUS,
    POINT,
    SPACE,
    ZERO,
    scaled,
)
from embedkit.vectors.formats.pure_python import POWERS

NUMBER_BYTES = 17  # the longest number with the space before it: " -0.0000123456789"
SLACK = 16  # bytes that may be written behind the end
MIN_EXPONENT, MAX_EXPONENT = -14, 30  # decimal ones, of numbers that an exact power of ten scales to 9 digits
BIAS, MANTISSA_BITS = 1023, 52  # of float64
HALF_STEPS = 2.0 ** (np.arange(2047.0) - BIAS - 24)  # half the distance of float32s, by biased exponent
LOGS = np.floor(np.log10(2.0) * (np.arange(2047) - BIAS)).astype(np.int64)  # decimal exponents of powers of 2
NEXT_POWERS = 10.0 ** np.minimum(LOGS + 1, 308)  # the power of ten above
MANTISSA = (1 << MANTISSA_BITS) - 1
DOUBT = 1e-5  # of a unit of the ninth digit, many rounding errors
TEN, HUNDRED = np.uint64(10), np.uint64(100)
TEN_POWERS = 10 ** np.arange(10, dtype=np.uint64)
SOURCES = code_version(eight_bytes)


def format_rows(words: bytes, matrix: Floats2d) -> memoryview:
    """Lines `word number ... number` of a matrix (n, D), see `pure_python.format_rows`."""
    out = np.empty(len(words) + matrix.size * NUMBER_BYTES + SLACK, np.uint8)
    filled = _format_rows(np.ascontiguousarray(matrix), np.frombuffer(words, np.uint8), out)
    return out[:filled].data


@compiled(nogil=True)
def _format_rows(matrix: Floats2d, words: Bytes1d, out: Bytes1d) -> int:
    """Write `word number ... number` lines into `out`; returns the number of bytes written.

    In `words` each word is followed by a newline. `out` needs room for the words, for `NUMBER_BYTES` a number
    and for `SLACK`.
    """
    filled = at = SOURCES & 0
    for row in range(len(matrix)):
        while words[at] != NEWLINE:
            out[filled] = words[at]
            filled, at = filled + 1, at + 1
        at += 1
        for column in range(matrix.shape[1]):
            out[filled] = SPACE
            filled = _format_number(matrix[row, column], out, filled + 1)
        out[filled] = NEWLINE
        filled += 1
    return filled


@compiled(nogil=True)
def _format_number(number: np.float32, out: Bytes1d, at: int) -> int:
    """Write one float32 at `at`; returns where it ends."""
    out[at] = MINUS
    at += np.signbit(number)
    digits, exponent = _nine_digits(abs(number))
    first = digits // TEN_POWERS[8]
    others = eight_digits(digits - first * TEN_POWERS[8])
    count = 9 - int(leading_zeros(others)) // 8  # digits without trailing zeros
    if -6 < exponent < 9:
        return _format_fixed(first, others, count, exponent, out, at)
    at = _format_fixed(first, others, count, 0, out, at)
    out[at] = LOWER_E
    out[at + 1] = MINUS if exponent < 0 else PLUS
    out[at + 2], out[at + 3] = ZERO + abs(exponent) // 10, ZERO + abs(exponent) % 10
    return at + 4


@compiled(nogil=True)
def _format_fixed(
    first: np.uint64, others: np.uint64, count: int, exponent: int, out: Bytes1d, at: int
) -> int:
    """Write `count` of nine digits, the first at place 10^exponent: 15, -1 -> 0.15; 15, 2 -> 150.0.

    Digits are written eight at once; what is too much, the next number overwrites.
    """
    text = others | ZEROS
    if exponent < 0:
        store_eight(out, at, ZEROS)
        out[at + 1] = POINT
        at += 1 - exponent
        out[at] = ZERO + first
        store_eight(out, at + 1, text)
        return at + count
    out[at] = ZERO + first
    store_eight(out, at + 1, text)
    at += 1 + exponent
    out[at] = POINT
    store_eight(out, at + 1, text >> np.uint64(8 * exponent) if exponent < 8 else ZEROS)
    return at + 1 + max(count - 1 - exponent, 1)


@compiled(nogil=True)
def _nine_digits(number: np.float32) -> tuple[np.uint64, int]:
    """Nine digits of which the fewest of 7, 8 or 9 give `number` back and the rest are 0; decimal exponent.

    0.15 -> (150000000, -1), which stands for 1.5e-1.
    """
    if number == 0:
        return np.uint64(0), 0
    value = np.float64(number)
    bits = value.view(np.int64)
    binary = bits >> MANTISSA_BITS
    exponent = LOGS[binary] + (value >= NEXT_POWERS[binary])
    if exponent < MIN_EXPONENT or exponent > MAX_EXPONENT or not bits & MANTISSA:  # below 2^n, steps are half
        return _tried_digits(number)
    power = POWERS[abs(8 - exponent)]
    nine = value * power if exponent <= 8 else value / power
    half_step = HALF_STEPS[binary] * power if exponent <= 8 else HALF_STEPS[binary] / power
    whole = np.uint64(np.int64(nine))
    rest = nine - np.float64(np.int64(nine))
    seven, off_seven = _rounded(whole, rest, HUNDRED)
    eight, off_eight = _rounded(whole, rest, TEN)
    unsure = abs(off_seven - half_step) < DOUBT or 50.0 - off_seven < DOUBT
    unsure = unsure or abs(off_eight - half_step) < DOUBT or 5.0 - off_eight < DOUBT
    if unsure or abs(rest - 0.5) < DOUBT:
        return _tried_digits(number)
    digits = whole + np.uint64(rest > 0.5)
    digits = eight if off_eight < half_step else digits
    digits = seven if off_seven < half_step else digits
    return (digits, exponent) if digits < TEN_POWERS[9] else (TEN_POWERS[8], exponent + 1)


@compiled(nogil=True)
def _rounded(whole: np.uint64, rest: float, unit: np.uint64) -> tuple[np.uint64, float]:
    """`whole + rest` rounded to a multiple of `unit`, and how far away that is."""
    below = whole // unit * unit
    off = np.float64(np.int64(whole - below)) + rest
    up = off > 0.5 * np.float64(np.int64(unit))
    return below + (unit if up else np.uint64(0)), np.float64(np.int64(unit)) - off if up else off


@compiled(nogil=True)
def _tried_digits(number: np.float32) -> tuple[np.uint64, int]:
    """What `_nine_digits` gives, found by reading the digits again."""
    exponent = int(np.floor(np.log10(np.float64(number))))
    count = 7
    while True:
        shift = count - 1 - exponent
        shifted = number * POWERS[shift] if shift >= 0 else number / POWERS[-shift]
        digits = np.uint64(np.rint(shifted))
        if digits >= TEN_POWERS[count]:
            exponent += 1
        elif count == 9 or np.float32(scaled(float(digits), -shift)) == number:
            return digits * TEN_POWERS[9 - count], exponent
        else:
            count += 1
