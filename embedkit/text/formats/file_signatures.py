"""Signatures of files that are no text: what a file is, told by its first bytes, and what to do about it.

A signature is a pattern at the beginning of the content. tar archives have none that old ones share; they are
told by the checksum of their first header. UTF-16 and UTF-32 are text whose encoding must be
named, or that must be made UTF-8.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from embedkit.errors import FormatError

HEAD = 1 << 12  # bytes by which a file is told
TAR_BLOCK, TAR_CHECKSUM = 512, slice(148, 156)  # bytes of a tar header, and where its checksum is
MIN_SAMPLE = 64  # bytes of which the share of control characters says something
BINARY = 0.05  # share of control characters that text never has


class Signature(NamedTuple):
    """What a file that begins with `pattern` is, and how to come to text from there."""

    pattern: bytes
    kind: str
    advice: str


TAR, PARQUET = "a tar archive", "a parquet table"
UNPACK = "unpack it first"
DECOMPRESS = "decompress it first"
SAVE = "save it as plain text first"
EXTRACT = "extract its text first"
WRITE_OUT = "write its texts to a .txt file, a text a line"
SIGNATURES = tuple(
    Signature(*parts)
    for parts in (
        (rb"(?s)PK\x03\x04.{26}(\[Content_Types\]|word/|xl/|ppt/|_rels/)", "an Office document", SAVE),
        (rb"(?s)PK\x03\x04.{26}mimetypeapplication/vnd\.oasis", "an OpenDocument file", SAVE),
        (rb"(?s)PK\x03\x04.{26}mimetypeapplication/epub", "an EPUB book", EXTRACT),
        (rb"PK(\x03\x04|\x05\x06|\x07\x08)", "a zip archive", UNPACK),
        (rb"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
        (rb"Rar!\x1a\x07", "a rar archive", UNPACK),
        (rb"!<arch>\n", "an ar archive", UNPACK),
        (rb"07070[127][0-9A-Fa-f]{30}", "a cpio archive", UNPACK),
        (rb"\x1f\x8b", "gzip data", DECOMPRESS),
        (rb"BZh[1-9]1AY&SY", "bzip2 data", DECOMPRESS),
        (rb"\xfd7zXZ\x00", "xz data", DECOMPRESS),
        (rb"\x28\xb5\x2f\xfd", "zstandard data", DECOMPRESS),
        (rb"\x1f[\x9d\xa0]", "data compressed by compress (.Z)", DECOMPRESS),
        (rb"\x04\x22\x4d\x18|\x02\x21\x4c\x18", "lz4 data", DECOMPRESS),
        (rb"LZIP[\x00\x01]", "lzip data", DECOMPRESS),
        (rb"\]\x00\x00.{2}[\x00\xff]", "lzma data (.lzma)", DECOMPRESS),
        (rb"\xff\x06\x00\x00sNaPpY", "snappy data", DECOMPRESS),
        (rb"%PDF-", "a PDF document", EXTRACT),
        (rb"%!PS-Adobe", "a PostScript document", EXTRACT),
        (rb"\{\\rtf", "an RTF document", SAVE),
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (.doc, .xls, .ppt)", SAVE),
        (rb"PAR1\x15", PARQUET, WRITE_OUT),
        (rb"ARROW1\x00|FEA1\x00", "an Arrow table", WRITE_OUT),
        (rb"ORC\x08", "an ORC table", WRITE_OUT),
        (rb"Obj\x01", "an Avro file", WRITE_OUT),
        (rb"SQLite format 3\x00", "an SQLite database", WRITE_OUT),
        (rb"\x93NUMPY", "a numpy array", "give the text that it was made of"),
        (rb"\x89HDF\r\n\x1a\n", "an HDF5 file", EXTRACT),
        (rb"\x80[\x02-\x05]", "a pickle", WRITE_OUT),
        (rb"(?s).{5}\x00{3}\{", "a .safetensors file", "`embedkit info` tells what it holds"),
        (rb"\xba\x16\x4f\x2f", "a fastText model", "give the text that it was made of"),
        (rb"GGUF[\x01-\x0f]\x00", "a GGUF model", "give the text that it was made of"),
        (rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|II\*\x00|MM\x00\*", "an image", "give text"),
        (rb"(?s)RIFF.{4}(WEBP|WAVE|AVI )|OggS\x00|ID3[\x02-\x04]|fLaC\x00", "sound or pictures", "give text"),
        (rb"\x7fELF|MZ[\x90\x00]\x00|\xca\xfe\xba\xbe", "a program", "give text"),
    )
)
MARKS = {
    BOM_UTF32_LE: "utf-32",
    BOM_UTF32_BE: "utf-32",
    BOM_UTF16_LE: "utf-16",
    BOM_UTF16_BE: "utf-16",
}  # those of UTF-32 first: one of them begins as one of UTF-16 does
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def file_signature(head: bytes) -> Signature | None:
    """The signature of a file whose first bytes are `head`; None if it has none that is known.

    Example:
        >>> from embedkit.text.formats.file_signatures import file_signature
        >>> file_signature(b"%PDF-1.7 ...").kind
        'a PDF document'
    """
    if _is_tar(head):
        return Signature(b"", TAR, UNPACK)
    return next((known for known in SIGNATURES if re.match(known.pattern, head)), None)


def is_kind(kind: str, head: bytes) -> bool:
    """Whether a file whose first bytes are `head` has the signature of a kind such as `TAR`."""
    known = file_signature(head)
    return known is not None and known.kind == kind


def why_no_text(head: bytes, named: bool = False) -> str | None:
    """What a file that begins with `head` is instead of text, and what to do; None if it may be text.

    `named` says that whoever reads it can be told its encoding.

    Example:
        >>> from embedkit.text.formats.file_signatures import why_no_text
        >>> why_no_text("text".encode("utf-16"))
        'UTF-16 (its first bytes are FF FE); make it UTF-8, as `iconv -f utf-16 -t utf-8` does'
        >>> why_no_text("text".encode("utf-16"), named=True)
        'UTF-16 (its first bytes are FF FE); name its encoding (--encoding utf-16)'
    """
    if wide := wide_encoding(head, named):
        return wide
    if known := file_signature(head):
        return f"{known.kind}; {known.advice}"
    if len(head) >= MIN_SAMPLE and len(_CONTROL.findall(head)) > BINARY * len(head):
        return f"binary data, which begins with {head[:12]!r}; give text"
    if b"\0" in head:
        return "data with NUL, a byte that no text has; remove it, as `tr -d '\\0'` does, or give text"
    return None


def only_text(chunks: Iterable[bytes], name: str, named: bool = False) -> Iterator[bytes]:
    """The content `chunks` as they are; `FormatError` with `name` if they are none of text.

    `named` says that whoever reads it can be told its encoding.
    """
    chunks = iter(chunks)
    head: list[bytes] = []
    while sum(map(len, head)) < HEAD and (chunk := next(chunks, None)) is not None:
        head.append(chunk)
    if got := why_no_text(b"".join(head)[:HEAD], named):
        raise FormatError(f"{name}: expected text, got {got}")
    return chain(head, chunks)


def wide_encoding(head: bytes, named: bool = False) -> str | None:
    """What is said of text in UTF-16 or UTF-32, with a byte order mark or, as of Western text, without."""
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            told = f"{encoding.upper()} (its first bytes are {mark.hex(' ').upper()})"
            return f"{told}; {_to_utf8(encoding, named)}"
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > 0.4 * len(head) and min(even, odd) < 0.01 * len(head):
        encoding = "utf-16be" if even > odd else "utf-16le"
        return f"UTF-16 (every other byte is 0); {_to_utf8(encoding, named)}"
    return None


def _to_utf8(encoding: str, named: bool) -> str:
    """How text in another encoding comes to be read."""
    if named:
        return f"name its encoding (--encoding {encoding})"
    return f"make it UTF-8, as `iconv -f {encoding} -t utf-8` does"


def _is_tar(head: bytes) -> bool:
    """Whether `head` begins with a header of tar: its checksum is the sum of its bytes, itself as spaces."""
    header = head[:TAR_BLOCK]
    told = re.fullmatch(rb" *([0-7]{1,7})[\0 ]*", header[TAR_CHECKSUM])
    if len(header) < TAR_BLOCK or told is None:
        return False
    return int(told[1], 8) == sum(header) - sum(header[TAR_CHECKSUM]) + 8 * ord(" ")
