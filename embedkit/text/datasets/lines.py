"""Numbered lines of text files in any encoding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from itertools import chain, islice
from pathlib import Path

from embedkit.errors import FormatError
from embedkit.files import LONGEST, check_regular
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.formats.encodings import (
    BYTE_ORDER_MARK,
    SAMPLE,
    has_own_line_end,
    known_encoding,
    naming_advice,
)
from embedkit.text.formats.file_signatures import only_text
from embedkit.text.formats.sources import Source
from embedkit.text.formats.transcoding import utf8_text

NumberedLines = Iterator[tuple[int, str]]
Undecodable = Callable[
    [int, bytes, UnicodeDecodeError], str | None
]  # the line as text, or None to leave it out


def numbered_lines(path: Path, encoding: str, bad: BadRows) -> NumberedLines:
    r"""Number and content of each line of a file, with its "\n"; a byte order mark is left out.

    Args:
        path: plain or compressed.
        encoding: of the text.
        bad: what to do about lines that are not in this encoding.

    Raises:
        InputError: an encoding that is not known, or that is not this one.
        FormatError: a file with carriage returns alone for line ends.
    """
    return with_newlines(_lines_of(path, encoding, bad), str(path))


def whole_text(path: Path, encoding: str) -> str:
    """All of a text file, plain or compressed, without a byte order mark."""
    return "".join(text for _, text in _lines_of(path, encoding, BadRows(str(path))))


def with_newlines(lines: NumberedLines, name: str) -> NumberedLines:
    """The lines as they are; `FormatError` if carriage returns alone end them."""
    first = list(islice(lines, 2))
    if len(first) == 1 and "\r" in first[0][1].strip("\r\n"):
        raise FormatError(
            f"{name}: expected lines that end with a newline, got carriage returns alone; convert it, as "
            r"`tr '\r' '\n'` does"
        )
    return chain(first, lines)


def decoded_lines(
    chunks: Iterator[bytes], name: str, encoding: str, undecodable: Undecodable
) -> NumberedLines:
    """Number and content of each line of a text that comes in chunks, without a byte order mark.

    `undecodable` is asked what becomes of a line that is not in `encoding`, which ends lines as ASCII does.
    """
    number = 0
    for data in _whole_lines(chunks, name):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            yield from _each_decoded(data, number, encoding, undecodable)
        else:
            text = text if number else text.removeprefix(BYTE_ORDER_MARK)
            yield from enumerate(StringIO(text, newline="\n"), number + 1)
        number += data.count(b"\n")


def _lines_of(path: Path, encoding: str, bad: BadRows) -> NumberedLines:
    encoding = known_encoding(encoding)
    check_regular(path)

    def undecodable(number: int, line: bytes, error: UnicodeDecodeError) -> None:
        advice = naming_advice(line + _beginning(path), encoding)
        bad.report(number, f"byte 0x{line[error.start]:02x} is not {encoding}; {advice}")

    chunks = Source(path).content()
    if has_own_line_end(encoding):
        return decoded_lines(utf8_text(chunks, encoding, str(path)), str(path), "utf-8", undecodable)
    return decoded_lines(only_text(chunks, str(path), named=True), str(path), encoding, undecodable)


def _each_decoded(data: bytes, before: int, encoding: str, undecodable: Undecodable) -> NumberedLines:
    """The lines of `data`, of which some cannot be decoded; so many came `before` them."""
    for number, line in enumerate(BytesIO(data), before + 1):
        try:
            text: str | None = line.decode(encoding)
        except UnicodeDecodeError as error:
            text = undecodable(number, line, error)
        if text is not None:
            yield number, text.removeprefix(BYTE_ORDER_MARK) if number == 1 else text


def _whole_lines(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    r"""The text in parts that end with "\n", but for the last; a line longer than `LONGEST` is refused."""
    pending = bytearray()
    for chunk in chunks:
        end = chunk.rfind(b"\n") + 1
        if end:
            yield b"".join([pending, chunk[:end]])
            pending.clear()
        pending += chunk[end:]
        if len(pending) > LONGEST:
            raise FormatError(f"{name}: expected lines of at most {LONGEST:,} bytes, got a longer one")
    if pending:
        yield bytes(pending)


def _beginning(path: Path) -> bytes:
    """Up to `SAMPLE` bytes of the content of a regular file, as one line says little of its encoding."""
    beginning = b""
    for chunk in Source(path).text():
        beginning += chunk
        if len(beginning) >= SAMPLE:
            break
    return beginning[:SAMPLE]
