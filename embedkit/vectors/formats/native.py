r"""The native format: one .safetensors file that is memory-mapped and can hold no code.

Tensors: `vectors` float32 (V, D), or int8 (V, D) with `scales` float32 (V,); `words` uint8, the UTF-8 words
joined by newlines, where a backslash and a newline inside a word are written as `\\` and `\n`; `counts`
int64 (V,) if known. The header's `__metadata__` has one key, `embedkit`, whose JSON value holds the version
of this format and the metadata of the vectors.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from embedkit.container.packed_words import pack_words, unpack_words
from embedkit.container.quantization import dequantize, quantize
from embedkit.container.writing import write_tensors
from embedkit.errors import FormatError
from embedkit.files import atomic_file
from embedkit.vectors.formats.contents import Contents

VERSION = 1
KEY = "embedkit"
SafeFile = Any  # the open file of the library, which has no types


def matches(head: bytes) -> bool:
    """Tell whether a file that begins with `head` is safetensors: a length (8 bytes), then a JSON object."""
    return head[8:9] == b"{" and int.from_bytes(head[:8], "little") < 1 << 40


def write(path: Path, contents: Contents, eight_bit: bool = False) -> None:
    """Write `contents` to `path`, the vectors as float32 or as int8 with a scale a row."""
    vectors = np.ascontiguousarray(contents.matrix, np.float32)
    tensors: dict[str, NDArray[Any]] = {"vectors": vectors, "words": pack_words(contents.words)}
    if eight_bit:
        tensors["vectors"], tensors["scales"] = quantize(vectors)
    if contents.counts is not None:
        tensors["counts"] = np.ascontiguousarray(contents.counts, np.int64)
    header = {"version": VERSION, "metadata": dict(contents.metadata)}
    with atomic_file(path) as stream:
        write_tensors(stream, tensors, {KEY: json.dumps(header, ensure_ascii=False)})


def read(path: Path, limit: int | None = None) -> Contents:
    """Read the first `limit` rows of `path`; a float32 matrix is memory-mapped, not read.

    Raises:
        FormatError: the file is truncated, damaged, of another version or not written by embedkit.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            return _read_checked(path, file, limit)
    except SafetensorError as error:
        raise FormatError(
            f"{path}: expected a complete .safetensors file, got one damaged or cut: {error}"
        ) from error


def _read_checked(path: Path, file: SafeFile, limit: int | None) -> Contents:
    metadata = _metadata(path, file)
    names = _check_tensors(path, file)
    rows = file.get_slice("vectors").get_shape()[0]
    words = unpack_words(file.get_tensor("words"), path)
    if len(words) != rows:
        raise FormatError(f"{path}: expected {rows} words for {rows} vectors, got {len(words)}")
    counts = file.get_tensor("counts")[:limit] if "counts" in names else None
    if "scales" not in names:
        return Contents(words[:limit], _map_vectors(path)[:limit], counts, metadata, mapped=True)
    scales = _finite(path, file.get_tensor("scales"))
    matrix = dequantize(file.get_tensor("vectors")[:limit], scales[:limit])
    return Contents(words[:limit], matrix, counts, metadata)


def _metadata(path: Path, file: SafeFile) -> dict[str, object]:
    """The metadata of the vectors, if the file is ours and of our version."""
    text = (file.metadata() or {}).get(KEY)
    if text is None:
        names = ", ".join(sorted(file.keys())[:5])
        raise FormatError(
            f"{path}: expected vectors written by embedkit, got a safetensors file with {names}"
        )
    try:
        header = json.loads(text)
        version, metadata = header["version"], dict(header["metadata"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise FormatError(f"{path}: expected the header of embedkit vectors, got {text[:80]!r}") from error
    if version != VERSION:
        raise FormatError(
            f"{path}: expected version {VERSION} of the format, got {version!r}; update embedkit to read it"
        )
    return metadata


def _check_tensors(path: Path, file: SafeFile) -> set[str]:
    """The names of the tensors, once each that matters has been found to have its dtype and shape."""
    names = set(file.keys())
    quantized = "scales" in names
    rows = _check(path, file, "vectors", "I8" if quantized else "F32", (None, None))[0]
    _check(path, file, "words", "U8", (None,))
    if quantized:
        _check(path, file, "scales", "F32", (rows,))
    if "counts" in names:
        _check(path, file, "counts", "I64", (rows,))
    return names


def _check(path: Path, file: SafeFile, name: str, dtype: str, shape: tuple[int | None, ...]) -> list[int]:
    """The shape of a tensor of this dtype and shape (None: any length); `FormatError` if it has another."""
    if name not in file.keys():  # noqa: SIM118  (not a dict)
        raise FormatError(f"{path}: expected a tensor {name!r}, got only {sorted(file.keys())}")
    tensor = file.get_slice(name)
    found: list[int] = tensor.get_shape()
    fits = len(found) == len(shape) and all(b in (None, a) for a, b in zip(found, shape, strict=True))
    if tensor.get_dtype() != dtype or not fits:
        wanted = " x ".join("any" if length is None else str(length) for length in shape)
        raise FormatError(
            f"{path}: expected {name!r} as {dtype} of {wanted} entries, got {tensor.get_dtype()} of {found}"
        )
    return found


def _map_vectors(path: Path) -> NDArray[np.float32]:
    """The float32 (V, D) tensor, memory-mapped; the header has been validated by the library."""
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        entry = json.loads(stream.read(length))["vectors"]
    offset = 8 + length + entry["data_offsets"][0]
    mapped = np.memmap(path, dtype="<f4", mode="r", offset=offset, shape=tuple(entry["shape"]))
    return mapped.view(np.ndarray)


def _finite(path: Path, scales: NDArray[np.float32]) -> NDArray[np.float32]:
    if not np.isfinite(scales).all():
        raise FormatError(f"{path}: expected finite scales, got {scales[~np.isfinite(scales)][0]}")
    return scales
