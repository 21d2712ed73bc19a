"""The first line of both word2vec formats: `V D`, the number of words and of dimensions."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import NamedTuple

from embedkit.errors import FormatError
from embedkit.vectors.formats.text_checks import is_text, trailing_numbers

PATTERN = re.compile(rb"[ \t]*(\d{1,15})[ \t]+(\d{1,9})[ \t\r]*\n")
BLANKS = bytes.maketrans(b"\t\r\n", b"   ")
ADVICE = "save as safetensors instead"
SKIP = "`embedkit convert --skip-bad-rows` takes what is there"
WORD = re.compile(r"\S+", re.ASCII)


class Header(NamedTuple):
    """What the first line says."""

    rows: int  # V
    size: int  # D
    end: int  # bytes of the line, its newline included


def find(head: bytes) -> Header | None:
    """The header that `head` begins with, None if there is none."""
    match = PATTERN.match(head)
    return Header(int(match[1]), int(match[2]), match.end()) if match else None


def expect(head: bytes, path: Path) -> Header:
    """The header of `path`, which begins with `head`; `FormatError` if it promises nothing."""
    header = find(head)
    if header is None or not header.rows or not header.size:
        line = head.partition(b"\n")[0][:40]
        raise FormatError(
            f"{path}: expected a first line with the numbers of words and dimensions, got {line!r}"
        )
    return header


def text_follows(head: bytes, header: Header) -> bool:
    """Tell whether lines of text follow the header, rather than words and raw floats.

    A line of text, even a damaged one, has no bytes but printable ones.
    """
    body = head[header.end :]
    if not body.strip():
        return True
    numbers = trailing_numbers(body.partition(b"\n")[0].split())
    if not 0 < numbers < header.size:
        return numbers > 0 or is_text(body.translate(BLANKS))
    return is_text(body.partition(b" ")[2][: 4 * header.size].translate(BLANKS))


def check_rows(rows: int, header: Header, limit: int | None, path: Path, skip_bad_rows: bool = False) -> None:
    """Raise `FormatError` unless the number of rows is what the header or `limit` asks for.

    With `skip_bad_rows` the header is not believed, and only a warning says so; but some row there must be.
    """
    expected = header.rows if limit is None else min(header.rows, limit)
    if rows == expected:
        return
    told = f"{path}: the header promises {header.rows} words, got {rows}"
    if not rows:
        raise FormatError(f"{told}: the file is cut off")
    if skip_bad_rows:
        warnings.warn(told, stacklevel=2)
        return
    cause = "the file is cut off" if rows < expected else "the header is wrong"
    raise FormatError(f"{told}: {cause}; {SKIP}")
