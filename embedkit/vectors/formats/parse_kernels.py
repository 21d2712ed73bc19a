"""Compiled loops from lines of text to rows of float32, see `pure_python` for the same in few words.

A line is `word number ... number`, split at spaces or tabs. Most lines are a word without spaces and plain
decimals with one space before each: those are read from the left, eight digits at once. Any other line is
read from the right, so that a word may hold spaces. A number is within one unit in the last place of the
correctly rounded float32. Importing this module imports numba.
"""

# mypy: disable-error-code="call-arg"
# An intrinsic is declared with a typing context that its callers do not pass.

from __future__ import annotations

import numpy as np

from embedkit.arrays import Bytes1d, Floats1d, Floats2d
from embedkit.simd import eight_bytes
from embedkit.simd.compiling import code_version, compiled
from embedkit.simd.eight_bytes import EIGHT, digit_count, digits_value, load_eight
from embedkit.vectors.formats import pure_python
from embedkit.vectors.formats.pure_python import MANTISSA_DIGITS, MAX_EXPONENT, POWERS

NAN, INF, INFINITY = (np.frombuffer(word, np.uint8) for word in (b"nan", b"inf", b"infinity"))
SPACE, TAB, NEWLINE, RETURN = 32, 9, 10, 13
PLUS, MINUS, POINT, ZERO, LOWER_E = 43, 45, 46, 48, 101
BEFORE_POINT, MAX_PLACES = 3, 16  # digits before and behind the point of a number read from the left
PLAIN_BYTES = BEFORE_POINT + MAX_PLACES + 3  # read of such a number, with blank, sign and point
MAX_DIGITS = 18  # that fit into 63 bits
TENS = 10 ** np.arange(9, dtype=np.uint64)
SOURCES = code_version(eight_bytes)


def parse_rows(text: bytes, size: int, spaces: bool) -> tuple[bytes, Floats2d, int]:
    """Parse whole lines of a word and its numbers, see `pure_python.parse_rows`."""
    data = np.frombuffer(text, np.uint8)
    most = len(text) // (2 * size) + 1  # a number and the blank before it are two bytes at least
    matrix = np.empty((min(text.count(b"\n") + 1, most), size), np.float32)
    words = np.empty(len(data) + 1, np.uint8)
    rows, filled, bad = _parse_rows(data, size, spaces, matrix, words)
    return words[:filled].tobytes(), matrix[:rows], bad


@compiled(nogil=True)
def _parse_rows(
    data: Bytes1d, size: int, spaces: bool, matrix: Floats2d, words: Bytes1d
) -> tuple[int, int, int]:
    """Parse whole lines into `matrix` (rows, size) and `words`, each word followed by a newline.

    Returns the number of rows, the number of bytes in `words`, and the index of the first line that is no
    row of `size` numbers, -1 if there is none. Blank lines are skipped. A word may hold spaces if `spaces`.
    """
    row = filled = line = start = SOURCES & 0
    while start < len(data):
        word_end, end = _parse_plain_line(data, start, matrix[row]) if row < len(matrix) else (0, 0)
        if end:
            filled = _copy_word(data, start, word_end, words, filled)
            row, line, start = row + 1, line + 1, end + 1
            continue
        end = start
        while end < len(data) and data[end] != NEWLINE:
            end += 1
        stop = _trimmed(data, start, end)
        if stop > start:
            word_end = _parse_numbers(data, start, stop, matrix[row])
            if word_end <= start or not (spaces or _is_one_word(data, start, word_end)):
                return row, filled, line
            filled = _copy_word(data, start, word_end, words, filled)
            row += 1
        start = end + 1
        line += 1
    return row, filled, -1


@compiled(nogil=True)
def _copy_word(data: Bytes1d, start: int, stop: int, words: Bytes1d, filled: int) -> int:
    """Append [start, stop) and a newline to `words`; returns where they end."""
    for i in range(start, stop):
        words[filled] = data[i]
        filled += 1
    words[filled] = NEWLINE
    return filled + 1


@compiled(nogil=True)
def _parse_plain_line(data: Bytes1d, start: int, out: Floats1d) -> tuple[int, int]:
    """Fill `out` from the line at `start`: where its word and the line end, (0, 0) if it is not plain."""
    last = len(data) - PLAIN_BYTES
    i = start
    while i < last and data[i] > SPACE:
        i += 1
    word_end = i
    for column in range(len(out)):
        if i >= last or i == start or not (data[i] == SPACE or data[i] == TAB):
            return 0, 0
        value, i = _parse_plain_number(data, i + 1, last)
        if i < 0:
            return 0, 0
        out[column] = value
    while i < last and (data[i] == SPACE or data[i] == TAB or data[i] == RETURN):
        i += 1
    return (word_end, i) if data[i] == NEWLINE else (0, 0)


