"""Temporary files of training, on all systems: room on the disk, and reads from several threads."""

from __future__ import annotations

import errno
import os
from threading import Lock
from typing import IO

BLOCK = 1 << 20  # bytes written at a time to have room for them


def reserve(stream: IO[bytes], size: int) -> None:
    """Make a new file so many bytes long, with room for all of them on the disk: if it is full, raise now.

    A file that is only declared that long ends the program by a signal when a mapped page finds no room.
    """
    if hasattr(os, "posix_fallocate"):  # Linux
        os.posix_fallocate(stream.fileno(), 0, size)
        return
    block = bytes(BLOCK)
    for start in range(0, size, BLOCK):
        stream.write(block[: size - start])
    stream.flush()


class PositionalReader:
    """Reads a file from several threads, each at places of its own."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._lock = file, Lock()

    def fill(self, data: memoryview, offset: int) -> None:
        """Fill `data` with what stands in the file from `offset` on.

        Raises:
            OSError: it cannot be read, or ends before.
        """
        while data:
            count = self._read(data, offset)
            if not count:
                raise OSError(errno.EIO, f"a temporary file ends at byte {offset:,} where more was written")
            data, offset = data[count:], offset + count

    def _read(self, data: memoryview, offset: int) -> int:
        if hasattr(os, "preadv"):  # Linux, macOS 11
            return os.preadv(self._file.fileno(), [data], offset)
        with self._lock:
            self._file.seek(offset)
            count: int = self._file.readinto(data)  # type: ignore[attr-defined]
            return count
