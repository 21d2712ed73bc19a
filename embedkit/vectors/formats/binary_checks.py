"""Whether bytes are the words and numbers of vectors, and what else they are: binary files say nothing of it.

Numbers of trained vectors have usual sizes and words are text, while bytes that are read at a wrong place or
as numbers of another type give sizes all over the range of float32, and words with control characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bools1d, Floats2d
from embedkit.vectors.formats.text_checks import is_text
from embedkit.vectors.formats.word2vec_header import Header

USUAL = (1e-10, 1e6)  # sizes that numbers of vectors have, if they are not 0
POSSIBLE = (1e-14, 1e12)  # sizes beyond which no training ends
MAX_RATIO = 1e5  # of the largest number of a row to that of the median row
MIN_NUMBERS = 16  # numbers of which the byte order cannot be told
ROWS = 1 << 10  # of a matrix looked at together, in the caches
SAMPLE = 8  # records by which it is told what a file holds
TYPES = {">f4": "big-endian", "<f8": "64-bit", ">f8": "big-endian 64-bit"}
TYPES |= {"<f2": "16-bit", ">f2": "big-endian 16-bit", "i1": "8-bit"}


def sound_rows(matrix: Floats2d) -> Bools1d:
    """Which rows (n, D) hold nothing but zeros and numbers of sizes that vectors have, (n,)."""
    largest, sound = np.zeros(len(matrix), np.float32), np.ones(len(matrix), bool)
    for start in range(0, len(matrix), ROWS):
        sizes = np.abs(matrix[start : start + ROWS])
        largest[start : start + ROWS] = sizes.max(axis=1)
        if not sizes.min(initial=1) > POSSIBLE[0]:
            sizes[sizes == 0] = 1
            sound[start : start + ROWS] = sizes.min(axis=1) > POSSIBLE[0]
    finite = largest[np.isfinite(largest)]
    usual = float(np.median(finite)) if len(finite) else 0.0
    return sound & (largest <= min(POSSIBLE[1], MAX_RATIO * usual or POSSIBLE[1]))


def has_sizes(numbers: NDArray[Any], limits: tuple[float, float]) -> bool:
    """Whether all numbers that are not 0 are of sizes within limits."""
    with np.errstate(invalid="ignore"):
        sizes = np.abs(numbers[numbers != 0].astype(np.float64))
    return bool(((sizes >= limits[0]) & (sizes <= limits[1])).all())


def other_kind(body: bytes, header: Header) -> str | None:
    """What the records in `body`, behind the header, are instead of words and float32; None if not known.

    Example:
        >>> records = b"".join(b"w%d " % row + np.arange(1.0, 9.0).tobytes() for row in range(4))
        >>> other_kind(records, Header(rows=4, size=8, end=4))
        '64-bit numbers; write it anew'
    """
    for kind, told in TYPES.items():
        if _reads_as(body, header.size, kind):
            return f"{told} numbers; write it anew"
    for size in (header.rows, header.size - 1, header.size + 1):
        if size != header.size and _reads_as(body, size, "<f4"):
            return f"{size} numbers a word; mend the header, or write it anew"
    return None


def _reads_as(body: bytes, size: int, kind: str) -> bool:
    """Whether `body` begins with records of a text and `size` numbers of a kind, two or more."""
    records = list(islice(_records(body, size, kind), SAMPLE))
    return len(records) > 1 and all(
        word and is_text(word) and has_sizes(numbers, USUAL) for word, numbers in records
    )


def _records(body: bytes, size: int, kind: str) -> Iterator[tuple[bytes, NDArray[Any]]]:
    width = size * np.dtype(kind).itemsize
    at = 0
    while (space := body.find(b" ", at)) >= 0 and 0 < width <= len(body) - space - 1:
        yield body[at:space].lstrip(b"\n"), np.frombuffer(body, kind, size, space + 1)
        at = space + 1 + width
