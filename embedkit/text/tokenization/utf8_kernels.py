"""Compiled steps through UTF-8: a character read, written or checked.

`text` and `letters` are addresses of bytes. Importing this module imports numba.
"""

from __future__ import annotations

from embedkit.simd.compiling import compiled
from embedkit.simd.memory import byte_at, put_byte


@compiled(nogil=True, forceinline=True)
def has_mark(text: int, length: int, position: int) -> bool:
    """Whether a byte order mark stands at `position`."""
    if length - position < 3 or byte_at(text, position) != 0xEF:
        return False
    return bool(byte_at(text, position + 1) == 0xBB and byte_at(text, position + 2) == 0xBF)


@compiled(nogil=True, forceinline=True)
def decoded(text: int, position: int) -> tuple[int, int]:
    """The character at `position`, and where the next one begins."""
    byte = byte_at(text, position)
    if byte < 0x80:
        return byte, position + 1
    second = byte_at(text, position + 1) & 0x3F
    if byte < 0xE0:
        return (byte & 0x1F) << 6 | second, position + 2
    third = byte_at(text, position + 2) & 0x3F
    if byte < 0xF0:
        return (byte & 0x0F) << 12 | second << 6 | third, position + 3
    fourth = byte_at(text, position + 3) & 0x3F
    return (byte & 0x07) << 18 | second << 12 | third << 6 | fourth, position + 4


@compiled(nogil=True, forceinline=True)
def append(letters: int, top: int, code: int) -> int:
    """Write a character at `top`; where the next one goes."""
    if code < 0x80:
        put_byte(letters, top, code)
    elif code < 0x800:
        put_byte(letters, top, 0xC0 | code >> 6)
        top += 1
        put_byte(letters, top, 0x80 | code & 0x3F)
    elif code < 0x10000:
        put_byte(letters, top, 0xE0 | code >> 12)
        put_byte(letters, top + 1, 0x80 | code >> 6 & 0x3F)
        top += 2
        put_byte(letters, top, 0x80 | code & 0x3F)
    else:
        put_byte(letters, top, 0xF0 | code >> 18)
        put_byte(letters, top + 1, 0x80 | code >> 12 & 0x3F)
        put_byte(letters, top + 2, 0x80 | code >> 6 & 0x3F)
        top += 3
        put_byte(letters, top, 0x80 | code & 0x3F)
    return top + 1


@compiled(nogil=True, forceinline=True)
def is_valid(text: int, length: int, position: int) -> bool:
    """Whether a character begins at `position`, by the table of well-formed UTF-8 in the Unicode Standard."""
    lead = byte_at(text, position)
    if lead < 0x80:
        return True
    if not 0xC2 <= lead <= 0xF4:
        return False
    size = 2 + (lead >= 0xE0) + (lead >= 0xF0)
    if position + size > length:
        return False
    for i in range(1, size):
        if byte_at(text, position + i) & 0xC0 != 0x80:
            return False
    first_two = lead << 8 | byte_at(text, position + 1)
    too_long = 0xE000 <= first_two < 0xE0A0 or 0xF000 <= first_two < 0xF090  # shorter forms exist
    return not (
        too_long or 0xEDA0 <= first_two < 0xEE00 or first_two >= 0xF490
    )  # surrogates; beyond the last
