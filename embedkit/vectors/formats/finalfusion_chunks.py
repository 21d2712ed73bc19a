"""finalfusion's chunks: each as its kind, its length in bytes and its content, in little-endian order.

A file begins with "FiFu", the version, the number and the kinds of its chunks. Matrices and norms begin at a
multiple of four bytes of the file, with one to four bytes of padding in front.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from math import prod
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.errors import FormatError

MAGIC = b"FiFu"
VERSION = 0
WORDS, ARRAY, BUCKETS, QUANTIZED, METADATA, NORMS, FASTTEXT, NGRAMS, FLORET = range(1, 10)
NAMES = {
    WORDS: "words",
    ARRAY: "vectors",
    BUCKETS: "words and buckets",
    QUANTIZED: "quantized vectors",
    METADATA: "metadata",
    NORMS: "norms",
    FASTTEXT: "words and buckets of fastText",
    NGRAMS: "words and n-grams",
    FLORET: "buckets of floret",
}
UINT8, FLOAT32 = 1, 10  # numbers of types
MAX_CHUNKS = 64
ALIGNMENT = 4


class Chunk(NamedTuple):
    """A part of a file: its kind, where its content begins, and how many bytes it has."""

    kind: int
    start: int
    length: int


def read_chunks(path: Path) -> Iterator[Chunk]:
    """The chunks of a file; each has been found to end within it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        magic, version, count = unpack(file.read(12), "<4sII", path, "a header")
        if magic != MAGIC or version != VERSION:
            raise FormatError(f"{path}: expected version {VERSION} of finalfusion, got {magic!r}, {version}")
        if not 0 < count <= MAX_CHUNKS:
            raise FormatError(f"{path}, byte 8: expected 1 to {MAX_CHUNKS} chunks, got {count:,}")
        kinds = list(unpack(file.read(4 * count), f"<{count}I", path, "the kinds of chunks"))
        while file.tell() < size:
            at = file.tell()
            kind, length = unpack(file.read(12), "<IQ", path, "a chunk")
            listed, *kinds = kinds or [NORMS]  # which older writers do not list
            if kind != listed or kind not in NAMES:
                raise FormatError(f"{path}, byte {at}: expected a chunk of kind {listed}, got {kind}")
            if length > size - file.tell():
                raise FormatError(
                    f"{path}, byte {at}: expected {length:,} bytes of {NAMES[kind]}, got "
                    f"{size - file.tell():,}: the file is cut off or damaged"
                )
            yield Chunk(kind, file.tell(), length)
            file.seek(length, 1)
        if kinds:
            raise FormatError(f"{path}: expected {len(kinds)} more chunks, got none: the file is cut off")


def content_of(path: Path, chunk: Chunk, length: int | None = None) -> bytes:
    """The content of a chunk, or its first bytes."""
    with path.open("rb") as file:
        file.seek(chunk.start)
        return file.read(chunk.length if length is None else min(length, chunk.length))


def map_array(path: Path, chunk: Chunk, head: int, shape: tuple[int, ...]) -> NDArray[Any]:
    """The float32 array of a chunk, which must end where the chunk does; `head` bytes stand before it."""
    start, entries = aligned(chunk.start + head), prod(shape)
    if start + 4 * entries != chunk.start + chunk.length:
        told = " x ".join(f"{length:,}" for length in shape)
        raise FormatError(f"{path}: expected {told} numbers, got {chunk.length:,} bytes of them")
    if not entries:
        return np.empty(shape, np.float32)
    return np.memmap(path, "<f4", "r", start, shape).view(np.ndarray)


def aligned(place: int) -> int:
    """Where an array begins whose head ends at `place`: one to four bytes of padding follow the head."""
    return place + ALIGNMENT - place % ALIGNMENT


def check_type(path: Path, kind: int, wanted: int) -> None:
    """Raise `FormatError` for numbers of another type."""
    if kind != wanted:
        raise FormatError(f"{path}: expected numbers of type {wanted}, got type {kind}")


def unpack(data: bytes | memoryview, form: str, path: Path, what: str) -> tuple[Any, ...]:
    """The numbers at the beginning of `data`."""
    if len(data) < struct.calcsize(form):
        raise FormatError(f"{path}: expected {what}, got {len(data)} bytes: the file is cut off")
    return struct.unpack_from(form, data)


def write_chunk(file: IO[bytes], kind: int, content: bytes) -> None:
    """A chunk with this content."""
    file.write(struct.pack("<IQ", kind, len(content)))
    file.write(content)


def write_array(file: IO[bytes], kind: int, head: bytes, arrays: Sequence[NDArray[Any]]) -> None:
    """A chunk of a float32 array: its head, padding, its numbers, which may lie in several arrays."""
    start = file.tell() + 12 + len(head)
    padding = bytes(aligned(start) - start)
    numbers = sum(array.size for array in arrays)
    file.write(struct.pack("<IQ", kind, len(head) + len(padding) + 4 * numbers))
    file.write(head + padding)
    for array in arrays:
        file.write(np.ascontiguousarray(array, "<f4").data)


def write_header(file: IO[bytes], kinds: Sequence[int]) -> None:
    """The beginning of a file with chunks of these kinds."""
    file.write(MAGIC + struct.pack(f"<II{len(kinds)}I", VERSION, len(kinds), *kinds))
