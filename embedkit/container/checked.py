"""One checked .safetensors container for vectors, counts and models: written, read, mapped, verified.

A file is the length of the header (8 bytes, little-endian), the header as JSON, padded with spaces to a
multiple of 8 bytes, and the bytes of the tensors. Opening a file costs its header alone: every tensor must
follow the one before it and have as many bytes as its type and shape say, and the last must end where the
file does. The bytes are compared with checksums only on demand (`verify`), as that reads all of them.

Errors raised here say what is wrong and no more; the kinds of files add which file it is and how to mend it.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.errors import FormatError

DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BOOL": "|b1",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "|i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "|u1",
}  # types of safetensors -> of numpy
KINDS = {
    "embedkit": "word vectors of embedkit",
    "embedkit-model": "a classifier of embedkit, which `embedkit classify` reads",
    "embedkit.doc2vec": "document vectors of embedkit, which `embedkit infer` reads",
    "embedkit.language-model": "a language model of embedkit, which `embedkit generate` reads",
    "embedkit.seq2seq": "a sequence to sequence model of embedkit, which `embedkit translate` reads",
    "embedkit.index": "an index of vectors of embedkit, for `embedkit neighbors --approximate`",
    "embedkit.checkpoint": "a checkpoint of embedkit, from which an interrupted run goes on",
    "embedkit.cooccurrences": "co-occurrence counts of embedkit, from which train-glove and train-svd learn",
}  # keys of the metadata of our files -> what they are
OTHERS = {  # types that numpy lacks: never in our files, but a file that has them is not damaged
    *("BF16", "C64", "F4", "F6_E2M3", "F6_E3M2"),
    *("F8_E4M3", "F8_E4M3FNUZ", "F8_E5M2", "F8_E5M2FNUZ", "F8_E8M0"),
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
METADATA = "__metadata__"
SUMS = "crc32"  # the key of checksums in the headers of our files
ALIGNMENT = 8
MAX_HEADER = 100_000_000  # bytes, as the library of safetensors has it
MAX_ENTRIES = 1 << 48  # entries of a tensor, more than any disk holds
SURROGATE = re.compile("[\ud800-\udfff]")
MALFORMED = (LookupError, TypeError, ValueError, AttributeError, RecursionError)

Content = bytes | memoryview  # what a checksum is of


class Entry(NamedTuple):
    """What the header tells of a tensor; its bytes are those from `start` to `stop` behind the header."""

    dtype: str
    shape: tuple[int, ...]
    start: int
    stop: int

    def as_json(self) -> dict[str, object]:
        """The entry as it stands in the header."""
        return {"dtype": self.dtype, "shape": self.shape, "data_offsets": (self.start, self.stop)}


@dataclass(frozen=True)
class TensorFile:
    """An opened file; its tensors are mapped when they are asked for.

    Args:
        path: the file.
        metadata: the texts of the header.
        entries: what the header tells of each tensor.
        begin: where the first tensor begins, in bytes from the beginning of the file.
    """

    path: Path
    metadata: Mapping[str, str]
    entries: Mapping[str, Entry]
    begin: int

    @property
    def kind(self) -> str:
        """What the file is, by its metadata, or by its tensors if it is none of ours."""
        names = ", ".join(sorted(self.entries)[:5]) or "no tensor"
        ours = (told for key, told in KINDS.items() if key in self.metadata)
        return next(ours, f"a safetensors file with {names}")

    def map(self, name: str) -> NDArray[Any]:
        """A tensor of one of the types in `DTYPES`, memory-mapped, read-only."""
        return map_tensor(self.path, self.entries[name], self.begin)

    def expect(self, name: str, dtype: str, shape: tuple[int | None, ...]) -> tuple[int, ...]:
        """The shape of a tensor of this type and shape (None: any length).

        Raises:
            FormatError: there is no such tensor, or it has another type or shape.
        """
        if name not in self.entries:
            raise FormatError(f"expected a tensor {name!r}, got only {sorted(self.entries)}")
        entry = self.entries[name]
        fits = len(entry.shape) == len(shape) and all(
            wanted in (None, length) for length, wanted in zip(entry.shape, shape, strict=True)
        )
        if entry.dtype != dtype or not fits:
            wanted = " x ".join("any" if length is None else str(length) for length in shape)
            raise FormatError(
                f"expected {name!r} as {dtype} of {wanted} entries, got {entry.dtype} of {list(entry.shape)}"
            )
        return entry.shape


def write_tensors(
    stream: IO[bytes], tensors: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]
) -> None:
    """Write tensors of types in `DTYPES` one after the other, the widest first, so that each is aligned.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "file")
        ...     with path.open("wb") as stream:
        ...         write_tensors(stream, {"row": np.arange(3)}, {"made": "by hand"})
        ...     file = open_tensors(path)
        ...     print(file.metadata, file.map("row"))
        {'made': 'by hand'} [0 1 2]
    """
    ordered = sorted(tensors.items(), key=lambda item: -item[1].itemsize)
    entries: dict[str, Entry] = {}
    end = 0
    for name, tensor in ordered:
        start, end = end, end + tensor.nbytes
        entries[name] = Entry(NAMES[tensor.dtype.str], tensor.shape, start, end)
    stream.write(header_bytes(entries, metadata))
    for _, tensor in ordered:
        stream.write(np.ascontiguousarray(tensor).data)


def header_bytes(entries: Mapping[str, Entry], metadata: Mapping[str, str], room: int = 0) -> bytes:
    """The length of the header and the header, padded with spaces to `room` bytes or a little more."""
    content = {METADATA: dict(metadata), **{name: entry.as_json() for name, entry in entries.items()}}
    text = json_text(content, separators=(",", ":")).encode().ljust(room - 8)
    text += b" " * (-len(text) % ALIGNMENT)
    return len(text).to_bytes(8, "little") + text


def json_text(content: object, **options: Any) -> str:
    r"""The content as JSON that UTF-8 can hold, given options of `json.dumps`.

    Characters stand as they are, but lone surrogates are escaped: names of files that are not UTF-8
    have some in Python.

    Example:
        >>> json_text({"name": "caf\udce9.txt"})
        '{"name": "caf\\udce9.txt"}'
    """
    text = json.dumps(content, ensure_ascii=False, **options)
    return SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def open_tensors(path: Path) -> TensorFile:
    """Open a file; its header and its size are checked, its tensors are not read.

    Raises:
        FormatError: it is cut off, damaged or no .safetensors file.
    """
    with path.open("rb") as stream:
        head = stream.read(9)
        length, size = int.from_bytes(head[:8], "little"), stream.seek(0, 2)
        if length > min(size - 8, MAX_HEADER):
            if head[8:] != b"{":
                begins = f"it begins with {head!r}, as no .safetensors file does"
                raise FormatError(begins if head else "it is empty")
            raise FormatError(f"header too large: {length:,} bytes in a file of {size:,}")
        stream.seek(8)
        text = stream.read(length)
    try:
        if not text.rstrip(b" ").endswith(b"}"):
            raise ValueError("expected a JSON object, padded with spaces")
        header = json.loads(text)
        metadata = {key: _string(value) for key, value in header.pop(METADATA, {}).items()}
        entries = {name: _entry(told) for name, told in header.items()}
    except MALFORMED as error:
        raise FormatError(f"its header is malformed: {error!r:.200}") from None
    _check_places(entries, 8 + length, size)
    return TensorFile(path, metadata, entries, 8 + length)


def map_tensor(file: Path | IO[bytes], entry: Entry, begin: int) -> NDArray[Any]:
    """A tensor of a file whose tensors begin at `begin`, memory-mapped, read-only; an empty one is not."""
    dtype = DTYPES[entry.dtype]
    if entry.start == entry.stop:
        return np.empty(entry.shape, dtype)
    return np.memmap(file, dtype, "r", begin + entry.start, entry.shape).view(np.ndarray)


def checksums(parts: Mapping[str, Content]) -> dict[str, str]:
    """The CRC-32 of each part in hexadecimal digits, as `verify` compares them.

    Example:
        >>> checksums({"check": b"123456789"})
        {'check': 'cbf43926'}
    """
    return {name: checksum_text(zlib.crc32(part)) for name, part in parts.items()}


def checksum_text(number: int) -> str:
    """A CRC-32 as it stands in files: eight hexadecimal digits."""
    return f"{number:08x}"


def verify(parts: Mapping[str, Content], written: Mapping[str, str], but: Collection[str] = ()) -> None:
    """Raise `FormatError` unless the parts, `but` some, are those whose checksums were written."""
    if parts.keys() != written.keys():
        held, summed = (", ".join(sorted(names)) for names in (parts, written))
        raise FormatError(f"it holds {held}, and checksums of {summed}")
    for name, part in parts.items():
        if name not in but:
            check_sum(name, zlib.crc32(part), written[name])


def check_sum(name: str, checksum: int, written: str) -> None:
    """Raise `FormatError` unless the CRC-32 of a part is the one that was written."""
    if checksum_text(checksum) != written:
        raise FormatError(f"the checksum of its {name} is {checksum_text(checksum)}, {written} was written")


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected a string of metadata, got {value!r:.80}")
    return value


def _entry(told: Mapping[str, Any]) -> Entry:
    """The entry of a header, of the right types; what it says is not yet believed."""
    start, stop = told["data_offsets"]
    numbers = [*told["shape"], start, stop]
    whole = all(type(number) is int and number >= 0 for number in numbers)
    if not whole or prod(max(1, length) for length in told["shape"]) > MAX_ENTRIES:
        raise ValueError(f"expected lengths and places of a tensor, got {numbers!r:.80}")
    dtype = _string(told["dtype"])
    if dtype not in DTYPES and dtype not in OTHERS:
        raise ValueError(f"of an unknown type: {dtype!r:.80}")
    return Entry(dtype, tuple(told["shape"]), start, stop)


def _check_places(entries: Mapping[str, Entry], begin: int, size: int) -> None:
    """Raise `FormatError` unless the tensors, one after the other, fill the file from `begin` to its end."""
    end = 0
    for name, entry in sorted(entries.items(), key=lambda item: item[1][2:]):
        known = entry.dtype in DTYPES
        wanted = prod(entry.shape) * np.dtype(DTYPES[entry.dtype]).itemsize if known else 0
        if entry.start != end or entry.stop < entry.start or (known and entry.stop - entry.start != wanted):
            raise FormatError(f"its header describes other tensors than it can hold: {name!r} as {entry[:2]}")
        end = entry.stop
    if begin + end != size:
        raise FormatError(f"expected {begin + end:,} bytes, got {size:,}")
