"""The layout of a file of co-occurrence counts, which is a .safetensors file.

Tensors: `offsets` int64 (V + 1,), `columns` int32 (N,) and `counts` float32 (N,) are the matrix in compressed
sparse rows; `word_counts` int64 (V,); `words` uint8, packed as in a file of vectors. The header's
`__metadata__` has two keys: `embedkit.cooccurrences`, a JSON object with the version of this format and the
recipe; and `crc32`, a JSON object with the CRC-32 of that text ("recipe") and of the bytes of each tensor.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.container.checked import NAMES, Entry, header_bytes, map_tensor

VERSION = 1
KEY = "embedkit.cooccurrences"
DTYPES = {"offsets": "<i8", "word_counts": "<i8", "columns": "<i4", "counts": "<f4", "words": "|u1"}
MAX_ENTRIES = 10**15  # entries, more than any disk holds


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
        return self.begin + self.entries()[name].start

    def entries(self) -> dict[str, Entry]:
        """What the header says of each tensor."""
        entries: dict[str, Entry] = {}
        end = 0
        for name, dtype in DTYPES.items():
            start, end = end, end + self.lengths[name] * np.dtype(dtype).itemsize
            entries[name] = Entry(NAMES[dtype], (self.lengths[name],), start, end)
        return entries

    def header(self, metadata: Mapping[str, str], room: int = 0) -> bytes:
        """The length of the header and the header, padded with spaces to `room` bytes or a little more."""
        return header_bytes(self.entries(), metadata, room)

    def map(self, file: Path | IO[bytes], name: str) -> NDArray[Any]:
        """A tensor of the file, memory-mapped."""
        return map_tensor(file, self.entries()[name], self.begin)
