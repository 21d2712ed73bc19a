"""Which format a file or folder of vectors is of, told by its content, never by its name.

The native format is told at once: the table of all others is imported only for files that are none of ours.
"""

from __future__ import annotations

import warnings
from pathlib import Path

from embedkit.errors import FormatError, InputError
from embedkit.leftovers import temporary_folder
from embedkit.text.formats.file_signatures import file_signature, wide_encoding
from embedkit.vectors.formats import native, stream

NATIVE = "safetensors"


def detect(path: Path) -> str:
    """The name in `FORMATS` of the format of a file or folder, told by its content.

    Raises:
        InputError: there is no such file.
        FormatError: it is of no known format; the message says what it is.
    """
    if not (path.is_file() or path.is_dir()):
        state = "it is a device" if path.exists() else "there is no such file"
        raise InputError(f"cannot read {path}: {state}")
    if is_native(path):
        return NATIVE
    from embedkit.vectors.formats.table import FORMATS

    for name, kind in FORMATS.items():
        if kind.matches_path(path):
            return name
    if path.is_dir():
        corpus = (path / "manifest.json").is_file()
        told = "it is a corpus; train vectors on it" if corpus else "it is a folder without vectors"
        raise InputError(f"cannot read {path}: {told}")
    head = stream.head(path)
    if found := _format_of(head):
        return found
    raise FormatError(
        f"{path}: got {_foreign(head) or _other(head)}; expected vectors in a format of docs/formats.md"
    )


def is_native(path: Path) -> bool:
    """Whether `path` is a file that embedkit wrote, not compressed."""
    return path.is_file() and native.is_ours(stream.raw_head(path))


def is_folder_of_vectors(path: Path) -> bool:
    """Whether `path` is a folder of one of the formats."""
    from embedkit.vectors.formats.table import FORMATS

    return path.is_dir() and any(kind.matches_path(path) for kind in FORMATS.values())


def holds_vectors(head: bytes) -> bool:
    """Whether a file that begins with `head` holds vectors, as far as its first row tells."""
    name = _format_of(head)
    if name is None:
        return False
    from embedkit.vectors.formats.table import FORMATS

    if FORMATS[name].signed:
        return True
    with temporary_folder() as folder:
        copy = folder / "head"
        copy.write_bytes(head)
        try:
            with warnings.catch_warnings(action="ignore"):
                return bool(FORMATS[name].read(copy, 1, True).words)
        except FormatError:
            return False


def _format_of(head: bytes) -> str | None:
    """The name of the format of a file that begins with `head`; None if it is of none."""
    from embedkit.vectors.formats.table import FORMATS

    name = next((name for name, kind in FORMATS.items() if kind.matches(head)), None)
    return name if name and (FORMATS[name].signed or not _foreign(head)) else None


def _foreign(head: bytes) -> str | None:
    """What a file that begins with `head` is, if it is known as something that is neither text nor ours."""
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
