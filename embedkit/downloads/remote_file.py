"""`RemoteFile`: a file somewhere else, and what is known of it before it is fetched."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath

from embedkit.errors import FormatError


@dataclass(frozen=True, kw_only=True)
class RemoteFile:
    """A file somewhere else.

    Args:
        url: where it lies; the last part names it in the cache.
        checksum: "sha256:" or "md5:" and the checksum in hexadecimal; None if nobody has published one.
        size: in bytes; None if it is not known.
        license: what its makers allow, as far as they say.
        member: the one file that is wanted, if the url is that of a zip archive.
    """

    url: str
    checksum: str | None
    size: int | None
    license: str
    member: str | None = None

    @property
    def file(self) -> str:
        """Its name in the cache: "SimLex-999.zip" of https://example.org/SimLex-999.zip."""
        return PurePosixPath(self.url).name

    def verify(self, path: Path) -> None:
        """Raise `FormatError` unless `path` holds what was published, as far as anything is known of that."""
        size = path.stat().st_size
        if self.size is not None and size != self.size:
            raise FormatError(
                f"{self.url}: expected {self.size:,} bytes, got {size:,}: not what was published"
            )
        if self.checksum is None:
            return
        with path.open("rb") as stream:
            got = checksum_of(stream, self.checksum.partition(":")[0])
        if got != self.checksum:
            raise FormatError(f"{self.url}: expected {self.checksum}, got {got}: not what was published")


def checksum_of(stream: BufferedReader, algorithm: str) -> str:
    """The checksum of a stream, such as "md5:d41d8cd98f00b204e9800998ecf8427e"."""
    digest = hashlib.file_digest(stream, lambda: hashlib.new(algorithm, usedforsecurity=False))
    return f"{algorithm}:{digest.hexdigest()}"
