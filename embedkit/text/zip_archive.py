"""The one file in a zip archive, read from front to end, so that pipes and hashed streams will do.

Folders and what macOS adds beside files are passed over. An archive of several files is refused.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from embedkit.errors import FormatError

MEMBER, END = b"PK\x03\x04", b"PK\x05\x06"  # what files in an archive, and an empty archive, begin with
DOCUMENT = re.compile(rb"(?s).{30}(\[Content_Types\]|_rels/|word/|xl/|ppt/|mimetype)")  # office, books
LIMIT = 1 << 22  # bytes of content taken at once
STORED, DEFLATED = 0, 8
ENCRYPTED, SIZED_BEHIND = 1, 8  # flags: sizes may stand behind the content
SHOWN = 8  # names of files in a message
LONG = 0xFFFFFFFF  # a size that stands in the extra fields


class Member(NamedTuple):
    """What stands before the content of a file in an archive."""

    name: str
    flags: int
    method: int
    checksum: int
    packed: int  # bytes of the content as it is stored

    @property
    def counts(self) -> bool:
        """Whether it is a file that somebody put there."""
        return not (self.name.endswith("/") or self.name.startswith("__MACOSX/"))


class Chunks:
    """Chunks of bytes from which any number can be taken."""

    def __init__(self, chunks: Iterable[bytes], name: str) -> None:
        self._chunks, self._rest, self._name = iter(chunks), b"", name

    def some(self) -> bytes:
        """What is at hand, at least one byte."""
        data, self._rest = self._rest or next(self._chunks, b""), b""
        if not data:
            raise FormatError(f"{self._name} is cut off in the middle of its compressed data")
        return data

    def give_back(self, data: bytes) -> None:
        """Put back what was taken too much."""
        self._rest = data + self._rest

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        data = b""
        while len(data) < count:
            data += self.some()
        self.give_back(data[count:])
        return data[:count]


def is_archive(head: bytes) -> bool:
    """Whether a file that begins with `head` is a zip archive, and none that a document is kept in."""
    return head.startswith((MEMBER, END)) and not DOCUMENT.match(head)


def unzipped(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The content of the one file in the zip archive `name`, whose bytes are `chunks`.

    Raises:
        FormatError: it is damaged, cut off or encrypted, or holds no file or several.
    """
    stream = Chunks(chunks, name)
    found = ""
    while stream.take(4) == MEMBER:
        member = _member(stream, name)
        if member.counts and found:
            raise several(name, [found, member.name])
        found = member.name if member.counts else found
        content = _content(stream, member, name)
        if member.counts:
            yield from content
        else:
            for _ in content:
                pass
    if not found:
        raise FormatError(f"{name}: expected a zip archive with a file in it, got an empty one")


def check_one_file(path: Path) -> None:
    """Raise `FormatError` at once if the zip archive `path` holds several files, and name them.

    What else is wrong with it is told when it is read.
    """
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(path) as archive:
            members = [Member(entry.filename, 0, 0, 0, 0) for entry in archive.infolist()]
    except (BadZipFile, NotImplementedError, ValueError):
        return
    names = [member.name for member in members if member.counts]
    if len(names) > 1:
        raise several(str(path), names)


def several(name: str, members: list[str]) -> FormatError:
    """What is wrong with an archive of several files, and how to read one of them."""
    shown = ", ".join(members[:SHOWN]) + (" ..." if len(members) > SHOWN else "")
    return FormatError(f"{name} is a zip archive of several files: {shown}; unpack it, and name one of them")


def _member(stream: Chunks, name: str) -> Member:
    """What stands before the content of a file, its signature having been taken."""
    _, flags, method, _, _, checksum, packed, _, named, more = struct.unpack("<5H3L2H", stream.take(26))
    member = stream.take(named).decode(errors="replace")
    extra = stream.take(more)
    if packed == LONG and extra[:2] == b"\1\0":
        packed = int.from_bytes(extra[12:20], "little")
    sized = not (method == STORED and flags & SIZED_BEHIND and not member.endswith("/"))
    if flags & ENCRYPTED or method not in (STORED, DEFLATED) or not sized:
        state = "encrypted" if flags & ENCRYPTED else "packed in an unusual way"
        raise FormatError(f"{name}: {member} in this zip archive is {state}; unpack it first")
    return Member(member, flags, method, checksum, packed)


def _content(stream: Chunks, member: Member, name: str) -> Iterator[bytes]:
    """The content of a file in parts, compared with its checksum at the end."""
    checksum = 0
    for part in _stored(stream, member.packed) if member.method == STORED else _inflated(stream, name):
        checksum = zlib.crc32(part, checksum)
        yield part
    if checksum != _checksum(stream, member):
        raise FormatError(f"{name} is damaged: {member.name} in it is not what its checksum says")


def _stored(stream: Chunks, count: int) -> Iterator[bytes]:
    while count:
        part = stream.some()
        stream.give_back(part[count:])
        yield part[:count]
        count -= len(part[:count])


def _inflated(stream: Chunks, name: str) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while not inflate.eof:
        try:
            yield inflate.decompress(inflate.unconsumed_tail or stream.some(), LIMIT)
        except zlib.error as error:
            raise FormatError(f"{name} cannot be decompressed: {error}") from None
    stream.give_back(inflate.unused_data)


def _checksum(stream: Chunks, member: Member) -> int:
    """The checksum of the content that has just been taken, which stands before it or behind it."""
    if not member.flags & SIZED_BEHIND:
        return member.checksum
    first = stream.take(4)
    checksum = stream.take(4) if first == b"PK\x07\x08" else first
    stream.take(8)  # two sizes of 4 bytes; where they have 8, the next signature is 8 bytes further on
    following = stream.take(4)
    if following.startswith(b"PK"):
        stream.give_back(following)
    else:
        stream.take(4)
    return int.from_bytes(checksum, "little")
