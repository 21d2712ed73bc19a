"""Decompression of streams, detected from the first bytes."""

from __future__ import annotations

import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Protocol

import zstandard

from embedkit.errors import FormatError

SUFFIXES = (".gz", ".bz2", ".xz", ".zst")


class Decompressor(Protocol):
    """What the four libraries have in common."""

    @property
    def eof(self) -> bool:
        """Whether the end of the compressed stream was met."""

    @property
    def unused_data(self) -> bytes:
        """What follows that end."""

    def decompress(self, data: bytes, /) -> bytes:
        """The next part of the content."""


def _zstandard() -> Decompressor:
    return zstandard.ZstdDecompressor(max_window_size=2**31).decompressobj()


def _gzip() -> Decompressor:
    return zlib.decompressobj(wbits=31)


FORMATS: tuple[tuple[bytes, Callable[[], Decompressor]], ...] = (
    (rb"\x1f\x8b\x08", _gzip),
    (rb"BZh[1-9](1AY&SY|\x17\x72\x45\x38\x50\x90)", bz2.BZ2Decompressor),
    (rb"\xfd7zXZ\x00", lzma.LZMADecompressor),
    (rb"\x28\xb5\x2f\xfd", _zstandard),
)
ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError)


def decompressed(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The content of `chunks`, which pass as they are if nothing known compressed them.

    A stream that is damaged or cut off raises `FormatError` with `name`. The first chunk must hold the first
    ten bytes. Streams one after the other, as `cat a.gz b.gz` makes them, give their contents in turn.
    """
    chunks = iter(chunks)
    first = next(chunks, b"")
    for magic, make in FORMATS:
        if re.match(magic, first):
            return _streams(chain([first], chunks), make, name)
    return chain([first], chunks)


def _streams(chunks: Iterable[bytes], make: Callable[[], Decompressor], name: str) -> Iterator[bytes]:
    stream: Decompressor | None = None
    for chunk in chunks:
        while chunk := chunk if stream else chunk.lstrip(b"\0"):  # zeros may pad the end of a stream
            stream = stream or make()
            yield _decompress(stream, chunk, name)
            chunk = stream.unused_data
            stream = None if stream.eof else stream
    if stream:
        raise FormatError(f"{name} is cut off in the middle of its compressed data")


def _decompress(stream: Decompressor, chunk: bytes, name: str) -> bytes:
    try:
        return stream.decompress(chunk)
    except ERRORS as error:
        raise FormatError(f"{name} cannot be decompressed: {error}") from None
