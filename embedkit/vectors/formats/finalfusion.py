"""finalfusion (.fifu): chunks of metadata, words, vectors and their lengths.

Version 0 of the format, as finalfusion's libraries for Rust and Python write it. Rows of words have length 1;
where a chunk of norms gives the lengths that they had before, vectors get these back, but for a rounding.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from embedkit.arrays import Floats1d, Floats2d
from embedkit.container.checked import json_text
from embedkit.errors import FormatError
from embedkit.files import atomic_file
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.finalfusion_chunks import (
    ARRAY,
    FLOAT32,
    MAGIC,
    METADATA,
    NAMES,
    NORMS,
    QUANTIZED,
    UINT8,
    Chunk,
    aligned,
    check_type,
    content_of,
    map_array,
    read_chunks,
    unpack,
    write_array,
    write_chunk,
    write_header,
)
from embedkit.vectors.formats.finalfusion_vocabulary import HEADS, read_vocabulary, vocabulary_chunk
from embedkit.vectors.formats.product_quantization import reconstruct
from embedkit.vectors.formats.row_checks import checked_rows
from embedkit.vectors.norms import unit_rows

STORAGES = (ARRAY, QUANTIZED)
KEY = "embedkit"  # of the metadata that are ours


def matches(head: bytes) -> bool:
    """Tell whether a file that begins with `head` is of finalfusion."""
    return head.startswith(MAGIC)


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` words of `path`, their vectors and the rows of parts of words.

    Rows that are neither quantized nor normalized are memory-mapped.

    Raises:
        FormatError: the file is cut off, of another version, or holds something else than it says.
    """
    chunks = {chunk.kind: chunk for chunk in read_chunks(path)}
    listed = next((chunks[kind] for kind in HEADS if kind in chunks), None)
    storage = next((chunks[kind] for kind in STORAGES if kind in chunks), None)
    if listed is None or storage is None:
        told = ", ".join(NAMES[kind] for kind in chunks) or "nothing"
        raise FormatError(f"{path}: expected words and vectors, got chunks of {told}")
    vocabulary = read_vocabulary(path, listed, limit)
    words, total = vocabulary.words, vocabulary.total
    rows = _array(path, storage) if storage.kind == ARRAY else _quantized(path, storage)
    if len(rows) < total:
        raise FormatError(f"{path}: expected a vector for each of {total:,} words, got {len(rows):,}")
    matrix = rows[: len(words)]
    if NORMS in chunks:
        matrix = matrix * _norms(path, chunks[NORMS], total)[: len(words), None]
    contents = VectorContents(
        words,
        matrix,
        metadata=_metadata(path, chunks[METADATA]) if METADATA in chunks else {},
        mapped=storage.kind == ARRAY and NORMS not in chunks,
        subwords=vocabulary.subwords(path, rows[total:]),
    )
    return checked_rows(contents, path, skip_bad_rows)


def numbers(path: Path) -> str:
    """How the vectors in `path` are stored."""
    quantized = any(chunk.kind == QUANTIZED for chunk in read_chunks(path))
    return "bytes of product quantization" if quantized else "float32"


def write(path: Path, contents: VectorContents) -> None:
    """Write `contents` to `path`: words, rows of length 1, their norms, subwords and metadata."""
    matrix = np.asarray(contents.matrix, np.float32)
    norms = np.linalg.norm(matrix.astype(np.float64), axis=1).astype(np.float32)
    kind, vocabulary, table = vocabulary_chunk(contents.words, contents.subwords)
    rows = [unit_rows(matrix, norms), *([] if table is None else [table])]
    metadata = [METADATA] if contents.metadata else []
    with atomic_file(path) as file:
        write_header(file, [*metadata, kind, ARRAY, NORMS])
        if contents.metadata:
            write_chunk(file, METADATA, _toml({KEY: json_text(contents.metadata)}))
        write_chunk(file, kind, vocabulary)
        shape = struct.pack("<QII", sum(map(len, rows)), matrix.shape[1], FLOAT32)
        write_array(file, ARRAY, shape, rows)
        write_array(file, NORMS, struct.pack("<QI", len(norms), FLOAT32), [norms])


def _array(path: Path, chunk: Chunk) -> Floats2d:
    rows, size, kind = unpack(content_of(path, chunk, 16), "<QII", path, "the shape of vectors")
    check_type(path, kind, FLOAT32)
    return map_array(path, chunk, 16, (rows, size))


def _norms(path: Path, chunk: Chunk, rows: int) -> Floats1d:
    count, kind = unpack(content_of(path, chunk, 12), "<QI", path, "the number of norms")
    check_type(path, kind, FLOAT32)
    if count < rows:
        raise FormatError(f"{path}: expected a norm for each of {rows:,} words, got {count:,}")
    return map_array(path, chunk, 12, (count,))


def _quantized(path: Path, chunk: Chunk) -> Floats2d:
    """Vectors that product quantization made bytes of."""
    head = unpack(content_of(path, chunk, 36), "<IIIIIQII", path, "the head of quantized vectors")
    rotated, scaled, parts, size, centroids, rows, codes_kind, kind = head
    check_type(path, codes_kind, UINT8)
    check_type(path, kind, FLOAT32)
    if not parts or size % parts or not 0 < centroids <= 256:
        raise FormatError(f"{path}: expected parts of equal size, got {size} dimensions in {parts} parts")
    floats = bool(rotated) * size * size + centroids * size + bool(scaled) * rows
    start = aligned(chunk.start + 36)
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
        told = tomllib.loads(content_of(path, chunk).decode())
        ours = json.loads(told[KEY]) if isinstance(told.get(KEY), str) else None
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path}, byte {chunk.start}: expected metadata as TOML: {error}") from None
    return ours if isinstance(ours, dict) else dict(json.loads(json.dumps(told, default=str)))


def _toml(told: Mapping[str, str]) -> bytes:
    """Texts as TOML: strings of JSON are strings of TOML, but for a character that JSON does not escape."""
    lines = (f"{key} = {json.dumps(text, ensure_ascii=False)}\n" for key, text in told.items())
    return "".join(lines).replace("\x7f", "\\u007f").encode()
