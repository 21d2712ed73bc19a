"""The registry of formats: readers by content, writers by name and suffix."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from embedkit.errors import FormatError, InputError
from embedkit.hyperparameters import check_count
from embedkit.text.formats.file_signatures import file_signature, wide_encoding
from embedkit.vectors.formats import (
    fasttext_binary,
    fasttext_writing,
    glove_text,
    native,
    stream,
    word2vec_binary,
    word2vec_text,
)
from embedkit.vectors.formats.contents import VectorContents, finite_rows, in_memory
from embedkit.vectors.formats.pipes import as_file


@dataclass(frozen=True)
class Format:
    """One kind of file: how it is recognised, read and written."""

    description: str
    matches: Callable[[bytes], bool]  # the first bytes of the content -> is it this format?
    read: Callable[[Path, int | None, bool], VectorContents]  # path, limit, skip_bad_rows
    write: Callable[[Path, VectorContents], None]


FORMATS = {
    "safetensors": Format("safetensors of embedkit", native.matches, native.read, native.write),
    "fasttext": Format(
        "fastText .bin", fasttext_binary.matches, fasttext_binary.read, fasttext_writing.write
    ),
    "word2vec-binary": Format(
        "word2vec binary", word2vec_binary.matches, word2vec_binary.read, word2vec_binary.write
    ),
    "word2vec": Format("word2vec text", word2vec_text.matches, word2vec_text.read, word2vec_text.write),
    "glove": Format("GloVe text", glove_text.matches, glove_text.read, glove_text.write),
}  # in the order in which they are tried
SUFFIXES = {
    ".safetensors": "safetensors",
    ".bin": "word2vec-binary",
    ".txt": "word2vec",
    ".vec": "word2vec",
}
SUFFIX_HELP = ".safetensors (embedkit's own), .bin (word2vec binary), .txt or .vec (word2vec text)"
QUANTIZATIONS = ("int8",)
SPARSE = re.compile(
    rb"([^\n]*\n)?\S+([ \t]+\d+:-?[\d.]+(e[+-]?\d+)?)+([ \t]+\d+:|[ \t\r]*(\n|\Z))", re.IGNORECASE
)
REFUSED = {
    **dict.fromkeys(
        (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"),  # by protocol
        "a pickle, which can run code; save it from gensim with save_word2vec_format",
    ),
    b"\x93NUMPY": "a numpy array without words",
}


def detect(path: Path) -> str:
    """The name in `FORMATS` of the format of `path`, told by its content.

    Raises:
        InputError: there is no such file.
        FormatError: it is of no known format; the message says which are.
    """
    if not path.is_file():
        raise InputError(f"cannot read {path}: {_why_not(path)}")
    head = stream.head(path)
    if SPARSE.match(head):
        raise FormatError(f"{path}: expected a number for every dimension, got sparse vectors (index:value)")
    ours = native.matches(head) or fasttext_binary.matches(head)
    foreign = None if ours else _foreign(head)
    for name, kind in FORMATS.items():
        if foreign is None and kind.matches(head):
            return name
    known = ", ".join(kind.description for kind in FORMATS.values())
    raise FormatError(f"{path}: expected vectors as {known}, got {foreign or _other(head)}")


def _why_not(path: Path) -> str:
    """Why something is no file to read vectors from."""
    if path.is_dir():
        corpus = (path / "manifest.json").is_file()
        return "it is a corpus; train vectors on it" if corpus else "it is a folder"
    if path.exists():
        return "it is a device"
    return "there is no such file"


def _foreign(head: bytes) -> str | None:
    """What a file that begins with `head` is, if it is known as something that is neither text nor ours."""
    if reason := next((reason for start, reason in REFUSED.items() if head.startswith(start)), None):
        return reason
    known = file_signature(head)
    return f"{known.kind}; {known.advice}" if known else None


def _other(head: bytes) -> str:
    """What a file that begins with `head` is, if it is of no known format."""
    if not head.strip():
        return "an empty file" if not head else "a file of blanks"
    if wide := wide_encoding(head):
        return wide
    told = f"{head[:24]!r}"
    return f"{told}, which begins with an empty line" if head.lstrip(b" \t\r")[:1] == b"\n" else told


def read(
    path: Path, limit: int | None = None, skip_bad_rows: bool = False, verify: bool = False
) -> VectorContents:
    """Read the first `limit` rows of a file of any known format; "-" is stdin.

    With `verify`, mapped vectors are read, too, and compared with their checksum if there is one.

    With `skip_bad_rows`, lines of text that are no row, and rows that hold NaN or infinity, are left out,
    counted and named in a warning.
    """
    if limit is not None:
        check_count("limit", limit)
    with as_file(path) as file:
        name = detect(file)
        if verify and name == "safetensors":
            native.verify_checksums(file)
        contents = FORMATS[name].read(file, limit, skip_bad_rows)
        if file is not path:
            contents = in_memory(contents)
        return finite_rows(contents, str(file)) if skip_bad_rows else contents


def format_to_write(path: Path, format: str | None = None) -> str:
    """The name of the format in which `path` is written: `format`, else that of its suffix.

    Raises:
        InputError: no such format, or none that the suffix stands for.

    Example:
        >>> format_to_write(Path("vectors.BIN"))
        'word2vec-binary'
    """
    if format is not None and format not in FORMATS:
        raise InputError(f"expected one of the formats {', '.join(FORMATS)}, got {format!r}")
    chosen = format or SUFFIXES.get(path.suffix.lower())
    if chosen is None:
        raise InputError(f"no format has the suffix {path.suffix!r} of {path}; use {SUFFIX_HELP}")
    return chosen


def write(
    path: Path, contents: VectorContents, format: str | None = None, quantize: str | None = None
) -> None:
    """Write `contents` as `format_to_write` says; safetensors can take 8 bits an entry, `quantize="int8"`."""
    chosen = format_to_write(path, format)
    if quantize is None:
        FORMATS[chosen].write(path, contents)
    elif quantize in QUANTIZATIONS and chosen == "safetensors":
        native.write(path, contents, eight_bit=True)
    else:
        raise InputError(
            f"expected quantize=None, or 'int8' with safetensors, got {quantize!r} with {chosen}"
        )
