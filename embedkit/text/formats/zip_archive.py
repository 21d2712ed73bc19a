"""The files in a zip archive, or the only one: people zip what they share.

Folders are passed over; hidden files and what macOS adds beside files, too, where there should be one file.
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
    files = [file for file in zip_members(chunks, name, path, limit) if not is_beside(file[0])]
    if not files:
        raise FormatError(f"{name}: expected a zip archive with a file in it, got an empty one")
    if len(files) > 1:
        shown = ", ".join(file for file, _ in files[:SHOWN]) + ", ..." * (len(files) > SHOWN)
        raise FormatError(
            f"{name} is a zip archive of several files: {shown}; unpack it, and name one of them"
        )
    return _drawn(chunks, files[0][1])


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


def is_beside(member: str) -> bool:
    """Whether the member of an archive is hidden, or what macOS adds beside files."""
    parts = member.replace("\\", "/").split("/")
    return any(part == "__MACOSX" or (part.startswith(".") and part not in (".", "..")) for part in parts)


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


def _drawn(chunks: Iterable[bytes], content: Iterator[bytes]) -> Iterator[bytes]:
    """The content, after the rest of `chunks`, which somebody may count or hash."""
    deque(chunks, maxlen=0)
    yield from content


def _content(archive: ZipFile, member: ZipInfo, name: str, limit: int) -> Iterator[bytes]:
    try:
        with archive.open(member) as content:
            while part := content.read(limit):
                yield part
    except ERRORS as error:
        raise FormatError(f"{name}: {member.filename} in this zip archive cannot be read: {error}") from None
