r"""The native format: one .safetensors file that is memory-mapped and can hold no code.

Tensors: `vectors` float32 or float16 (V, D), or int8 (V, D) with `scales` float32 (V,); `norms` float32 (V,),
their lengths; `words` uint8, the UTF-8 words joined by newlines, where a backslash and a newline inside a
word are written as `\\` and `\n`; `word_offsets` int64 (V + 1,), `word_hashes` uint32 (V,) and `word_rows`
int32 (V,), by which a word is found (see `embedkit.container.indexed_words`); `counts` int64 (V,) if known;
`output_vectors` and `output_scales`, of the same types and shapes as `vectors`, if word2vec's were kept;
if other words have vectors by their subwords, `subwords.settings`, their kind and settings as JSON, and their
arrays, `subwords.` and a name. The header's `__metadata__` has one key, `embedkit`, whose JSON value holds
the version of this format, the metadata of the vectors, and `crc32`: the CRC-32 of each tensor and of the
metadata.

A file is opened without reading it: all tensors are mapped, and compared with their checksums on demand, by
`verify_checksums`. Small and earlier files have no norms and no table of words; their words are read, and
whatever is read whole is compared. Those of embedkit 0.1.0 have no checksums.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
from embedkit.container.indexed_words import IndexedWords
from embedkit.container.packed_words import unpack_words
from embedkit.errors import FormatError
from embedkit.files import atomic_file
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.subwords.subwords import Subwords

VERSION = 1
KEY = "embedkit"
BEGINNING = b'{"__metadata__":{"embedkit":'
TABLE = {  # tensors that find words: of which type, and how many entries more than words
    "word_offsets": ("I64", 1),
    "word_hashes": ("U32", 0),
    "word_rows": ("I32", 0),
}
SUBWORDS = "subwords."  # before the names of their arrays


def matches(head: bytes) -> bool:
    """Tell whether a file that begins with `head` is safetensors: a length (8 bytes), then a JSON object."""
    return head[8:9] == b"{" and int.from_bytes(head[:8], "little") < 1 << 40


def is_ours(head: bytes) -> bool:
    """Tell at once whether a file that begins with `head` is one of ours, but for some."""
    return head[8:].startswith(BEGINNING)


def write(path: Path, contents: VectorContents, indexed: bool = True) -> None:
    """Write `contents` to `path`, the vectors as they are kept: float32, float16, or int8 with scales.

    Args:
        path: the file.
        contents: what it will hold.
        indexed: with the norms and the table of words. Without them a file is 20 bytes a word smaller, and
            its words are read when it is opened.
    """
    words, rows = IndexedWords.of(contents.words), contents.rows
    parts = {
        "counts": None if contents.counts is None else np.ascontiguousarray(contents.counts, np.int64),
        **_output_tensors(contents.output),
        "norms": rows.norms,
        "scales": rows.scales,
        "vectors": np.ascontiguousarray(rows.values),
        "word_hashes": words.hashes,
        "word_rows": words.rows,
        "word_offsets": words.offsets,
        "words": words.packed,
    }
    left_out = () if indexed else ("norms", *TABLE)
    tensors = {name: part for name, part in parts.items() if part is not None and name not in left_out}
    if contents.subwords is not None:
        from embedkit.vectors.subwords.files import subword_arrays

        arrays = subword_arrays(contents.subwords)
        tensors |= {SUBWORDS + name: np.ascontiguousarray(array) for name, array in arrays.items()}
    metadata = dict(contents.metadata)
    header = {"version": VERSION, "metadata": metadata, SUMS: checksums(_parts(metadata, tensors))}
    with atomic_file(path) as stream:
        write_tensors(stream, tensors, {KEY: json_text(header)})


def _output_tensors(output: StoredRows | None) -> dict[str, NDArray[Any] | None]:
    if output is None:
        return {}
    return {"output_scales": output.scales, "output_vectors": np.ascontiguousarray(output.values)}


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` rows of `path`, memory-mapped.

    Raises:
        FormatError: the file is truncated, damaged, of another version or not written by embedkit.
    """
    file = _opened(path)
    header = _header(file)
    rows = _check_tensors(file)
    words: Sequence[str]
    if TABLE.keys() & file.entries:
        _compare(file, header, but=file.entries)
        words = _mapped_words(file, header, rows)
    else:
        _compare(file, header, but=("vectors", *_subword_names(file)))
        words = _unpacked_words(file, rows)
    counts, scales, norms = (
        file.map(name)[:limit] if name in file.entries else None for name in ("counts", "scales", "norms")
    )
    return VectorContents(
        words if limit is None else words[:limit],
        file.map("vectors")[:limit],
        counts,
        header["metadata"],
        mapped=True,
        scales=scales,
        norms=norms,
        subwords=_subwords(file),
        output=_output(file, limit),
    )


