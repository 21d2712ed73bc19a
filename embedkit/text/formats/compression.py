"""Decompression of streams, detected from the first bytes."""

from __future__ import annotations

import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import zstandard

from embedkit.errors import FormatError
from embedkit.text.formats.file_signatures import file_signature

SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".zip")
LIMIT = 1 << 22  # bytes of content taken at once
ARCHIVE = "a zip archive"  # its signature, of other kinds than a document's
SLICE = 1 << 10  # bytes of zstandard read at once: up to 32 MB of content


class Decompressor(Protocol):
    """A compressed stream that is being read."""

    @property
    def eof(self) -> bool:
        """Whether the end of the compressed stream was met."""


ContentParts = Generator[bytes, None, bytes]  # none much longer than `LIMIT`; gives what follows the content


class Compression(NamedTuple):
    """How a compressed stream begins, what reads it, and how its content is taken in bounded parts."""

    magic: bytes
    make: Callable[[], Decompressor]
    parts: Callable[[Any, bytes], ContentParts]


def _zlib_parts(stream: Any, data: bytes) -> ContentParts:
    full = True
    while data or full:
        part = stream.decompress(data, LIMIT)
        data, full = stream.unconsumed_tail, len(part) == LIMIT
        yield part
    return bytes(stream.unused_data)


def _lzma_parts(stream: Any, data: bytes) -> ContentParts:
    yield stream.decompress(data, LIMIT)
    while not (stream.needs_input or stream.eof):
        yield stream.decompress(b"", LIMIT)
    return bytes(stream.unused_data)


def _zstandard_parts(stream: Any, data: bytes) -> ContentParts:
    """The library takes no limit, but four bytes of input never stand for more than 128 kB."""
    for start in range(0, len(data), SLICE):
        yield stream.decompress(data[start : start + SLICE])
        if stream.eof:
            return bytes(stream.unused_data) + data[start + SLICE :]
    return b""


FORMATS = (
    Compression(rb"\x1f\x8b\x08", lambda: zlib.decompressobj(wbits=31), _zlib_parts),
    Compression(rb"BZh[1-9](1AY&SY|\x17\x72\x45\x38\x50\x90)", bz2.BZ2Decompressor, _lzma_parts),
    Compression(rb"\xfd7zXZ\x00", lzma.LZMADecompressor, _lzma_parts),
    Compression(
        rb"\x28\xb5\x2f\xfd",
        lambda: zstandard.ZstdDecompressor(max_window_size=2**31).decompressobj(),
        _zstandard_parts,
    ),
)
ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError)


def decompressed(chunks: Iterable[bytes], name: str, path: Path | None = None) -> Iterator[bytes]:
    """The content of `chunks`, which pass as they are if nothing known compressed them.

    A stream that is damaged or cut off raises `FormatError` with `name`. The first chunk must hold the first
    hundred bytes. Streams one after the other, as `cat a.gz b.gz` makes them, give their contents in turn. A
    zip archive, which may lie at `path`, gives the one file in it; one of several files is refused. Documents
    that are zip archives pass as they are. No part is much longer than `LIMIT`, however little it was
    compressed to.
    """
    chunks = iter(chunks)
    first = next(chunks, b"")
    if (signature := file_signature(first)) and signature.kind == ARCHIVE:
        from embedkit.text.formats.zip_archive import unzipped

        return unzipped(chain([first], chunks), name, path, LIMIT)
    for known in FORMATS:
        if re.match(known.magic, first):
            return _streams(chain([first], chunks), known, name)
    return chain([first], chunks)


def first_bytes(chunks: Iterator[bytes], count: int) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes of a stream, fewer only of a short one, and all of the stream."""
    begun: list[bytes] = []
    while sum(map(len, begun)) < count and (chunk := next(chunks, None)) is not None:
        begun.append(chunk)
    beginning = b"".join(begun)
    return beginning[:count], chain([beginning], chunks)


def _streams(chunks: Iterable[bytes], form: Compression, name: str) -> Iterator[bytes]:
    stream: Decompressor | None = None
    for chunk in chunks:
        while chunk := chunk if stream else chunk.lstrip(b"\0"):  # zeros may pad the end of a stream
            stream = stream or form.make()
            chunk = yield from _named(form.parts(stream, chunk), name)
            stream = None if stream.eof else stream
    if stream:
        raise FormatError(f"{name} is cut off in the middle of its compressed data")


def _named(parts: ContentParts, name: str) -> ContentParts:
    """The parts; what the libraries raise becomes a `FormatError` with `name`."""
    try:
        return (yield from parts)
    except ERRORS as error:
        raise FormatError(f"{name} cannot be decompressed: {error}") from None
