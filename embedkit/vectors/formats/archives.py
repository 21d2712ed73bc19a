"""Vectors in archives: the one member, pair or folder that holds vectors, unpacked to a temporary place.

Members are never written under the paths that they have in the archive: whatever these are, a single member
and those of a set lie in a folder of ours, under the last parts of their names. Hidden ones
and what macOS adds beside files are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import disk_usage
from typing import NamedTuple

from embedkit.errors import FormatError
from embedkit.files import read_whole
from embedkit.leftovers import temporary_folder
from embedkit.text.formats.compression import ARCHIVE, LIMIT, decompressed, first_bytes
from embedkit.text.formats.file_signatures import HEAD as SIGNATURE
from embedkit.text.formats.file_signatures import TAR, is_kind
from embedkit.vectors.formats import stream
from embedkit.vectors.formats.file_sets import file_sets, is_safe
from embedkit.vectors.formats.pipes import told_as

COPY = "vectors"  # what is unpacked, unless it can have the name that it has in the archive
SHOWN = 8  # names of members in a message
COMMANDS = {ARCHIVE: "unzip -p", TAR: "tar -xOf"}  # that write one member to a pipe

HoldsVectors = Callable[[bytes], bool]  # the first bytes of a member
Members = Iterable[tuple[str, Iterator[bytes]]]  # names and contents, each to be read before the next


class _Archive(NamedTuple):
    """What an archive is, its name, and what begins to read its members, hidden ones left out."""

    kind: str
    path: Path
    members: Callable[[], Members]


@contextmanager
def unpacked(path: Path, holds_vectors: HoldsVectors) -> Iterator[Path]:
    """Vectors in a file: `path` itself, or of an archive the file, pair of files or folder in it.

    What is unpacked lasts as long as the block. A zip archive of a single file is left as it is: it is read
    as other compressed files are.

    Args:
        path: any file.
        holds_vectors: whether content that begins so may be vectors.

    Raises:
        FormatError: an archive without vectors or with several of them, one that is damaged, or one whose
            vectors the disk has no room for.
    """
    archive = _archive(path)
    if archive is None:
        yield path
        return
    with temporary_folder() as folder:
        found, copy, name = _unpack(archive, holds_vectors, folder)
        with told_as(copy, name):
            yield found


def _archive(path: Path) -> _Archive | None:
    """What `path` is if it is a tar archive or a zip archive of several files."""
    with path.open("rb") as file:
        head = file.read(SIGNATURE)
    if is_kind(ARCHIVE, head):
        from embedkit.text.formats.zip_archive import zip_members

        archive = _Archive(ARCHIVE, path, lambda: _visible(zip_members((), str(path), path, LIMIT)))
        return None if len(list(archive.members())) == 1 else archive
    if not (is_kind(TAR, head) or stream.is_compressed(path)) or not is_kind(TAR, _begun(path)[0]):
        return None
    from embedkit.text.formats.tar_archive import tar_members

    return _Archive(TAR, path, lambda: _visible(tar_members(_begun(path)[1], str(path), LIMIT)))


def _begun(path: Path) -> tuple[bytes, Iterator[bytes]]:
    """The beginning of what a file holds, decompressed, and all of it."""
    return first_bytes(decompressed(read_whole(path, stream.CHUNK), str(path), path), SIGNATURE)


def _visible(members: Members) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The members but hidden ones and what macOS adds beside files."""
    from embedkit.text.formats.zip_archive import is_beside

    return (member for member in members if not is_beside(member[0]))


def _unpack(archive: _Archive, holds_vectors: HoldsVectors, folder: Path) -> tuple[Path, Path, str]:
    """Write the one member that holds vectors, or the one set of files, into `folder`.

    Returns what is to be read, the file or folder that was made, and what messages call the latter.
    """
    sets = file_sets(name for name, _ in archive.members())
    parts = frozenset[str]().union(*(found.files for found in sets))
    copy, room = folder / COPY, disk_usage(folder).free
    chosen, others = [found.main.as_posix() for found in sets], []
    for member, stored in archive.members():
        name = f"{archive.path}: {member}"
        if member in parts:
            if len(chosen) == 1:
                copy.mkdir(exist_ok=True)
                room -= _write(stored, copy / Path(member).name, name, room)
            continue
        head, chunks = first_bytes(decompressed(stored, name), stream.HEAD)
        if not holds_vectors(head):
            others.append(member)
            continue
        chosen.append(member)
        if len(chosen) == 1:
            copy = folder / (base if is_safe(base := Path(member).name) else COPY)
            _write(chunks, copy, name, room)
    if len(chosen) != 1:
        raise FormatError(_not_one(archive, chosen, others, next(iter(chosen[len(sets) :]), None)))
    if not sets:
        return copy, copy, f"{archive.path}: {chosen[0]}"
    (found,) = sets
    place = Path(min(found.files)).parent
    told = f"{archive.path}: {place.as_posix()}" if place.name else str(archive.path)
    return copy if found.main == place else copy / found.main.name, copy, told


def _not_one(archive: _Archive, chosen: list[str], others: list[str], single: str | None) -> str:
    """What is said of an archive of no vectors, or of several."""
    found = chosen or others
    shown = ", ".join(found[:SHOWN]) + ", ..." * (len(found) > SHOWN)
    if not chosen:
        return f"{archive.path} is {archive.kind} without vectors: {shown or 'nothing'}"
    several = f"{archive.path} is {archive.kind} of several files of vectors"
    told = f"{several}: {shown}; unpack it and name one of them"
    if single is None:
        return told
    command = f"{COMMANDS[archive.kind]} {archive.path} {single}"
    return f"{told}, or write one to a pipe (`{command}`) and name -"


def _write(chunks: Iterable[bytes], copy: Path, name: str, room: int) -> int:
    """Write a file of at most `room` bytes, which are counted before they are written; returns how many."""
    written = 0
    with copy.open("wb") as file:
        for chunk in chunks:
            written += len(chunk)
            if written > room:
                raise FormatError(
                    f"{name} does not fit into the {room:,} bytes that are left for temporary files; "
                    "let TMPDIR name a folder with more room"
                )
            file.write(chunk)
    return written
