"""Compiled steps through UTF-8: a character read, written or checked.

Importing this module imports numba.
"""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Bytes1d
from embedkit.simd.compiling import compiled

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # of hashes: 2 ** 64 divided by the golden ratio


@compiled(nogil=True, forceinline=True)
def has_mark(text: Bytes1d, position: int) -> bool:
    """Whether a byte order mark stands at `position`."""
    if len(text) - position < 3 or text[position] != 0xEF:
        return False
    return bool(text[position + 1] == 0xBB and text[position + 2] == 0xBF)


@compiled(nogil=True, forceinline=True)
def decoded(text: Bytes1d, position: int) -> tuple[int, int]:
    """The character at `position`, and where the next one begins."""
    byte = int(text[position])
    if byte < 0x80:
        return byte, position + 1
    second = int(text[position + 1] & 0x3F)
    if byte < 0xE0:
        return (byte & 0x1F) << 6 | second, position + 2
    third = int(text[position + 2] & 0x3F)
    if byte < 0xF0:
        return (byte & 0x0F) << 12 | second << 6 | third, position + 3
    fourth = int(text[position + 3] & 0x3F)
    return (byte & 0x07) << 18 | second << 12 | third << 6 | fourth, position + 4


@compiled(nogil=True, forceinline=True)
def append(letters: Bytes1d, top: int, hashed: np.uint64, code: int) -> tuple[int, np.uint64]:
    """Write a character at `top`; where the next one goes, and the hash with this one taken in."""
    if code < 0x80:
        letters[top] = code
    elif code < 0x800:
        letters[top] = 0xC0 | code >> 6
        top += 1
        letters[top] = 0x80 | code & 0x3F
    elif code < 0x10000:
        letters[top] = 0xE0 | code >> 12
        letters[top + 1] = 0x80 | code >> 6 & 0x3F
        top += 2
        letters[top] = 0x80 | code & 0x3F
    else:
        letters[top] = 0xF0 | code >> 18
        letters[top + 1] = 0x80 | code >> 12 & 0x3F
        letters[top + 2] = 0x80 | code >> 6 & 0x3F
        top += 3
        letters[top] = 0x80 | code & 0x3F
    return top + 1, (hashed ^ np.uint64(code)) * MULTIPLIER


@compiled(nogil=True, forceinline=True)
def is_valid(text: Bytes1d, position: int) -> bool:
    """Whether a character begins at `position`, by the table of well-formed UTF-8 in the Unicode Standard."""
    lead = text[position]
    if lead < 0x80:
        return True
    if not 0xC2 <= lead <= 0xF4:
        return False
    length = 2 + (lead >= 0xE0) + (lead >= 0xF0)
    if position + length > len(text):
        return False
    for i in range(1, length):
        if text[position + i] & 0xC0 != 0x80:
            return False
    first_two = int(lead) << 8 | int(text[position + 1])
    too_long = 0xE000 <= first_two < 0xE0A0 or 0xF000 <= first_two < 0xF090  # shorter forms exist
    return not (
        too_long or 0xEDA0 <= first_two < 0xEE00 or first_two >= 0xF490
    )  # surrogates; beyond the last
