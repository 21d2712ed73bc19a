"""Files of vectors as decompressed streams: head, chunks, blocks of lines."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from embedkit.files import read_whole

CHUNK = 1 << 19  # bytes read at once
HEAD = 1 << 18  # bytes by which a format is told
RAW_HEAD = 64


class LineBlock(NamedTuple):
    """Whole lines of a file."""

    data: bytes
    first_line: int  # the number of its first line, counted from 1


def head(path: Path) -> bytes:
    """The first `HEAD` bytes of the content, or all of a shorter one."""
    gathered = b""
    for chunk in content(path, HEAD):
        gathered += chunk
        if len(gathered) >= HEAD:
            break
    return gathered[:HEAD]


def raw_head(path: Path) -> bytes:
    """The first few bytes of a file as they are, compressed or not."""
    with path.open("rb") as stream:
        return stream.read(RAW_HEAD)


def content(path: Path, size: int = CHUNK) -> Iterator[bytes]:
    """The content in chunks, decompressed if the file is gzip, bzip2, xz, zstandard or zip.

    A byte order mark at its start, which some editors write before text, is left out.
    """
    from embedkit.text.formats.compression import decompressed

    yield from _unmarked(decompressed(read_whole(path, size), str(path), path))


def is_compressed(path: Path) -> bool:
    """Whether the content of a file is compressed, or in a zip archive."""
    from embedkit.text.formats import compression, file_signatures

    with path.open("rb") as file:
        head = file.read(file_signatures.HEAD)
    zipped = file_signatures.is_kind(compression.ARCHIVE, head)
    return zipped or any(re.match(known.magic, head) for known in compression.FORMATS)


def content_size(path: Path) -> int | None:
    """How many bytes of content there are; None where that is not known, as of compressed files."""
    return None if is_compressed(path) else path.stat().st_size


def line_blocks(path: Path) -> Iterator[LineBlock]:
    r"""The content cut after line ends; only the last block may lack its \n."""
    line = 1
    parts: list[bytes | memoryview] = []  # of a line that goes on
    for chunk in content(path):
        end = chunk.rfind(b"\n") + 1
        if end:
            data = b"".join([*parts, memoryview(chunk)[:end]])
            yield LineBlock(data, line)
            line += data.count(b"\n")
            parts.clear()
        parts.append(chunk[end:])
    if rest := b"".join(parts):
        yield LineBlock(rest, line)


def _unmarked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks, which may be shorter than a byte order mark, without one at their start."""
    start = b""
    for chunk in chunks:
        start += chunk
        if len(start) >= len(BOM_UTF8):
            break
    yield start.removeprefix(BOM_UTF8)
    yield from chunks
