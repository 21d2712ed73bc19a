"""Compiled search for the runs of UTF-8 text that need more than tables: the twin of `special_runs`.

A run is what stands between spaces and line ends. It is special if it is not UTF-8, if its neighbors decide
what a character becomes, or if a sign in it may have a meaning that only the full expression of
`tokenization.word_patterns` knows. Some runs are told special that are not; none is missed.
Importing this module imports numba.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bytes1d, Longs2d
from embedkit.simd.compiling import compiled
from embedkit.simd.memory import byte_at, uint16_at
from embedkit.text.tokenization.characters import UNSTABLE
from embedkit.text.tokenization.utf8_kernels import decoded, has_mark, is_valid

_CHUNK = 32  # bytes looked at together
_SPACE, _NEWLINE, _POINT, _BEYOND_ASCII = 0x20, 0x0A, 0x2E, 0x80
_LOWER = 0x20  # the bit in which the cases of a letter differ


@compiled(nogil=True)
def find_special_runs(
    text: Bytes1d,
    kinds: NDArray[np.uint16],
    combining: NDArray[np.uint8],
    signs: Bytes1d,
    runs: Longs2d,
) -> int:
    """Find the special runs of a text.

    Args:
        text: UTF-8, perhaps with errors.
        kinds: of characters, from the tokenizer's `CharacterTables`.
        combining: their combining classes, from there too.
        signs: (256,), 1 for the bytes of ASCII that may be special, as their neighbors have it, and for all
            others.
        runs: receives where each run begins and ends; room for one in two bytes.

    Returns:
        Their number.
    """
    content, length = text.ctypes.data, len(text)
    kind_of, class_of, sign_of = kinds.ctypes.data, combining.ctypes.data, signs.ctypes.data
    found = position = last = 0
    while position < length:
        while _is_usual(content, length, position, sign_of):
            position += _CHUNK
            last = 0
        stop = min(position + _CHUNK, length)
        while position < stop:
            byte = byte_at(content, position)
            if byte < _BEYOND_ASCII:
                following, last = position + 1, 0
                special = byte_at(sign_of, byte) != 0 and _is_special(content, length, position)
            elif is_valid(content, length, position):
                code, following = decoded(content, position)
                own = byte_at(class_of, code)
                special = uint16_at(kind_of, code) & UNSTABLE != 0 or 0 < own < last
                last = own
            else:
                special, following = True, position + 1
            if special:
                end = _end(content, length, position)
                runs[found, 0], runs[found, 1] = _begin(content, length, position), end
                found += 1
                position, last = end, 0
            else:
                position = following
    return found


@compiled(nogil=True, forceinline=True)
def _is_usual(text: int, length: int, position: int, signs: int) -> bool:
    """Whether a chunk follows in which nothing may be special."""
    if position + _CHUNK > length:
        return False
    together = 0
    for i in range(_CHUNK):
        together |= byte_at(signs, byte_at(text, position + i))
    return together == 0


@compiled(nogil=True, forceinline=True)
def _begin(text: int, length: int, position: int) -> int:
    """Where the run begins; not before a byte order mark that begins a line, which is passed over."""
    while position > 0 and not _is_blank(byte_at(text, position - 1)):
        position -= 1
    begins_line = position == 0 or byte_at(text, position - 1) == _NEWLINE
    return position + 3 * (begins_line and has_mark(text, length, position))


@compiled(nogil=True, forceinline=True)
def _end(text: int, length: int, position: int) -> int:
    while position < length and not _is_blank(byte_at(text, position)):
        position += 1
    return position


@compiled(nogil=True)
def _is_special(text: int, length: int, position: int) -> bool:
    """Whether a sign may have a meaning beside its neighbors, of which bytes beyond ASCII may be any."""
    sign = byte_at(text, position)
    before = byte_at(text, position - 1) if position > 0 else _SPACE
    after = byte_at(text, position + 1) if position + 1 < length else _SPACE
    if sign == _POINT:
        in_address = before | _LOWER == ord("w") and not _is_blank(after)
        return in_address or _is_letter(after) or after in (ord("'"), ord("`"))
    if sign in (ord(":"), ord(";"), ord("=")):
        return _is_special_eye(before, after)
    if sign == ord("/"):
        return _is_digit(before) and _is_digit(after)
    if sign == ord('"'):
        return before >= _BEYOND_ASCII and after >= _BEYOND_ASCII
    if sign in (ord("*"), ord("$")):
        return not _is_blank(before) and (_is_letter(after) or after in (ord("*"), ord("$")))
    if sign == ord("+"):
        return after == ord("+") or after >= _BEYOND_ASCII
    return not _is_blank(after) or (sign == ord("#") and not _is_blank(before))


@compiled(nogil=True, forceinline=True)
def _is_special_eye(before: int, after: int) -> bool:
    """Whether a colon, a semicolon or an equals sign may begin an emoticon or part a time or an address."""
    if _is_blank(after) or after == ord('"'):
        return False
    if ord("0") <= after <= ord("9"):
        return _is_digit(before)
    if after == ord("_") or (_is_letter(after) and after < _BEYOND_ASCII):
        return after | _LOWER in (ord("d"), ord("p"), ord("b"), ord("o"))
    return True


@compiled(nogil=True, forceinline=True)
def _is_blank(byte: int) -> bool:
    return byte in (_SPACE, _NEWLINE)


@compiled(nogil=True, forceinline=True)
def _is_letter(byte: int) -> bool:
    return ord("a") <= byte | _LOWER <= ord("z") or byte >= _BEYOND_ASCII


@compiled(nogil=True, forceinline=True)
def _is_digit(byte: int) -> bool:
    return ord("0") <= byte <= ord("9") or byte >= _BEYOND_ASCII
