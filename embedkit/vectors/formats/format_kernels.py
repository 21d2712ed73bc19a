"""Compiled loops from rows of float32 to lines of text, see `pure_python` for the same in few words.

Numbers get the fewest of 7, 8 or 9 digits (trailing zeros dropped) that read back as the same float32.
Importing this module imports numba.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from embedkit.arrays import Bytes1d, Floats2d, Longs1d
from embedkit.simd.compiling import compiled
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


def format_rows(words: Sequence[bytes], matrix: Floats2d) -> bytes:
    """Lines `word number ... number` of a matrix (n, D), see `pure_python.format_rows`."""
    ends = np.cumsum([len(word) for word in words], dtype=np.int64)
    out = np.empty(int(ends[-1]) + matrix.size * NUMBER_BYTES + len(words), np.uint8)
    filled = _format_rows(np.ascontiguousarray(matrix), np.frombuffer(b"".join(words), np.uint8), ends, out)
    return out[:filled].tobytes()


@compiled(nogil=True)
def _format_rows(matrix: Floats2d, words: Bytes1d, ends: Longs1d, out: Bytes1d) -> int:
    """Write `word number ... number` lines into `out`; returns the number of bytes written.

    `words` holds the words one after the other, word i up to `ends[i]`. `out` needs room for the words, for
    `NUMBER_BYTES` a number and for a byte a line.
    """
    filled = start = 0
    for row in range(len(matrix)):
        for i in range(start, ends[row]):
            out[filled] = words[i]
            filled += 1
        start = ends[row]
        for column in range(matrix.shape[1]):
            out[filled] = SPACE
            filled = _format_number(matrix[row, column], out, filled + 1)
        out[filled] = NEWLINE
        filled += 1
    return filled


@compiled(nogil=True)
def _format_number(number: np.float32, out: Bytes1d, at: int) -> int:
    """Write one float32 at `at`; returns where it ends."""
    if np.signbit(number):
        out[at] = MINUS
        at += 1
    digits, count, exponent = _decimal(abs(number))
    if -6 < exponent < 9:
        return int(_format_fixed(digits, count, exponent, out, at))
    at = _format_fixed(digits, count, 0, out, at)
    out[at] = LOWER_E
    out[at + 1] = MINUS if exponent < 0 else PLUS
    return int(_format_digits(np.uint64(abs(exponent)), 2, out, at + 2))


@compiled(nogil=True)
def _decimal(number: np.float32) -> tuple[np.uint64, int, int]:
    """The fewest of 7, 8 or 9 digits that give `number` back: (digits, how many, decimal exponent).

    0.15 -> (15, 2, -1), which stands for 1.5e-1. Nine digits always give a float32 back.
    """
    if number == 0:
        return np.uint64(0), 1, 0
    exponent = int(np.floor(np.log10(np.float64(number))))
    digits, count = np.uint64(0), 7
    while True:
        shift = count - 1 - exponent
        shifted = number * POWERS[shift] if shift >= 0 else number / POWERS[-shift]
        digits = np.uint64(np.rint(shifted))
        if digits >= np.uint64(POWERS[count]):
            exponent += 1
        elif count == 9 or np.float32(scaled(float(digits), -shift)) == number:
            break
        else:
            count += 1
    while digits % np.uint64(10) == 0:
        digits //= np.uint64(10)
        count -= 1
    return digits, count, exponent


@compiled(nogil=True)
def _format_fixed(digits: np.uint64, count: int, exponent: int, out: Bytes1d, at: int) -> int:
    """Write `count` digits, the first at place 10^exponent: (15, 2, -1) -> 0.15, (15, 2, 2) -> 150.0."""
    whole = exponent + 1  # digits before the point
    if whole <= 0:
        out[at], out[at + 1] = ZERO, POINT
        at = _format_digits(np.uint64(0), -whole, out, at + 2)
        return int(_format_digits(digits, count, out, at))
    while count <= whole:
        digits *= np.uint64(10)
        count += 1
    power = np.uint64(POWERS[count - whole])
    at = _format_digits(digits // power, whole, out, at)
    out[at] = POINT
    return int(_format_digits(digits % power, count - whole, out, at + 1))


@compiled(nogil=True)
def _format_digits(digits: np.uint64, count: int, out: Bytes1d, at: int) -> int:
    """Write `digits` in `count` places, with zeros before; returns where they end."""
    for i in range(at + count - 1, at - 1, -1):
        out[i] = ZERO + digits % np.uint64(10)
        digits //= np.uint64(10)
    return at + count
