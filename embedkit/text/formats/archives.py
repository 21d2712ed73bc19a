"""Archives as what they hold: the texts and tables in a zip or tar archive, one after the other.

Members are read from the archive itself, never written under their names. Folders, hidden files, what macOS
adds beside files, and members that are neither text nor table are passed over; archives in archives are
refused. Memory holds a part of one member, whatever an archive claims to hold.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath, PurePosixPath
from typing import NamedTuple

from embedkit.errors import FormatError
from embedkit.text.formats.compression import ARCHIVE, LIMIT, SUFFIXES, decompressed, first_bytes
from embedkit.text.formats.file_signatures import HEAD, TAR, is_kind
from embedkit.text.formats.sources import FORMATS, READ_SUFFIXES, Source

ARCHIVE_SUFFIXES = (
    ".zip",
    ".7z",
    ".rar",
    ".tgz",
    ".tbz2",
    ".txz",
    ".tar",
    *(f".tar{end}" for end in SUFFIXES),
)
SHOWN = 8  # names of members in a message

Members = Iterable[tuple[str, Iterator[bytes]]]


class FileContent(NamedTuple):
    """What a file or a member of an archive holds, decompressed and in chunks.

    `named` has the suffix that tells what it is, None of a pipe. `file` is a regular file with these bytes as
    they are, if there is one.
    """

    name: str
    named: PurePath | None
    chunks: Iterator[bytes]
    file: Path | None = None


def contents(source: Source) -> Iterator[FileContent]:
    """What a source holds: itself or, of an archive, its members, each to be read before the next.

    The source is read to its end, whatever is taken of its contents, so that its sha256 is that of all.

    Raises:
        FormatError: an archive that is damaged, or holds no text or another archive; compressed data that is
            damaged.
    """
    head, stored = first_bytes(source.stored(), HEAD)
    file = source.path if source.path and source.size is not None else None
    if is_kind(ARCHIVE, head):
        from embedkit.text.formats.zip_archive import is_beside, zip_members

        members = zip_members(stored, source.name, file, LIMIT)
        visible = [name for name, _ in members if not is_beside(name)]
        yield from _members(members, source, visible if len(visible) == 1 else [])
    else:
        begin, chunks = first_bytes(decompressed(stored, source.name), HEAD)
        file = file if begin == head else None  # it is not compressed
        if is_kind(TAR, begin):
            from embedkit.text.formats.tar_archive import tar_members

            yield from _members(tar_members(chunks, source.name, LIMIT), source)
        else:
            yield FileContent(source.name, source.named, chunks, file)
        deque(chunks, maxlen=0)
    deque(stored, maxlen=0)


def _members(members: Members, source: Source, wanted: Sequence[str] = ()) -> Iterator[FileContent]:
    """The members that are texts or tables, or whose name is `wanted` anyway."""
    from embedkit.text.formats.zip_archive import is_beside

    for member, stored in members:
        name = f"{source.name}: {member}"
        if is_beside(member):
            continue
        if not (member in wanted or member.lower().endswith(READ_SUFFIXES)):
            _check_no_archive(name, member.lower().endswith(ARCHIVE_SUFFIXES))
            source.left_out.append(member)
            continue
        head, chunks = first_bytes(stored, HEAD)
        _check_no_archive(name, is_kind(ARCHIVE, head) or is_kind(TAR, head))
        source.members.append(member)
        yield FileContent(name, PurePosixPath(member), decompressed(chunks, name))
    if not source.members:
        shown = ", ".join(source.left_out[:SHOWN]) + ", ..." * (len(source.left_out) > SHOWN)
        raise FormatError(
            f"{source.name}: expected an archive of texts or tables ({', '.join(FORMATS)}, plain or "
            f"compressed), got one of {shown or 'nothing'}; unpack it, and name the files to read"
        )


def _check_no_archive(name: str, is_archive: bool) -> None:
    if is_archive:
        raise FormatError(f"{name} is an archive in an archive; unpack the outer one first")
