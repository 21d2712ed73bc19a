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
        >>> data = MappedBytes(b"\x02\x00cat\x00!", "a file")
        >>> data.unpack("<h"), data.strings(1, 1, 10), data.at
        ((2,), ([b'cat'], array([6])), 7)
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

    def strings(self, count: int, behind: int, most: int) -> tuple[list[bytes], Longs1d]:
        """So many strings of at most `most` bytes, each of which ends with a zero byte.

        Behind it stand `behind` bytes more; where these begin is returned, too, (count,).
        """
        content, at, strings = self._content, self.at, []
        places = np.empty(count, np.int64)
        for number in range(count):
            end = content.find(b"\0", at, at + most + 1)
            if end < 0 or end + behind >= len(content):
                got = f"{most:,} other bytes" if 0 <= at + most < len(content) else "the end of the file"
                raise FormatError(
                    f"{self.name}: expected word {number + 1:,} of {count:,} at byte {at:,}, got {got}: "
                    "it is cut off, or damaged"
                )
            strings.append(content[at:end])
            places[number] = end + 1
            at = end + 1 + behind
        self.at = at
        return strings, places

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
