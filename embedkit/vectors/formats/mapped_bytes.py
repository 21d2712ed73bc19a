"""`MappedBytes`: the bytes of a file, mapped, and a place in them from which binary formats are parsed."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable
from math import prod
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Longs1d
from embedkit.errors import FormatError
from embedkit.vectors.formats import stream


class MappedBytes:
    r"""Bytes, and the place `at` up to which they are parsed.

    Whatever is asked for must be there: beyond the end a `FormatError` says where the file was cut off.

    Example:
        >>> data = MappedBytes(b"\x02\x00cat\x00", "a file")
        >>> data.unpack("<h"), data.until(b"\x00", 10), data.at
        ((2,), b'cat', 6)
    """

    def __init__(self, content: bytes | mmap.mmap, name: str) -> None:
        self.name = name
        self.at = 0
        self._content = content

    @classmethod
    def of(cls, path: Path, matches: Callable[[bytes], bool]) -> MappedBytes:
        """A file whose content begins as it should, or what is in a compressed one, in a nameless file."""
        with path.open("rb") as file:
            if matches(file.read(1 << 10)):
                return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), str(path))
        with TemporaryFile() as file:
            for chunk in stream.content(path):
                file.write(chunk)
            file.flush()
            return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), str(path))

    def __len__(self) -> int:
        return len(self._content)

    def startswith(self, start: bytes) -> bool:
        """Whether the bytes from here on begin so."""
        return self._content[self.at : self.at + len(start)] == start

    def skip(self, count: int, what: str) -> None:
        """Go so many bytes on, which must be there."""
        self.check_room(count, what)
        self.at += count

    def unpack(self, layout: str) -> tuple[Any, ...]:
        """The numbers that `struct` finds here."""
        begin = self.at
        self.skip(struct.calcsize(layout), "numbers of a header")
        return struct.unpack(layout, self._content[begin : self.at])

    def until(self, end: bytes, most: int) -> bytes:
        """The bytes up to `end`, which is skipped, and of which at most so many may stand before it."""
        found = self._content.find(end, self.at, self.at + most + len(end))
        if found < 0:
            got = "the end of the file" if self.at + most >= len(self) else f"{most:,} other bytes"
            raise FormatError(f"{self.name}: expected {end!r} behind a word at byte {self.at:,}, got {got}")
        begin, self.at = self.at, found + len(end)
        return self._content[begin:found]

    def array(self, dtype: str, shape: tuple[int, ...], what: str) -> NDArray[Any]:
        """An array that lies here, read-only, and perhaps not aligned."""
        count = prod(shape)
        begin = self.at
        self.skip(count * np.dtype(dtype).itemsize, what)
        if not count:
            return np.empty(shape, dtype)
        return np.frombuffer(self._content, dtype, count, begin).reshape(shape)

    def numbers_at(self, places: Longs1d, dtype: str) -> NDArray[Any]:
        """The numbers that begin at these places, (n,), all of which must be there."""
        width = np.dtype(dtype).itemsize
        everywhere: NDArray[Any] = np.ndarray((len(self) - width + 1,), dtype, self._content, strides=(1,))
        return everywhere[places]

    def check_room(self, count: int, what: str) -> None:
        """Raise `FormatError` unless so many more bytes are there."""
        if not 0 <= count <= len(self) - self.at:
            raise FormatError(
                f"{self.name}: expected {what}, {count:,} bytes from byte {self.at:,} on, but the file ends "
                f"at {len(self):,}: it is cut off, or damaged"
            )

    def check_end(self) -> None:
        """Raise `FormatError` if there are more bytes."""
        if self.at != len(self):
            raise FormatError(
                f"{self.name}: expected the file to end at byte {self.at:,}, got {len(self):,} bytes"
            )
