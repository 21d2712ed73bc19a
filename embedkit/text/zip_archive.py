"""The files in a zip archive, or the only one: people zip what they share.

Folders are passed over; what macOS adds beside files, too, where there should be one file.
"""

from __future__ import annotations

import lzma
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from embedkit.errors import FormatError

SHOWN = 8  # names of files in a message
# What `zipfile` and the decompressors raise for archives that are damaged, encrypted or unusual.
ERRORS = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    lzma.LZMAError,
    zlib.error,
)


def unzipped(chunks: Iterable[bytes], name: str, path: Path | None, limit: int) -> Iterator[bytes]:
    """The content of the one file in the zip archive `name`, in parts of at most `limit` bytes.

    An archive tells at its end what it holds. All of `chunks` is drawn before the content comes, and copied
    to a temporary file unless the archive lies at `path`.

    Raises:
        FormatError: it holds no file or several, which is told at once; or it is damaged or encrypted.
    """
    archive = _opened(chunks, name, path)
    return _drawn(chunks, archive, _only_file(archive, name), name, limit)


def zip_members(
    chunks: Iterable[bytes], name: str, path: Path | None, limit: int
) -> list[tuple[str, Iterator[bytes]]]:
    """(name, content) of the files in the zip archive `name`, in its order.

    Each content comes in parts of at most `limit` bytes. The archive is read where it lies at `path`, else
    all of `chunks` is copied to a temporary file.

    Raises:
        FormatError: it is damaged or, once a content is read, encrypted.
    """
    archive = _opened(chunks, name, path)
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    return [(entry.filename, _content(archive, entry, name, limit)) for entry in entries]


def _opened(chunks: Iterable[bytes], name: str, path: Path | None) -> ZipFile:
    stream: IO[bytes] = path.open("rb") if path and path.is_file() else _copy(chunks)
    try:
        return ZipFile(stream)
    except ERRORS as error:
        stream.close()
        raise FormatError(f"{name} is a zip archive that is damaged or cut off: {error}") from None


def _copy(chunks: Iterable[bytes]) -> IO[bytes]:
    stream = TemporaryFile()  # noqa: SIM115 - read later
    stream.writelines(chunks)
    return stream


def _only_file(archive: ZipFile, name: str) -> ZipInfo:
    """The one file that somebody put in an archive."""
    members = [entry for entry in archive.infolist() if not _is_beside(entry)]
    if not members:
        raise FormatError(f"{name}: expected a zip archive with a file in it, got an empty one")
    if len(members) > 1:
        shown = ", ".join(entry.filename for entry in members[:SHOWN]) + ", ..." * (len(members) > SHOWN)
        raise FormatError(
            f"{name} is a zip archive of several files: {shown}; unpack it, and name one of them"
        )
    return members[0]


def _is_beside(entry: ZipInfo) -> bool:
    return entry.is_dir() or entry.filename.startswith("__MACOSX/")


def _drawn(
    chunks: Iterable[bytes], archive: ZipFile, member: ZipInfo, name: str, limit: int
) -> Iterator[bytes]:
    """The content of a member, after the rest of `chunks`, which somebody may count or hash."""
    deque(chunks, maxlen=0)
    yield from _content(archive, member, name, limit)


def _content(archive: ZipFile, member: ZipInfo, name: str, limit: int) -> Iterator[bytes]:
    try:
        with archive.open(member) as content:
            while part := content.read(limit):
                yield part
    except ERRORS as error:
        raise FormatError(f"{name}: {member.filename} in this zip archive cannot be read: {error}") from None
