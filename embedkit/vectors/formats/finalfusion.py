"""finalfusion (.fifu): chunks of metadata, words, vectors and their lengths.

Version 0 of the format, as finalfusion's libraries for Rust and Python write it: "FiFu", the version, the
number and the kinds of the chunks; then each chunk as its kind, its length in bytes and its content, all in
little-endian order. Matrices begin at a multiple of four bytes. Rows have length 1; where a chunk of norms
gives the lengths that the words' vectors had before, the vectors are those, to a rounding of float32.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d
from embedkit.container.checked import json_text
from embedkit.errors import FormatError
from embedkit.files import atomic_file
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.product_quantization import reconstruct
from embedkit.vectors.formats.row_checks import checked_rows
from embedkit.vectors.formats.text_rows import decode_words
from embedkit.vectors.norms import unit_rows

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
VOCABULARIES = {WORDS: "<Q", BUCKETS: "<QIII", FASTTEXT: "<QIII", NGRAMS: "<QQII"}  # what stands before words
STORAGES = (ARRAY, QUANTIZED)
UINT8, FLOAT32 = 1, 10  # numbers of types
KEY = "embedkit"  # of the metadata that are ours
MAX_CHUNKS = 64
ALIGNMENT = 4


class Chunk(NamedTuple):
    """A part of a file: its kind, where its content begins, and how many bytes it has."""

    kind: int
    start: int
    length: int


def matches(head: bytes) -> bool:
    """Tell whether a file that begins with `head` is of finalfusion."""
    return head.startswith(MAGIC)


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` words of `path` and their vectors; a matrix without norms is memory-mapped.

    Raises:
        FormatError: the file is cut off, of another version, or holds something else than it says.
    """
    chunks = {chunk.kind: chunk for chunk in _chunks(path)}
    vocabulary = next((chunks[kind] for kind in VOCABULARIES if kind in chunks), None)
    storage = next((chunks[kind] for kind in STORAGES if kind in chunks), None)
    if vocabulary is None or storage is None:
        told = ", ".join(NAMES[kind] for kind in chunks) or "nothing"
        raise FormatError(f"{path}: expected words and vectors, got chunks of {told}")
    words, total = _words(path, vocabulary, limit)
    matrix = _storage(path, storage, total)[: len(words)]
    if NORMS in chunks:
        matrix = matrix * _norms(path, chunks[NORMS], total)[: len(words), None]
    metadata = _metadata(path, chunks[METADATA]) if METADATA in chunks else {}
    mapped = storage.kind == ARRAY and NORMS not in chunks
    return checked_rows(VectorContents(words, matrix, None, metadata, mapped), path, skip_bad_rows)


def numbers(path: Path) -> str:
    """How the vectors in `path` are stored."""
    quantized = any(chunk.kind == QUANTIZED for chunk in _chunks(path))
    return "bytes of product quantization" if quantized else "float32"


def write(path: Path, contents: VectorContents) -> None:
    """Write `contents` to `path`: words, rows of length 1, their norms, and the metadata."""
    matrix = np.asarray(contents.matrix, np.float32)
    norms = np.linalg.norm(matrix.astype(np.float64), axis=1).astype(np.float32)
    kinds = [*([METADATA] if contents.metadata else []), WORDS, ARRAY, NORMS]
    with atomic_file(path) as file:
        file.write(MAGIC + struct.pack(f"<II{len(kinds)}I", VERSION, len(kinds), *kinds))
        if contents.metadata:
            _write_chunk(file, METADATA, _toml({KEY: json_text(contents.metadata)}))
        packed = [word.encode() for word in contents.words]
        items = b"".join(struct.pack("<I", len(word)) + word for word in packed)
        _write_chunk(file, WORDS, struct.pack("<Q", len(packed)) + items)
        rows = np.ascontiguousarray(unit_rows(matrix, norms), "<f4")
        _write_array(file, ARRAY, struct.pack("<QII", *matrix.shape, FLOAT32), rows)
        _write_array(file, NORMS, struct.pack("<QI", len(norms), FLOAT32), norms.astype("<f4"))


