"""`Format`: one kind of file or folder of vectors, how it is told, read and written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.rows import RowType

ReadVectors = Callable[[Path, int | None, bool], VectorContents]  # path, limit, skip_bad_rows
WriteVectors = Callable[[Path, VectorContents], None]


def never(what: bytes | Path) -> bool:
    """No file, or no folder, is of this format."""
    return False


def decimal(path: Path) -> str:
    """Numbers are stored as text."""
    return "decimal"


def quantized_bytes(path: Path) -> str:
    """Numbers are stored by product quantization."""
    return "product quantization, a byte for two"


def float32(path: Path) -> str:
    """Numbers are stored in 32 bits."""
    return "float32"


@dataclass(frozen=True)
class Format:
    """One kind of file or folder: how it is recognised, read and written, and what it keeps.

    Attributes:
        description: what messages call it.
        read: reads the first rows of a file.
        write: writes one; None for a format that is only read.
        matches: whether a file is of this format, by the first bytes of its content.
        matches_path: whether a folder is of this format, or a file that is an archive itself.
        signed: whether the first bytes are this format's own, so that the file can be nothing else; it is not
            read as a stream.
        beside: the second file, if vectors are written as two.
        folder: whether vectors are written as a folder.
        pickled: whether it is a pickle, which is read only if the caller trusts it.
        compressible: whether a file is written from front to end, and so compressed if its name says so.
        numbers: how a file stores its numbers.
        keeps: what it holds beside words and vectors: counts, metadata, output vectors, spaces (in words),
            subwords.
        dtypes: the types of numbers that are written as they are.
    """

    description: str
    read: ReadVectors
    write: WriteVectors | None
    matches: Callable[[bytes], bool] = never
    matches_path: Callable[[Path], bool] = never
    signed: bool = False
    beside: Callable[[Path], Path] | None = None
    folder: bool = False
    pickled: bool = False
    compressible: bool = False
    numbers: Callable[[Path], str] = decimal
    keeps: frozenset[str] = frozenset()
    dtypes: tuple[RowType, ...] = ("float32",)