@compiled(nogil=True)
def _parse_plain_number(data: Bytes1d, i: int, last: int) -> tuple[float, int]:
    """The number at `i` and where it ends, -1 if it has to be read in another way."""
    negative = data[i] == MINUS
    i += int(negative)
    begin, digits, places = i, np.uint64(0), 0
    while i < begin + BEFORE_POINT and 0 <= data[i] - ZERO <= 9:
        digits = digits * np.uint64(10) + np.uint64(data[i] - ZERO)
        i += 1
    whole = i - begin
    if data[i] == POINT:
        i += 1
        digits, places = _parse_places(data, i, digits)
        i += places
    if whole + places == 0 or whole + places > MAX_DIGITS:
        return 0.0, -1
    value = np.float64(np.int64(digits)) / POWERS[places]
    if data[i] > SPACE:
        end = i
        while end < last and data[end] > SPACE:
            end += 1
        exponent, correct = _parse_exponent(data, i, end)
        if not correct:
            return 0.0, -1
        value, i = scaled(float(digits), exponent - places), end
    return (-value if negative else value), i


@compiled(nogil=True)
def _parse_places(data: Bytes1d, i: int, digits: np.uint64) -> tuple[np.uint64, int]:
    """The digits before a point followed by those from `i` on, 16 at most, and how many these are.

    Whether there are more than eight nobody can foresee, so sixteen are looked at without asking.
    """
    first: np.uint64 = load_eight(data, i)
    second: np.uint64 = load_eight(data, i + 8)
    some, more = digit_count(first), digit_count(second)
    more = more if some == EIGHT else np.uint64(0)
    digits = (digits * TENS[some] + digits_value(first, some)) * TENS[more] + digits_value(second, more)
    return digits, int(np.int64(some + more))


@compiled(nogil=True)
def _trimmed(data: Bytes1d, start: int, stop: int) -> int:
    """Where the text in [start, stop) ends without the blanks that trail it."""
    while stop > start and (data[stop - 1] == SPACE or data[stop - 1] == TAB or data[stop - 1] == RETURN):
        stop -= 1
    return stop


@compiled(nogil=True)
def _is_one_word(data: Bytes1d, start: int, stop: int) -> bool:
    while start < stop and data[start] != SPACE and data[start] != TAB:
        start += 1
    return start == stop


@compiled(nogil=True)
def _parse_numbers(data: Bytes1d, start: int, stop: int, out: Floats1d) -> int:
    """Fill `out` from the right of [start, stop); returns where the text before ends, -1 for no number."""
    for column in range(len(out) - 1, -1, -1):
        begin = stop
        while begin > start and data[begin - 1] != SPACE and data[begin - 1] != TAB:
            begin -= 1
        value, correct = parse_number(data, begin, stop)
        if not correct:
            return -1
        out[column] = value
        stop = _trimmed(data, start, begin)
    return stop


@compiled(nogil=True)
def parse_number(data: Bytes1d, begin: int, stop: int) -> tuple[float, bool]:
    """The decimal number in [begin, stop) and whether it is one; "nan" and "inf" are numbers, read as NaN."""
    negative = begin < stop and data[begin] == MINUS
    i = begin + (1 if begin < stop and (negative or data[begin] == PLUS) else 0)
    if _reads(data, i, stop, NAN) or _reads(data, i, stop, INF) or _reads(data, i, stop, INFINITY):
        return np.nan, True
    mantissa, exponent, correct, i = _parse_mantissa(data, i, stop)
    if correct and i < stop:
        written, correct = _parse_exponent(data, i, stop)
        exponent += written
    value = scaled(float(mantissa), exponent)
    return (-value if negative else value), correct


@compiled(nogil=True)
def _parse_mantissa(data: Bytes1d, i: int, stop: int) -> tuple[np.uint64, int, bool, int]:
    """Digits and at most one point from `i` on: (integer, power of ten, any digit?, where they end).

    12.50 -> (1250, -2, True, ...). Digits after the first 19 that count are dropped.
    """
    mantissa, exponent, seen, point, digits = np.uint64(0), 0, False, False, 0
    while i < stop and (0 <= data[i] - ZERO <= 9 or (data[i] == POINT and not point)):
        if data[i] == POINT:
            point = True
        elif digits < MANTISSA_DIGITS:
            mantissa = mantissa * np.uint64(10) + np.uint64(data[i] - ZERO)
            digits += int(mantissa > 0)
            exponent -= point
            seen = True
        else:
            exponent += not point
        i += 1
    return mantissa, exponent, seen, i


@compiled(nogil=True)
def _reads(data: Bytes1d, i: int, stop: int, word: Bytes1d) -> bool:
    """Whether [i, stop) is `word`, in any case."""
    same = 0
    while stop - i == len(word) and same < len(word) and data[i + same] | 32 == word[same]:
        same += 1
    return same == len(word)


@compiled(nogil=True)
def _parse_exponent(data: Bytes1d, i: int, stop: int) -> tuple[int, bool]:
    """The exponent written in [i, stop), e.g. "e-07" -> -7, and whether it is one."""
    if data[i] | 32 != LOWER_E:
        return 0, False
    i += 1
    negative = i < stop and data[i] == MINUS
    if i < stop and (data[i] == MINUS or data[i] == PLUS):
        i += 1
    first, exponent = i, 0
    while i < stop and 0 <= data[i] - ZERO <= 9:
        exponent = min(exponent * 10 + int(data[i]) - ZERO, MAX_EXPONENT)
        i += 1
    return (-exponent if negative else exponent), i == stop and i > first


scaled = compiled(nogil=True)(pure_python.scaled)
