"""Files of vectors written compressed, as a suffix behind that of the format asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

from embedkit.files import atomic_file


def _gzip(file: IO[bytes]) -> AbstractContextManager[Any]:
    from gzip import GzipFile

    return GzipFile("", "wb", 6, file, mtime=0)  # without name and time: same content, same bytes


def _bzip2(file: IO[bytes]) -> AbstractContextManager[Any]:
    from bz2 import BZ2File

    return BZ2File(file, "wb")


def _xz(file: IO[bytes]) -> AbstractContextManager[Any]:
    from lzma import LZMAFile

    return LZMAFile(file, "wb")


def _zstandard(file: IO[bytes]) -> AbstractContextManager[Any]:
    from zstandard import ZstdCompressor

    return ZstdCompressor().stream_writer(file, closefd=False)


COMPRESSORS: dict[str, Callable[[IO[bytes]], AbstractContextManager[Any]]] = {
    ".gz": _gzip,
    ".bz2": _bzip2,
    ".xz": _xz,
    ".zst": _zstandard,
}


def compression_of(path: Path) -> str | None:
    """The suffix by which a file is written compressed; None for any other.

    Example:
        >>> compression_of(Path("wiki.vec.GZ"))
        '.gz'
    """
    suffix = path.suffix.lower()
    return suffix if suffix in COMPRESSORS else None


@contextmanager
def compressible_file(target: Path) -> Iterator[IO[bytes]]:
    """An `atomic_file` that is written from front to end, and compressed if its suffix is of compression."""
    suffix = compression_of(target)
    with atomic_file(target) as file, COMPRESSORS[suffix](file) if suffix else nullcontext(file) as stream:
        yield stream
