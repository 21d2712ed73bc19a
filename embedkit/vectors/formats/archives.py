"""Vectors in archives: the one member that holds vectors, unpacked to a temporary file.

Members are never written under their names, and hidden ones and what macOS adds beside files are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from embedkit.errors import FormatError
from embedkit.files import read_whole
from embedkit.leftovers import temporary_folder
from embedkit.text.formats.compression import ARCHIVE, LIMIT, decompressed, first_bytes
from embedkit.text.formats.file_signatures import HEAD as SIGNATURE
from embedkit.text.formats.file_signatures import TAR, is_kind
from embedkit.vectors.formats import stream
from embedkit.vectors.formats.pipes import told_as

SHOWN = 8  # names of members in a message
COMMANDS = {ARCHIVE: "unzip -p", TAR: "tar -xOf"}  # that write one member to a pipe

HoldsVectors = Callable[[bytes], bool]  # the first bytes of a member


class _Archive(NamedTuple):
    """What an archive is, and its members: name and content, each to be read before the next."""

    kind: str
    members: Iterator[tuple[str, Iterator[bytes]]]


@contextmanager
def unpacked(path: Path, holds_vectors: HoldsVectors) -> Iterator[Path]:
    """A file of vectors: `path` itself, or of an archive the file in it, which lasts as long as the block.

    A zip archive of a single file is left as it is: it is read as other compressed files are.

    Args:
        path: any file.
        holds_vectors: whether content that begins so may be vectors.

    Raises:
        FormatError: an archive of no file of vectors or of several, or one that is damaged.
    """
    archive = _archive(path)
    if archive is None:
        yield path
        return
    with temporary_folder() as folder:
        copy = folder / "vectors"
        member = _unpack(archive, path, holds_vectors, copy)
        with told_as(copy, f"{path}: {member}"):
            yield copy


def _archive(path: Path) -> _Archive | None:
    """What `path` is if it is a tar archive or a zip archive of several files."""
    with path.open("rb") as file:
        head = file.read(SIGNATURE)
    if is_kind(ARCHIVE, head):
        from embedkit.text.formats.zip_archive import is_beside, zip_members

        members = zip_members((), str(path), path, LIMIT)
        visible = [member for member in members if not is_beside(member[0])]
        return None if len(visible) == 1 else _Archive(ARCHIVE, iter(visible))
    if not (is_kind(TAR, head) or stream.is_compressed(path)):
        return None
    begin, chunks = first_bytes(decompressed(read_whole(path, stream.CHUNK), str(path), path), SIGNATURE)
    if not is_kind(TAR, begin):
        return None
    from embedkit.text.formats.tar_archive import tar_members

    return _Archive(TAR, tar_members(chunks, str(path), LIMIT))


def _unpack(archive: _Archive, path: Path, holds_vectors: HoldsVectors, copy: Path) -> str:
    """Write the one member that holds vectors to `copy`; returns its name."""
    from embedkit.text.formats.zip_archive import is_beside

    chosen, others = [], []
    for member, stored in archive.members:
        if is_beside(member):
            continue
        name = f"{path}: {member}"
        head, chunks = first_bytes(decompressed(stored, name), stream.HEAD)
        if not holds_vectors(head):
            others.append(member)
            continue
        chosen.append(member)
        if len(chosen) == 1:
            _write(chunks, copy)
    if len(chosen) == 1:
        return chosen[0]
    found = chosen or others
    shown = ", ".join(found[:SHOWN]) + ", ..." * (len(found) > SHOWN)
    if not chosen:
        raise FormatError(f"{path} is {archive.kind} without vectors: {shown or 'nothing'}")
    raise FormatError(
        f"{path} is {archive.kind} of several files of vectors: {shown}; unpack it and name one of them, or "
        f"write one to a pipe (`{COMMANDS[archive.kind]} {path} {chosen[0]}`) and name -"
    )


def _write(chunks: Iterator[bytes], copy: Path) -> None:
    with copy.open("wb") as file:
        file.writelines(chunks)