def _chunks(path: Path) -> Iterator[Chunk]:
    """The chunks of a file; each has been found to end within it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        magic, version, count = _unpack(file.read(12), "<4sII", path, "a header")
        if magic != MAGIC or version != VERSION:
            raise FormatError(f"{path}: expected version {VERSION} of finalfusion, got {magic!r}, {version}")
        if not 0 < count <= MAX_CHUNKS:
            raise FormatError(f"{path}, byte 8: expected 1 to {MAX_CHUNKS} chunks, got {count:,}")
        kinds = list(_unpack(file.read(4 * count), f"<{count}I", path, "the kinds of chunks"))
        while file.tell() < size:
            at = file.tell()
            kind, length = _unpack(file.read(12), "<IQ", path, "a chunk")
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


def _words(path: Path, chunk: Chunk, limit: int | None) -> tuple[list[str], int]:
    """The first `limit` words, and how many there are."""
    content = memoryview(_content(path, chunk))
    form = VOCABULARIES[chunk.kind]
    total = _unpack(content, form, path, f"the head of {NAMES[chunk.kind]}")[0]
    words: list[bytes] = []
    at = struct.calcsize(form)
    if total > (len(content) - at) // 4:
        raise FormatError(f"{path}: expected {total:,} words, got {len(content):,} bytes of them")
    for _ in range(total if limit is None else min(total, limit)):
        (length,) = _unpack(content[at:], "<I", path, f"word {len(words) + 1}")
        at += 4 + length
        if at > len(content):
            raise FormatError(f"{path}: expected word {len(words) + 1} of {length:,} bytes, got fewer")
        words.append(bytes(content[at - length : at]))
    return decode_words(words, path), total


def _storage(path: Path, chunk: Chunk, rows: int) -> Floats2d:
    """The first `rows` vectors, those of words; behind them may stand those of parts of words."""
    matrix = _array(path, chunk) if chunk.kind == ARRAY else _quantized(path, chunk)
    if len(matrix) < rows:
        raise FormatError(f"{path}: expected a vector for each of {rows:,} words, got {len(matrix):,}")
    return matrix[:rows]


def _array(path: Path, chunk: Chunk) -> Floats2d:
    rows, size, kind = _unpack(_content(path, chunk, 16), "<QII", path, "the shape of vectors")
    _check_type(path, kind, FLOAT32)
    return _mapped(path, chunk, 16, (rows, size))


def _norms(path: Path, chunk: Chunk, rows: int) -> Floats1d:
    count, kind = _unpack(_content(path, chunk, 12), "<QI", path, "the number of norms")
    _check_type(path, kind, FLOAT32)
    if count < rows:
        raise FormatError(f"{path}: expected a norm for each of {rows:,} words, got {count:,}")
    return _mapped(path, chunk, 12, (count,))


def _quantized(path: Path, chunk: Chunk) -> Floats2d:
    """Vectors that product quantization made bytes of."""
    head = _unpack(_content(path, chunk, 36), "<IIIIIQII", path, "the head of quantized vectors")
    rotated, scaled, parts, size, centroids, rows, codes_kind, kind = head
    _check_type(path, codes_kind, UINT8)
    _check_type(path, kind, FLOAT32)
    if not parts or size % parts or not 0 < centroids <= 256:
        raise FormatError(f"{path}: expected parts of equal size, got {size} dimensions in {parts} parts")
    floats = bool(rotated) * size * size + centroids * size + bool(scaled) * rows
    start = _aligned(chunk.start + 36)
    if start + 4 * floats + rows * parts != chunk.start + chunk.length:
        raise FormatError(f"{path}: expected {rows:,} quantized vectors, got {chunk.length:,} bytes of them")
    numbers = np.memmap(path, "<f4", "r", start, (floats,)).view(np.ndarray)
    codes = np.memmap(path, np.uint8, "r", start + 4 * floats, (rows, parts)).view(np.ndarray)
    if codes.max(initial=0) >= centroids:
        raise FormatError(f"{path}: expected numbers of {centroids} centroids, got {codes.max()}")
    rotation = numbers[: size * size].reshape(size, size) if rotated else None
    table = numbers[bool(rotated) * size * size :][: centroids * size].reshape(parts, centroids, -1)
    matrix = reconstruct(codes, table, rotation)
    return matrix * numbers[-rows:, None] if scaled else matrix


def _metadata(path: Path, chunk: Chunk) -> dict[str, Any]:
    """The metadata: ours as they were, those of others as JSON has them."""
    import tomllib

    try:
        told = tomllib.loads(_content(path, chunk).decode())
        ours = json.loads(told[KEY]) if isinstance(told.get(KEY), str) else None
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path}, byte {chunk.start}: expected metadata as TOML: {error}") from None
    return ours if isinstance(ours, dict) else dict(json.loads(json.dumps(told, default=str)))


def _toml(told: Mapping[str, str]) -> bytes:
    """Texts as TOML: strings of JSON are strings of TOML, but for a character that JSON does not escape."""
    lines = (f"{key} = {json.dumps(text, ensure_ascii=False)}\n" for key, text in told.items())
    return "".join(lines).replace("\x7f", "\\u007f").encode()


def _content(path: Path, chunk: Chunk, length: int | None = None) -> bytes:
    """The content of a chunk, or its first bytes."""
    with path.open("rb") as file:
        file.seek(chunk.start)
        return file.read(chunk.length if length is None else min(length, chunk.length))


def _mapped(path: Path, chunk: Chunk, head: int, shape: tuple[int, ...]) -> NDArray[Any]:
    """The float32 array of a chunk, which must end where the chunk does; `head` bytes stand before it."""
    start, entries = _aligned(chunk.start + head), 1
    for length in shape:
        entries *= length
    if start + 4 * entries != chunk.start + chunk.length:
        told = " x ".join(f"{length:,}" for length in shape)
        raise FormatError(f"{path}: expected {told} numbers, got {chunk.length:,} bytes of them")
    if not entries:
        return np.empty(shape, np.float32)
    return np.memmap(path, "<f4", "r", start, shape).view(np.ndarray)


def _aligned(place: int) -> int:
    """Where an array begins whose head ends at `place`: one to four bytes of padding follow the head."""
    return place + ALIGNMENT - place % ALIGNMENT


def _check_type(path: Path, kind: int, wanted: int) -> None:
    if kind != wanted:
        raise FormatError(f"{path}: expected numbers of type {wanted}, got type {kind}")


def _unpack(data: bytes | memoryview, form: str, path: Path, what: str) -> tuple[Any, ...]:
    """The numbers at the beginning of `data`."""
    if len(data) < struct.calcsize(form):
        raise FormatError(f"{path}: expected {what}, got {len(data)} bytes: the file is cut off")
    return struct.unpack_from(form, data)


def _write_chunk(file: IO[bytes], kind: int, content: bytes) -> None:
    file.write(struct.pack("<IQ", kind, len(content)))
    file.write(content)


def _write_array(file: IO[bytes], kind: int, head: bytes, array: NDArray[Any]) -> None:
    """A chunk of a float32 array: its head, padding, its numbers."""
    start = file.tell() + 12 + len(head)
    padding = bytes(_aligned(start) - start)
    file.write(struct.pack("<IQ", kind, len(head) + len(padding) + array.nbytes))
    file.write(head + padding)
    file.write(array.data)
