"""Blocks of text as places in files: a worker that sees the files reads its block itself."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from embedkit import remote_files
from embedkit.errors import FormatError, InputError
from embedkit.remote_files import is_address
from embedkit.text.reading.blocks import TextBlock

END = 1 << 16  # bytes at each end of a part


class FilePart(NamedTuple):
    """So many bytes of a file, of which the last may be the line end that the file lacks."""

    place: Path | str  # a path or an address
    offset: int
    size: int

    def read(self) -> bytes:
        """The bytes."""
        if isinstance(self.place, str):
            data = remote_files.read_part(self.place, self.offset, self.size)
        else:
            with self.place.open("rb") as stream:
                stream.seek(self.offset)
                data = stream.read(self.size)
        return data + b"\n" if len(data) == self.size - 1 else data

    def holds(self, data: bytes) -> bool:
        """Whether `data` was read here; at an address only its ends are compared.

        Text that was decoded, decompressed or picked out has another length, and so another end.
        """
        if isinstance(self.place, Path):
            return self.read() == data
        size = min(END, self.size)
        begin, end = self._replace(size=size), FilePart(self.place, self.offset + self.size - size, size)
        return data[:size] == begin.read() and data[-size:] == end.read()


@dataclass(frozen=True)
class BlockPlace:
    """Where the text of a block stands: a few bytes that travel instead of it."""

    parts: tuple[FilePart, ...]
    starts: tuple[tuple[int, str, int], ...]
    line: int
    checksum: int

    def read(self) -> TextBlock:
        """The block.

        Raises:
            FormatError: it is no longer there.
        """
        data = b"".join(part.read() for part in self.parts)
        if zlib.crc32(data) != self.checksum:
            raise FormatError(f"{self.parts[0].place} was changed while it was read; start again")
        return TextBlock(data, self.starts, self.line)


def place_of(block: TextBlock) -> BlockPlace | TextBlock:
    """Where a block stands byte for byte; the block itself if it was decompressed, decoded or picked out."""
    ends = [*(start for start, _, _ in block.starts), len(block.data)]
    parts = tuple(
        FilePart(name if is_address(name) else Path(name).resolve(), offset, end - start)
        for (start, name, offset), (_, end) in zip(block.starts, pairwise(ends), strict=True)
    )
    try:
        same = all(
            part.holds(block.data[start:end])
            for part, (start, end) in zip(parts, pairwise(ends), strict=True)
        )
    except (OSError, InputError):  # as of a member of an archive, or of texts in memory
        same = False
    return BlockPlace(parts, block.starts, block.line, zlib.crc32(block.data)) if same else block
