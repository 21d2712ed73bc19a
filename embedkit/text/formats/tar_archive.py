"""The files in a tar archive, read from front to end as they stream."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from tarfile import HeaderError, TarError, TarFile, TarInfo
from typing import IO, Self

from embedkit.errors import FormatError

BUFFER = 1 << 18  # bytes read at once
MAX_HEADER = 1 << 20  # bytes of a long name or of extended headers, which have to be in memory at once
_EXTENDED = {tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE}
_EXTENDED |= {tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK}


def tar_members(chunks: Iterator[bytes], name: str, limit: int) -> Iterator[tuple[str, Iterator[bytes]]]:
    """(name, content) of the regular files in the tar archive `name`, in its order.

    Each content comes in parts of at most `limit` bytes, and ends when the next file is asked for. Links and
    devices are passed over.

    Raises:
        FormatError: the archive is damaged or cut off.
    """
    try:
        with tarfile.open(fileobj=_Stream(chunks), mode="r|", tarinfo=_Header, bufsize=BUFFER) as archive:
            while (member := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined] # which would hold the headers of all files
                if member.isreg():
                    yield member.name, _content(archive, member, name, limit)
    except (TarError, EOFError, ValueError) as error:
        raise FormatError(f"{name} is a tar archive that is damaged or cut off: {error}") from None


def _content(archive: TarFile, member: TarInfo, name: str, limit: int) -> Iterator[bytes]:
    stream: IO[bytes] | None = archive.extractfile(member)
    try:
        while stream and (part := stream.read(limit)):
            yield part
    except TarError as error:
        raise FormatError(
            f"{name} is a tar archive that is damaged or cut off in {member.name}: {error}"
        ) from None


class _Header(TarInfo):
    """A header that is what it says; `tarfile` takes a damaged one for the end of the archive."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """The header in a block of 512 bytes."""
        try:
            header = super().frombuf(buf, encoding, errors)
        except HeaderError as error:
            if buf.strip(b"\0"):
                raise tarfile.ReadError(str(error)) from None
            raise
        if header.type in _EXTENDED and header.size > MAX_HEADER:
            raise tarfile.ReadError(f"a header of {header.size:,} bytes")
        return header


class _Stream(io.RawIOBase):
    """Chunks as a file that is read from front to end."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, memoryview(b"")

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; fewer only at the end."""
        parts: list[memoryview] = []
        while size > 0:
            if not self._rest:
                chunk = next(self._chunks, None)
                if chunk is None:
                    break
                self._rest = memoryview(chunk)
            parts.append(self._rest[:size])
            self._rest = self._rest[len(parts[-1]) :]
            size -= len(parts[-1])
        return b"".join(parts)
