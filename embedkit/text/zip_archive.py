"""The one file in a zip archive: people zip what they share.

Folders and what macOS adds beside files are passed over. An archive of several files is refused.
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
    stream: IO[bytes] = path.open("rb") if path and path.is_file() else _copy(chunks)
    try:
        archive = ZipFile(stream)
    except ERRORS as error:
        stream.close()
        raise FormatError(f"{name} is a zip archive that is damaged or cut off: {error}") from None
    return _content(archive, _only_file(archive, name), name, chunks, limit)


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


def _content(
    archive: ZipFile, member: ZipInfo, name: str, chunks: Iterable[bytes], limit: int
) -> Iterator[bytes]:
    """The content of a member, after the rest of `chunks`, which somebody may count or hash."""
    deque(chunks, maxlen=0)
    try:
        with archive, archive.open(member) as content:
            while part := content.read(limit):
                yield part
    except ERRORS as error:
        raise FormatError(f"{name}: {member.filename} in this zip archive cannot be read: {error}") from None
