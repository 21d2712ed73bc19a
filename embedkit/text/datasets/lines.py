"""Numbered lines of text files in any encoding that ends a line with one byte."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from embedkit.errors import FormatError
from embedkit.files import LONGEST, check_regular
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.encodings import BYTE_ORDER_MARK, checked_encoding, naming_advice
from embedkit.text.sources import Source


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
    encoding = checked_encoding(encoding)
    check_regular(path)
    for number, line in enumerate(_byte_lines(path), 1):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError as error:
            advice = naming_advice(path, bytes(line), encoding)
            bad.report(number, f"byte 0x{line[error.start]:02x} is not {encoding}; {advice}")
            continue
        yield number, text.removeprefix(BYTE_ORDER_MARK) if number == 1 else text


def _byte_lines(path: Path) -> Iterator[bytes | bytearray]:
    r"""The lines of a file, each with its "\n"; one longer than `LONGEST` is refused."""
    pending = bytearray()
    for chunk in Source(path).text():
        pending += chunk
        if b"\n" not in chunk:
            if len(pending) > LONGEST:
                raise FormatError(f"{path}: expected lines of at most {LONGEST:,} bytes, got a longer one")
            continue
        *lines, pending = pending.split(b"\n")
        for line in lines:
            yield line + b"\n"
    if pending:
        yield pending
