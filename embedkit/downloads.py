"""Downloads of public files by name: only when asked for, only once, and verified by checksum.

`corpora/downloads.json` lists them. A file is listed only if its SHA-256 was taken from a copy in hand: a
server that holds something else by now is refused, and nothing of its answer is kept. The library pooch does
the work: it downloads beside the target, compares the checksum, then renames.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path, PurePosixPath
from time import monotonic
from typing import Any
from zipfile import BadZipFile, ZipFile

from embedkit.errors import DependencyError, FormatError, InputError
from embedkit.files import atomic_file
from embedkit.progress import SILENT, Progress
from embedkit.shipped_files import shipped_path

CACHE_VARIABLE = "EMBEDKIT_CACHE"
REGISTRY = "downloads.json"
CHUNK = 2**16  # bytes read at once, at most
TIMEOUT = 30  # seconds in which a server must send anything
PATIENCE = 60  # seconds over which the speed is taken
SLOWEST = 1000  # bytes a second, on average
UNREADABLE = (
    BadZipFile,
    KeyError,
    EOFError,
    RuntimeError,
    zlib.error,
)  # RuntimeError: encrypted, or unknown methods
NEEDS_POOCH = "fetching files needs pooch: pip install 'embedkit[download]'"


@dataclass(frozen=True, kw_only=True)
class RemoteFile:
    """A file somewhere else.

    Args:
        url: where it lies; the last part names it in the cache.
        sha256: its checksum, in hexadecimal.
        size: in bytes.
        licence: what its makers allow, as far as they say.
        member: the one file that is wanted, if the url is that of a zip archive.
    """

    url: str
    sha256: str
    size: int
    licence: str
    member: str | None = None

    @property
    def file(self) -> str:
        """Its name in the cache: "SimLex-999.zip" of https://example.org/SimLex-999.zip."""
        return PurePosixPath(self.url).name


@cache
def remote_files() -> dict[str, RemoteFile]:
    """All files that can be fetched, by name."""
    text = shipped_path(REGISTRY).read_text(encoding="utf-8")
    return {name: RemoteFile(**entry) for name, entry in json.loads(text).items()}


def cache_folder() -> Path:
    """The folder that keeps what was fetched: $EMBEDKIT_CACHE, or the platform's place for caches."""
    if chosen := os.environ.get(CACHE_VARIABLE):
        return Path(chosen)
    try:
        from platformdirs import user_cache_dir  # pooch brings it, and would use it
    except ImportError:
        raise DependencyError(NEEDS_POOCH) from None
    return Path(user_cache_dir("embedkit"))


def fetch_file(remote: RemoteFile, progress: Progress = SILENT) -> Path:
    """The path of a file in the cache, downloaded unless it lies there already with the right checksum.

    Raises:
        DependencyError: pooch is not installed.
        InputError: the file cannot be had or kept, for example for want of a network.
        FormatError: the server has something else than what was published.
    """
    pooch, kept = _pooch(), cache_folder() / remote.file
    transfer = _Transfer(remote, progress)
    try:
        pooch.retrieve(remote.url, f"sha256:{remote.sha256}", kept.name, kept.parent, downloader=transfer)
    except OSError as error:  # requests' errors are OSErrors
        advice = f"try again, or get the file in another way and put it at {kept}"
        raise InputError(f"cannot fetch {remote.url}: {advice}; the cause: {error}") from error
    except ValueError as error:
        raise FormatError(f"{remote.url} is not the file that was published: {error}") from None
    return kept if remote.member is None else _unpacked(kept, remote.member)


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


def _pooch() -> Any:
    """The library, which else announces each download by itself."""
    try:
        pooch = import_module("pooch")
    except ImportError:
        raise DependencyError(NEEDS_POOCH) from None
    pooch.get_logger().setLevel(logging.WARNING)
    return pooch


class _Transfer:
    """A downloader, as pooch knows them, that reports to a `Progress`.

    A server that sends more than was published is not listened to until the disk is full.
    """

    def __init__(self, remote: RemoteFile, progress: Progress) -> None:
        self._remote, self._progress = remote, progress

    def __call__(self, url: str, output_file: str, pooch: object) -> None:
        size, received = self._remote.size, 0
        self._progress.start(f"fetching {self._remote.file}", size)
        with Path(output_file).open("wb") as stream:
            for chunk in _arriving(url):
                received += len(chunk)
                if received > size:
                    raise ValueError(f"expected {size:,} bytes, and more are sent")
                stream.write(chunk)
                self._progress.update(received)
        self._progress.finish(f"{received:,} bytes")


def _arriving(url: str) -> Iterator[bytes]:
    """What a server sends, in chunks as they arrive.

    Raises:
        OSError: it cannot be had, or comes so slowly that it would take days.
    """
    requests, http = import_module("requests"), import_module("urllib3.exceptions")
    begin, received = monotonic(), 0
    try:
        with requests.get(url, stream=True, timeout=TIMEOUT) as response:
            response.raise_for_status()
            while chunk := response.raw.read1(CHUNK, decode_content=True):
                yield chunk
                received += len(chunk)
                if (waited := monotonic() - begin) > PATIENCE:
                    if received < SLOWEST * waited:
                        raise OSError(f"{received:,} bytes in {waited:.0f} s are too slow")
                    begin, received = monotonic(), 0
    except http.HTTPError as error:
        raise OSError(str(error)) from error
