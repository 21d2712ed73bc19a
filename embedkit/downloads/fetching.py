"""`fetch_file`: a remote file in the cache, downloaded unless it lies there already."""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from embedkit.downloads.cache import cache_folder
from embedkit.downloads.remote_file import RemoteFile
from embedkit.downloads.transfer import transfer
from embedkit.errors import FormatError, InputError
from embedkit.files import atomic_file
from embedkit.progress import SILENT, Progress

UNREADABLE = (
    BadZipFile,
    KeyError,
    EOFError,
    RuntimeError,
    zlib.error,
)  # RuntimeError: encrypted, or unknown methods


def fetch_file(remote: RemoteFile, progress: Progress = SILENT) -> Path:
    """The path of a file in the cache, downloaded unless it lies there already with the right checksum.

    Raises:
        DependencyError: requests is not installed.
        InputError: the file cannot be had or kept, for example for want of a network.
        FormatError: the server has something else than what was published; nothing of it is kept.
    """
    kept = cache_folder() / remote.file
    if not _is_there(remote, kept):
        try:
            transfer(remote, kept, progress)
        except OSError as error:  # requests' errors are OSErrors
            raise InputError(
                f"cannot fetch {remote.url}: try again, or get the file in another way and put it at {kept}; "
                f"the cause: {error}"
            ) from error
    return kept if remote.member is None else _unpacked(kept, remote.member)


def _is_there(remote: RemoteFile, kept: Path) -> bool:
    """Whether the cache has the file, as it was published."""
    try:
        remote.verify(kept)
    except (FormatError, OSError):
        return False
    return True


def _unpacked(archive: Path, member: str) -> Path:
    """The file `member` of a zip archive, copied beside it.

    Nothing else is unpacked and the copy's name has no folder, so no name in an archive leads anywhere else.
    """
    target = archive.with_name(PurePosixPath(member).name)
    try:
        with ZipFile(archive) as packed, packed.open(member) as source:
            if not target.is_file() or target.stat().st_size != packed.getinfo(member).file_size:
                with atomic_file(target) as stream:
                    shutil.copyfileobj(source, stream)
    except UNREADABLE as error:
        raise FormatError(
            f"{archive}: expected a zip archive that holds {member!r}: {error.args[0]}; correct the entry of "
            "the downloads, or unpack the file yourself and name it"
        ) from None
    return target
