"""Numbered lines of text files in any encoding that ends a line with one byte."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from embedkit.errors import FormatError, InputError
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.sources import Source

BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def numbered_lines(path: Path, encoding: str, bad: BadRows) -> Iterator[tuple[int, str]]:
    r"""Number and content of each line of a file, with its "\n"; a byte order mark is left out.

    Args:
        path: plain or compressed.
        encoding: of the text.
        bad: what to do about lines that are not in this encoding.

    Raises:
        InputError: an encoding that is not known, or that is not this one.
        FormatError: a file with carriage returns alone for line ends.
    """
    lines = _decoded_lines(path, encoding, bad)
    first = list(islice(lines, 2))
    if len(first) == 1 and "\r" in first[0][1].strip("\r\n"):
        raise FormatError(
            f"{path}: expected lines that end with a newline, got carriage returns alone; convert it, as "
            r"`tr '\r' '\n'` does"
        )
    return chain(first, lines)


def whole_text(path: Path, encoding: str) -> str:
    """All of a text file, plain or compressed, without a byte order mark."""
    return "".join(text for _, text in _decoded_lines(path, encoding, BadRows(str(path))))


def _decoded_lines(path: Path, encoding: str, bad: BadRows) -> Iterator[tuple[int, str]]:
    encoding = _checked_encoding(encoding)
    for number, line in enumerate(_byte_lines(path), 1):
        if number == 1 and line.startswith(BYTE_ORDER_MARKS):
            raise InputError(f"{path} is UTF-16; make it UTF-8, as `iconv -f utf-16 -t utf-8` does")
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError as error:
            bad.report(number, _undecodable(line[error.start], encoding))
            continue
        yield number, text.removeprefix("\ufeff") if number == 1 else text


def _byte_lines(path: Path) -> Iterator[bytes | bytearray]:
    r"""The lines of a file, each with its "\n"."""
    pending = bytearray()
    for chunk in Source(path).text():
        pending += chunk
        if b"\n" not in chunk:
            continue
        *lines, pending = pending.split(b"\n")
        for line in lines:
            yield line + b"\n"
    if pending:
        yield pending


def _checked_encoding(encoding: str) -> str:
    """The encoding as Python reads it; `InputError` unless it is known and ends a line with one byte."""
    try:
        encoding = codecs.lookup(encoding).name.removesuffix("-sig")
        line_end = "\n".encode(encoding)
    except (LookupError, UnicodeError, ValueError):
        raise InputError(f"there is no encoding {encoding!r}; utf-8 and latin-1 are usual") from None
    if line_end != b"\n":
        raise InputError(
            f"text in {encoding} cannot be read; make it UTF-8, as `iconv -f {encoding} -t utf-8` does"
        )
    return encoding


def _undecodable(byte: int, encoding: str) -> str:
    """What is wrong with a byte; from 0x80 to 0x9f only cp1252 has letters and signs, latin-1 none."""
    likely = "NAME" if encoding != "utf-8" else "cp1252" if 0x80 <= byte < 0xA0 else "latin-1"
    return f"byte 0x{byte:02x} is not {encoding}; name the encoding of the file (--encoding {likely})"
