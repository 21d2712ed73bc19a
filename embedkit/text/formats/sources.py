"""Text sources: files, globs, folders and stdin, read once and hashed on the way."""

from __future__ import annotations

import glob
import hashlib
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath

from embedkit import remote_files
from embedkit.errors import InputError
from embedkit.files import read_whole
from embedkit.text.formats.compression import SUFFIXES, decompressed
from embedkit.text.formats.file_signatures import only_text

CHUNK = 1 << 16  # bytes read at once
REMOTE_CHUNK = 1 << 20
TEXT_SUFFIXES = (".txt", *(f".txt{suffix}" for suffix in SUFFIXES))
FORMATS = (".txt", ".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
READ_SUFFIXES = tuple(kind + packed for kind in FORMATS for packed in ("", *SUFFIXES))


@dataclass
class Source:
    """A file or, without a path, stdin.

    What was read of it so far, `bytes_read` and `sha256` tell; of an archive `members` and `left_out`, which
    name those that were read and the others that are no text; of tables `columns`, those of texts.
    """

    path: Path | None
    bytes_read: int = 0
    members: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256, repr=False)

    @property
    def name(self) -> str:
        """The path, or "stdin"."""
        return str(self.path) if self.path else "stdin"

    @property
    def named(self) -> PurePath | None:
        """What tells by its suffix what the source is, None of stdin."""
        return self.path

    @property
    def stored_name(self) -> str:
        """The name without its folder, or "-", which does not tell of the machine."""
        return self.path.name if self.path else "-"

    @property
    def sha256(self) -> str:
        """The hash of the bytes read so far, as they are stored."""
        return self._hash.hexdigest()

    @property
    def size(self) -> int | None:
        """The number of bytes there are to read, as far as anyone knows."""
        return self.path.stat().st_size if self.path and self.path.is_file() else None

    @property
    def place(self) -> Path | str | None:
        """The file or the address from which another process can read the same; None of what is read once."""
        return self.path if self.size is not None else None

    def text(self) -> Iterator[bytes]:
        """The decompressed content, in chunks.

        Raises:
            FormatError: content that is no text, such as that of an archive.
        """
        return only_text(self.content(), self.name)

    def content(self) -> Iterator[bytes]:
        """The decompressed content, in chunks, whatever it is."""
        return decompressed(self.stored(), self.name, self.path)

    def count(self, chunk: bytes) -> None:
        """Note that a chunk was read."""
        self._hash.update(chunk)
        self.bytes_read += len(chunk)

    def stored(self) -> Iterator[bytes]:
        """The bytes as they are stored, in chunks."""
        try:
            for chunk in read_whole(self.path, CHUNK) if self.path else _stdin():
                self.count(chunk)
                yield chunk
        except OSError as error:
            raise InputError(f"cannot read {self.name}: {error.strerror}") from None


class RemoteSource(Source):
    """A file at an address."""

    def __init__(self, address: str) -> None:
        super().__init__(None)
        self._address = address
        self._size = remote_files.size_of(address)

    @property
    def name(self) -> str:
        """The address."""
        return self._address

    @property
    def named(self) -> PurePath:
        """The address as a path."""
        return PurePosixPath(self._address)

    @property
    def stored_name(self) -> str:
        """The name without its folder."""
        return self.named.name

    @property
    def size(self) -> int:
        """The number of bytes there are to read."""
        return self._size

    @property
    def place(self) -> str:
        """The address."""
        return self._address

    def stored(self) -> Iterator[bytes]:
        """The bytes as they are stored, in chunks."""
        for chunk in remote_files.read(self._address, REMOTE_CHUNK):
            self.count(chunk)
            yield chunk


def _stdin() -> Iterator[bytes]:
    """What stdin holds, in chunks; it stays open afterwards."""
    if sys.stdin is None:
        raise InputError("cannot read stdin: it is closed")
    while chunk := sys.stdin.buffer.read(CHUNK):
        yield chunk


def expand(sources: Sequence[str | Path | Source] | str | Path) -> list[Source]:
    """The files that `sources` name, in their order; what is a source already stays itself.

    A folder stands for its texts and tables (.txt, .csv, .tsv, .jsonl, .ndjson, .parquet), plain or
    compressed (.txt.gz, .bz2, .xz, .zst, .zip), at any depth, sorted; a glob for the files it matches,
    sorted; "-" for stdin; an address (s3://bucket/folder) for what it names likewise. Hidden files are left
    out of folders and globs.
    """
    named = [sources] if isinstance(sources, str | Path) else list(sources)
    if not named:
        raise InputError("no text to read; name files, folders, globs, or - for stdin")
    files = [file for source in named for file in _files(source)]
    if [str(source) for source in named].count("-") > 1:
        raise InputError("stdin (-) can be read only once")
    return files


def _files(source: str | Path | Source) -> list[Source]:
    if isinstance(source, Source):
        return [source]
    if remote_files.is_address(source):
        return list(map(RemoteSource, _addresses(str(source))))
    return list(map(Source, _paths(str(source))))


def _addresses(source: str) -> list[str]:
    """The files that an address names: itself, those a glob matches, or the texts in a folder."""
    found = remote_files.names_in(source, hidden=False)
    if found == [source]:
        return found
    texts = [name for name in found if name.lower().endswith(READ_SUFFIXES)]
    if not texts:
        raise InputError(f"no text files ({', '.join(FORMATS)}, plain or compressed) at {source}")
    return texts


def _paths(source: str) -> list[Path | None]:
    """The files that one source names; None is stdin."""
    path = Path(source)
    if source == "-":
        return [None]
    try:
        if path.is_dir():
            return list(_texts_of(path))
        if path.exists():
            return [path]
    except OSError:  # a text instead of a path can be too long for a name
        pass
    if not glob.has_magic(source):
        advice = " (text in memory must be given as Texts([...]), or as documents, each a list of words)"
        told = advice if len(source.split()) > 1 else ""
        raise InputError(f"no such file or folder: {textwrap.shorten(source, 60)}{told}")
    names = glob.glob(source, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern
    matched = sorted(path for path in map(Path, names) if path.is_file())
    if not matched:
        raise InputError(f"no file matches {source!r}")
    return list(matched)


def _texts_of(folder: Path) -> list[Path]:
    """The text files in a folder and the folders in it."""
    texts = (path for path in folder.rglob("*") if path.name.lower().endswith(READ_SUFFIXES))
    files = sorted(path for path in texts if path.is_file() and not _hidden(path.relative_to(folder)))
    if not files:
        formats = ", ".join(FORMATS)
        raise InputError(f"no text files ({formats}, plain or compressed) in the folder {folder}")
    return files


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