def _output(file: TensorFile, limit: int | None) -> StoredRows | None:
    """The output vectors, which stay in the file; None if there are none."""
    if "output_vectors" not in file.entries:
        return None
    scales = file.map("output_scales")[:limit] if "output_scales" in file.entries else None
    return StoredRows(file.map("output_vectors")[:limit], scales)


def _mapped_words(file: TensorFile, header: Mapping[str, Any], rows: int) -> IndexedWords:
    """The words, which are found by their table where they lie."""
    packed, offsets, hashes, order = (file.map(name) for name in ("words", *TABLE))
    if (offsets[0], offsets[rows]) != (0, len(packed) + 1):
        raise FormatError(f"{file.path} is damaged: its words are not those that their offsets tell")
    checksum = header.get(SUMS, {}).get("words")
    return IndexedWords(packed, offsets, hashes, order, file.path, checksum)


def _unpacked_words(file: TensorFile, rows: int) -> list[str]:
    """The words of an earlier file, which is read but for its vectors, and checked."""
    words = unpack_words(file.map("words"), file.path)
    if len(words) != rows:
        raise FormatError(f"{file.path}: expected {rows} words for {rows} vectors, got {len(words)}")
    counts = file.map("counts") if "counts" in file.entries else np.zeros(0)
    if counts.min(initial=0) < 0:
        raise FormatError(f"{file.path}: expected counts of words, got {counts.min()}; make the file again")
    scales = file.map("scales") if "scales" in file.entries else np.zeros(0)
    if not np.isfinite(scales).all():
        raise FormatError(
            f"{file.path}: expected finite scales, got {scales[~np.isfinite(scales)][0]}; make the file again"
        )
    return words


def _subword_names(file: TensorFile) -> list[str]:
    """The tensors that are arrays of subwords."""
    return [name for name in file.entries if name.startswith(SUBWORDS)]


def _subwords(file: TensorFile) -> Subwords | None:
    """The subwords that the file holds, whose arrays stay in it; None if there are none."""
    names = _subword_names(file)
    if not names:
        return None
    from embedkit.vectors.subwords.files import subwords_of

    try:
        return subwords_of({name.removeprefix(SUBWORDS): file.map(name) for name in names})
    except FormatError as error:
        raise FormatError(f"{file.path}: {error}") from None


def check_header(path: Path) -> None:
    """Raise `FormatError` unless `path` has the header of vectors that embedkit wrote; reads no vector."""
    _header(_opened(path))


def numbers(path: Path) -> str:
    """How the vectors in `path` are stored."""
    dtype = _opened(path).entries["vectors"].dtype
    return {"I8": "int8, with a float32 scale a row", "F16": "float16"}.get(dtype, "float32")


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
            tensors = {name: np.zeros(0) if name in but else file.map(name) for name in file.entries}
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
        half = file.entries["vectors"].dtype == "F16" if "vectors" in file.entries else False
        rows, _ = file.expect("vectors", "I8" if quantized else "F16" if half else "F32", (None, None))
        file.expect("words", "U8", (None,))
        for name, (dtype, more) in (TABLE if TABLE.keys() & file.entries else {}).items():
            file.expect(name, dtype, (rows + more,))
        if "output_vectors" in file.entries:
            file.expect("output_vectors", file.entries["vectors"].dtype, file.entries["vectors"].shape)
        if quantized and "output_vectors" in file.entries:
            file.expect("output_scales", "F32", (rows,))
        for name, dtype in {"scales": "F32", "norms": "F32", "counts": "I64"}.items():
            if name in file.entries:
                file.expect(name, dtype, (rows,))
    except FormatError as error:
        raise FormatError(f"{file.path}: {error}") from None
    return rows
