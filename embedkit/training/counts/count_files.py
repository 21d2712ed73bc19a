"""`CountFiles`: counts in files that grow, of which a checkpoint tells how much is whole.

The files have no names, so they vanish with the process whatever ends it; or they lie beside a checkpoint,
which tells their lengths and the checksums up to there.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from embedkit.saver import UNSAVED, Saver
from embedkit.training.temporary_files import PositionalReader

CHUNK = 1 << 22  # bytes read at once


class CountFiles:
    """A file for each kind of number.

    Args:
        types: of the numbers of each kind.
        folder: where files without names are.
        saver: which says where files are kept.
    """

    def __init__(self, types: Mapping[str, type], folder: Path, saver: Saver = UNSAVED) -> None:
        self._types, self._folder, self._saver = types, folder, saver
        self.checksums = dict.fromkeys(types, 0)
        self._open = ExitStack()

    @property
    def lasting(self) -> bool:
        """Whether they lie beside a checkpoint."""
        return self._saver.beside("") is not None

    def __enter__(self) -> Self:
        self._files = {name: self._open.enter_context(self._file(name)) for name in self._types}
        self._readers = {name: PositionalReader(file) for name, file in self._files.items()}
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def append(self, name: str, numbers: NDArray[Any]) -> None:
        """Write all numbers: an unbuffered file may take a part at a time."""
        data = numbers.view(np.uint8).data
        self.checksums[name] = zlib.crc32(data, self.checksums[name])
        while data:
            data = data[self._files[name].write(data) :]

    def fill(self, name: str, index: int, numbers: NDArray[Any]) -> None:
        """Fill `numbers` from a file of numbers of their type, from number `index` on."""
        self._readers[name].fill(numbers.view(np.uint8).data, index * numbers.itemsize)

    def read(self, name: str, index: int, count: int) -> NDArray[Any]:
        """So many numbers, from number `index` on."""
        numbers: NDArray[Any] = np.empty(count, self._types[name])
        self.fill(name, index, numbers)
        return numbers

    def go_on(self, lengths: Mapping[str, int], checksums: Mapping[str, int]) -> bool:
        """Go on behind so many numbers, if these are those that were written; else begin anew."""
        known = all(self._checksum(name, lengths[name]) == checksums[name] for name in self._types)
        self.checksums = dict(checksums) if known else dict.fromkeys(self._types, 0)
        for name, file in self._files.items():
            file.seek(file.truncate(self._bytes(name, lengths[name]) if known else 0))
        return known

    def _bytes(self, name: str, length: int) -> int:
        return np.dtype(self._types[name]).itemsize * length

    def _checksum(self, name: str, length: int) -> int:
        """The checksum of so many numbers; of a file that is shorter, of all of it."""
        file, left, checksum = self._files[name], self._bytes(name, length), 0
        file.seek(0)
        while chunk := file.read(min(left, CHUNK)):
            checksum, left = zlib.crc32(chunk, checksum), left - len(chunk)
        return checksum

    def _file(self, name: str) -> IO[bytes]:
        if path := self._saver.beside(f".{name}"):
            return path.open("r+b" if path.exists() else "w+b", buffering=0)
        return tempfile.TemporaryFile(dir=self._folder, buffering=0)
