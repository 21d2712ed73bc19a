"""Rows of text in pure Python: the readable twin of the compiled loops, for files too small to need them.

What is read and written is the same to the last bit: a number is its first 19 digits times a power of ten
(`scaled`), and what Python's `float` says where the two cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import inf, nan

import numpy as np

from embedkit.arrays import Doubles1d, Floats1d, Floats2d, Longs1d

POWERS = 10.0 ** np.arange(309)  # those up to 10^22 are exact
MANTISSA_DIGITS = 19  # digits that fit into 64 bits
MAX_EXPONENT = 100_000  # in place of any greater one

BLANKS = b" \t\r"
SEPARATOR = re.compile(rb"(?<![ \t\r])[ \t\r]*[ \t]")
NUMBER = re.compile(
    rb"([-+]?)(?:nan|inf|infinity|(?=\.?\d)(\d*)(?:\.(\d*))?(?:e([-+]?)(\d+))?)", re.IGNORECASE
)
PLAIN = b"0123456789.-+"  # a field of at most `PLAIN_BYTES` of these may be left to `float`
PLAIN_BYTES = 16


def parse_rows(text: bytes, size: int, spaces: bool) -> tuple[bytes, Floats2d, int]:
    r"""Parse whole lines of a word and its numbers; blank lines are skipped.

    Args:
        text: the lines; only the last may lack its newline.
        size: how many numbers a line has.
        spaces: whether a word may hold spaces and tabs.

    Returns:
        The words, each followed by a newline; their rows (n, size); and the index of the first line that is
        no row of `size` numbers, before which it stops, or -1.

    Example:
        >>> parse_rows(b"a 1 -2.5\nb 3\n", 2, spaces=False)
        (b'a\n', array([[ 1. , -2.5]], dtype=float32), 1)
    """
    words: list[bytes] = []
    rows: list[list[float]] = []
    bad = -1
    with np.errstate(over="ignore"):
        for index, line in enumerate(text.split(b"\n")):
            if not (line := line.rstrip(BLANKS)):
                continue
            word, row = _parse_line(line, size)
            if not (word and row) or not (spaces or _is_one(word)):
                bad = index
                break
            words.append(word + b"\n")
            rows.append(row)
        matrix = np.array(rows, np.float64).reshape(len(rows), size).astype(np.float32)
    return b"".join(words), matrix, bad


def _parse_line(line: bytes, size: int) -> tuple[bytes, list[float]]:
    """The word of a line and its numbers, which are read from the right; none if they are not `size`."""
    word, *fields = line.rsplit(None, size) or [b""]
    read: Callable[[bytes], float] = float
    odd = line[len(word) :].translate(None, PLAIN + b" \t")
    if odd or len(fields) < size or max(map(len, fields)) > PLAIN_BYTES:
        read = parse_number
        places = [match.span() for match in SEPARATOR.finditer(line)][-size:]
        if len(places) < size:
            return line, []
        word, fields = line[: places[0][0]], SEPARATOR.split(line[places[0][1] :])
    try:
        return word, list(map(read, fields))
    except ValueError:
        return word, []


def _is_one(word: bytes) -> bool:
    return b" " not in word and b"\t" not in word


def parse_number(field: bytes) -> float:
    """The decimal number in `field`; "nan" and "inf" are numbers, read as NaN.

    Raises:
        ValueError: it is no number.
    """
    match = NUMBER.fullmatch(field)
    if match is None:
        raise ValueError(f"expected a number, got {field!r}")
    sign, whole, fraction, exponent_sign, exponent = match.groups(b"")
    digits = whole + fraction
    if not digits:
        return nan
    counting = digits.lstrip(b"0")
    mantissa = counting[:MANTISSA_DIGITS]
    dropped = len(counting) - len(mantissa)
    written = min(int(exponent.lstrip(b"0")[:6] or b"0"), MAX_EXPONENT)
    power = dropped - len(fraction) + (-written if exponent_sign == b"-" else written)
    value = float(scaled(float(int(mantissa or b"0")), power))
    return -value if sign == b"-" else value


def scaled(mantissa: float, exponent: int) -> float:
    """Mantissa times 10^exponent; exact where |exponent| <= 22 and the mantissa is under 2^53."""
    if mantissa == 0.0 or exponent < -400:
        return 0.0
    if exponent > 308:
        return inf
    if exponent < -308:
        mantissa, exponent = mantissa / POWERS[308], exponent + 308
    value: float = mantissa * POWERS[exponent] if exponent >= 0 else mantissa / POWERS[-exponent]
    return value


def format_rows(words: bytes, matrix: Floats2d) -> bytes:
    r"""Lines `word number ... number` of a matrix (n, D) and words that are each followed by a newline.

    A number gets the fewest of 7, 8 or 9 digits that read back as the same float32, trailing zeros dropped.

    Example:
        >>> format_rows(b"a\n", np.array([[0.1, -150, 2e9]], np.float32))
        b'a 0.1 -150.0 2.0e+09\n'
    """
    numbers = matrix.ravel()
    digits, exponents = _decimals(np.abs(numbers))
    signs = np.where(np.signbit(numbers), "-", "").tolist()
    texts = list(map(_format_number, signs, digits.tolist(), exponents.tolist()))
    size = matrix.shape[1]
    rows = (" ".join(texts[start : start + size]) for start in range(0, len(texts), size))
    return b"".join(
        b"%b %b\n" % (word, row.encode()) for word, row in zip(words.split(b"\n"), rows, strict=False)
    )


def _decimals(numbers: Floats1d) -> tuple[Longs1d, Longs1d]:
    """The digits of each of n numbers and the exponent of the first: 0.15 -> (1500000, -1)."""
    digits, exponents = np.zeros(len(numbers), np.int64), np.zeros(len(numbers), np.int64)
    todo = np.flatnonzero(numbers)
    exponents[todo] = np.floor(np.log10(numbers[todo], dtype=np.float64))
    counts = np.full(len(numbers), 7)
    while len(todo):
        shifts = counts[todo] - 1 - exponents[todo]
        rounded = np.rint(_times_power(numbers[todo].astype(np.float64), shifts))
        carried = rounded >= POWERS[counts[todo]]
        same = _times_power(rounded, -shifts).astype(np.float32) == numbers[todo]
        done = ~carried & (same | (counts[todo] == 9))
        digits[todo[done]] = rounded[done]
        exponents[todo[carried]] += 1
        counts[todo[~carried & ~done]] += 1
        todo = todo[~done]
    return digits, exponents


def _times_power(numbers: Doubles1d, exponents: Longs1d) -> Doubles1d:
    """Each of n numbers times 10^exponent, as `scaled` has it."""
    powers = POWERS[np.abs(exponents)]
    return np.where(exponents >= 0, numbers * powers, numbers / powers)


def _format_number(sign: str, digits: int, exponent: int) -> str:
    """A number of the given digits, the first at place 10^exponent: 15, -1 -> 0.15; 15, 2 -> 150.0."""
    text = str(digits).rstrip("0") or "0"
    if exponent <= -6 or exponent >= 9:
        text = text.ljust(2, "0")
        return f"{sign}{text[0]}.{text[1:]}e{exponent:+03}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-1 - exponent)}{text}"
    text = text.ljust(exponent + 2, "0")
    return f"{sign}{text[: exponent + 1]}.{text[exponent + 1 :]}"
