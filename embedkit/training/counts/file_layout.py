"""Where everything stands in a file of co-occurrence counts, which is a .safetensors file.

Tensors: `offsets` int64 (V + 1,), `columns` int32 (N,) and `counts` float32 (N,) are the matrix in compressed
sparse rows; `word_counts` int64 (V,); `words` uint8, packed as in a file of vectors. The header's
`__metadata__` has two keys: `embedkit.cooccurrences`, a JSON object with the version of this format and the
recipe; and `crc32`, a JSON object with the CRC-32 of that text ("recipe") and of the bytes of each tensor.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.container.writing import ALIGNMENT

VERSION = 1
KEY = "embedkit.cooccurrences"
SUMS = "crc32"
DTYPES = {"offsets": "<i8", "word_counts": "<i8", "columns": "<i4", "counts": "<f4", "words": "|u1"}
SAFETENSORS = {"<i8": "I64", "<i4": "I32", "<f4": "F32", "|u1": "U8"}
LONGEST = 10**15  # entries, more than any disk holds


class Layout(NamedTuple):
    """The tensors of a file, one after the other in the order of `DTYPES`."""

    lengths: Mapping[str, int]  # of each tensor
    begin: int  # of the first, in bytes from the beginning of the file

    @classmethod
    def of(cls, words: int, nonzeros: int, packed: int, begin: int = 0) -> Layout:
        """The layout for so many words, counts, and bytes of packed words."""
        numbers = (words + 1, words, nonzeros, nonzeros, packed)
        return cls(dict(zip(DTYPES, numbers, strict=True)), begin)

    def place(self, name: str) -> int:
        """Where a tensor begins, in bytes from the beginning of the file."""
        before = list(DTYPES)[: list(DTYPES).index(name)]
        return self.begin + sum(self._bytes(other) for other in before)

    @property
    def end(self) -> int:
        """The size of the file in bytes."""
        return self.begin + sum(map(self._bytes, DTYPES))

    def entries(self) -> dict[str, dict[str, Any]]:
        """What the header says of each tensor."""
        starts = {name: self.place(name) - self.begin for name in DTYPES}
        return {
            name: {
                "dtype": SAFETENSORS[DTYPES[name]],
                "shape": [self.lengths[name]],
                "data_offsets": [start, start + self._bytes(name)],
            }
            for name, start in starts.items()
        }

    def header(self, metadata: Mapping[str, str], length: int = 0) -> bytes:
        """The length of the header and the header, padded with spaces to `length` bytes or a little more."""
        content = {"__metadata__": dict(metadata), **self.entries()}
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        text = text.ljust(length - 8)
        text += b" " * (-len(text) % ALIGNMENT)
        return len(text).to_bytes(8, "little") + text

    def map(self, file: Path | IO[bytes], name: str) -> NDArray[Any]:
        """A tensor of the file, memory-mapped."""
        if not self.lengths[name]:
            return np.empty(0, DTYPES[name])
        shape = (self.lengths[name],)
        return np.memmap(file, DTYPES[name], "r", self.place(name), shape).view(np.ndarray)

    def _bytes(self, name: str) -> int:
        return self.lengths[name] * np.dtype(DTYPES[name]).itemsize
