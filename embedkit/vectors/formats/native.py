r"""The native format: one .safetensors file that is memory-mapped and can hold no code.

Tensors: `vectors` float32 (V, D), or int8 (V, D) with `scales` float32 (V,); `words` uint8, the UTF-8 words
joined by newlines, where a backslash and a newline inside a word are written as `\\` and `\n`; `counts`
int64 (V,) if known; if other words have vectors by their subwords, `subwords.settings`, their kind and
settings as JSON, and their arrays, `subwords.` and a name. The header's `__metadata__` has one key,
`embedkit`, whose JSON value holds the version of this format, the metadata of the vectors, and `crc32`: the
CRC-32 of each tensor and of the metadata. That of mapped vectors and subwords only `verify_checksums`
compares, the others `read` does. Files of embedkit 0.1.0 have none.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d
from embedkit.container.checked import (
    SUMS,
    Content,
    TensorFile,
    checksums,
    json_text,
    open_tensors,
    verify,
    write_tensors,
)
from embedkit.container.packed_words import pack_words, unpack_words
from embedkit.container.quantization import dequantize, quantize
from embedkit.errors import FormatError
from embedkit.files import atomic_file
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.subwords.files import subword_arrays, subwords_of
from embedkit.vectors.subwords.subwords import Subwords

VERSION = 1
KEY = "embedkit"
SUBWORDS = "subwords."  # before the names of their arrays


def matches(head: bytes) -> bool:
    """Tell whether a file that begins with `head` is safetensors: a length (8 bytes), then a JSON object."""
    return head[8:9] == b"{" and int.from_bytes(head[:8], "little") < 1 << 40


def write(path: Path, contents: VectorContents, eight_bit: bool = False) -> None:
    """Write `contents` to `path`, the vectors as float32 or as int8 with a scale a row."""
    vectors = np.ascontiguousarray(contents.matrix, np.float32)
    tensors: dict[str, NDArray[Any]] = {"vectors": vectors, "words": pack_words(contents.words)}
    if eight_bit:
        tensors["vectors"], tensors["scales"] = quantize(vectors)
    if contents.counts is not None:
        tensors["counts"] = np.ascontiguousarray(contents.counts, np.int64)
    if contents.subwords is not None:
        arrays = subword_arrays(contents.subwords)
        tensors |= {SUBWORDS + name: np.ascontiguousarray(array) for name, array in arrays.items()}
    metadata = dict(contents.metadata)
    header = {"version": VERSION, "metadata": metadata, SUMS: checksums(_parts(metadata, tensors))}
    with atomic_file(path) as stream:
        write_tensors(stream, tensors, {KEY: json_text(header)})


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` rows of `path`; a float32 matrix is memory-mapped, not read.

    Whatever is read whole is compared with its checksum: all but mapped vectors and 8-bit ones with a limit.

    Raises:
        FormatError: the file is truncated, damaged, of another version or not written by embedkit.
    """
    file = _opened(path)
    header = _header(file)
    rows = _check_tensors(file)
    whole = "scales" in file.entries and limit is None
    mapped = [name for name in file.entries if name.startswith(SUBWORDS)]
    _compare(file, header, but=mapped if whole else ("vectors", *mapped))
    subwords = _subwords(file, mapped)
    metadata = header["metadata"]
    words = unpack_words(file.map("words"), path)
    if len(words) != rows:
        raise FormatError(f"{path}: expected {rows} words for {rows} vectors, got {len(words)}")
    counts = file.map("counts")[:limit] if "counts" in file.entries else None
    if counts is not None and counts.min(initial=0) < 0:
        raise FormatError(f"{path}: expected counts of words, got {counts.min()}; make the file again")
    matrix = file.map("vectors")[:limit]
    if "scales" not in file.entries:
        return VectorContents(words[:limit], matrix, counts, metadata, mapped=True, subwords=subwords)
    scales = _finite(path, file.map("scales"))
    dense = dequantize(matrix, scales[:limit])
    return VectorContents(words[:limit], dense, counts, metadata, subwords=subwords)


def _subwords(file: TensorFile, names: Sequence[str]) -> Subwords | None:
    """The subwords of which tensors of these names are the arrays, which stay in the file; None of none."""
    if not names:
        return None
    try:
        return subwords_of({name.removeprefix(SUBWORDS): file.map(name) for name in names})
    except FormatError as error:
        raise FormatError(f"{file.path}: {error}") from None


def check_header(path: Path) -> None:
    """Raise `FormatError` unless `path` has the header of vectors that embedkit wrote; reads no vector."""
    _header(_opened(path))


def numbers(path: Path) -> str:
    """How the vectors in `path` are stored."""
    return "int8, with a float32 scale a row" if "scales" in _opened(path).entries else "float32"


def verify_checksums(path: Path) -> bool:
    """Whether the file holds what was written, as its checksums say; False if it has none (0.1.0).

    Raises:
        FormatError: it holds something else, or cannot be read.
    """
    file = _opened(path)
    return _compare(file, _header(file))


def _compare(file: TensorFile, header: Mapping[str, Any], but: Collection[str] = ()) -> bool:
    """Whether the header has checksums; if so, all `but` some tensors are compared with theirs."""
    others = header.keys() - {"version", "metadata", SUMS}
    try:
        if others:
            raise FormatError(f"its header tells of {', '.join(sorted(others))}")
        if SUMS in header:
            tensors = {name: file.map(name) for name in file.entries}
            verify(_parts(header["metadata"], tensors), header[SUMS], but)
    except (LookupError, AttributeError, FormatError) as error:
        raise FormatError(f"{file.path} is damaged: {error}; fetch it or make it again") from None
    return SUMS in header


def _parts(metadata: Mapping[str, object], tensors: Mapping[str, NDArray[Any]]) -> dict[str, Content]:
    """What checksums are of: each tensor, and the metadata as JSON."""
    text = json_text(metadata).encode()
    return {"metadata": text, **{name: tensor.data for name, tensor in tensors.items()}}


def _opened(path: Path) -> TensorFile:
    try:
        return open_tensors(path)
    except FormatError as error:
        raise FormatError(
            f"{path}: expected a complete .safetensors file, got one damaged or cut: {error}"
        ) from None


def _header(file: TensorFile) -> dict[str, Any]:
    """What the header tells of the vectors, if the file is ours and of our version."""
    text = file.metadata.get(KEY)
    if text is None:
        raise FormatError(f"{file.path}: expected vectors written by embedkit, got {file.kind}")
    try:
        header = dict(json.loads(text))
        version, header["metadata"] = header["version"], dict(header["metadata"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise FormatError(
            f"{file.path}: expected the header of embedkit vectors, got {text[:80]!r}"
        ) from error
    if version != VERSION:
        raise FormatError(
            f"{file.path}: expected version {VERSION} of the format, got {version!r}; "
            "update embedkit to read it"
        )
    return header


def _check_tensors(file: TensorFile) -> int:
    """The number of rows, once each tensor that matters has been found to have its dtype and shape."""
    try:
        quantized = "scales" in file.entries
        rows, _ = file.expect("vectors", "I8" if quantized else "F32", (None, None))
        file.expect("words", "U8", (None,))
        if quantized:
            file.expect("scales", "F32", (rows,))
        if "counts" in file.entries:
            file.expect("counts", "I64", (rows,))
    except FormatError as error:
        raise FormatError(f"{file.path}: {error}") from None
    return rows


def _finite(path: Path, scales: Floats1d) -> Floats1d:
    if not np.isfinite(scales).all():
        raise FormatError(f"{path}: expected finite scales, got {scales[~np.isfinite(scales)][0]}")
    return scales
