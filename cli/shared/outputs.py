"""Output files: checked before the work, and saved after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from embedkit import Embeddings
from embedkit.errors import InputError
from embedkit.files import check_writable
from embedkit.vectors.formats.compressed_writing import COMPRESSORS
from embedkit.vectors.formats.reading import stored_bytes
from embedkit.vectors.formats.table import FORMATS
from embedkit.vectors.formats.writing import SUFFIXES, check_dtype, format_to_write, not_kept
from embedkit.vectors.rows import ROW_TYPES, RowType
from embedkit_cli.shared.headings import OUTPUT, under

OTHER_SUFFIXES = {*SUFFIXES, *COMPRESSORS, ".csv", ".json", ".keras", ".onnx", ".pickle", ".pkl"} - {
    ".safetensors"
}

dtype_option = click.option(
    "--dtype",
    type=click.Choice(ROW_TYPES),
    help="Type of the numbers in the file: float16 takes half the space of float32, int8 a quarter. Default: "
    "float32; vectors that are only changed keep theirs.",
    **under(OUTPUT),
)


@dataclass(frozen=True)
class Target:
    """A file of vectors to be written: where, as what, and with which type of numbers."""

    path: Path
    format: str
    dtype: RowType | None

    @classmethod
    def of(cls, path: Path, dtype: RowType | None, format: str | None = None) -> Target:
        """The target `path`, in the format named or else that of its suffix; raises if it cannot be made."""
        check_kind(path, folder=format in FORMATS and FORMATS[format].folder)
        chosen = format_to_write(path, format)
        if dtype:
            check_dtype(chosen, dtype)
        check_writable(path)
        return cls(path, chosen, dtype)

    def save(self, vectors: Embeddings, *sources: Embeddings) -> str:
        """Write the vectors, which were made of `sources`; returns lines about what was lost and written."""
        vectors.save(self.path, self.format, self.dtype)
        size = stored_bytes(self.path) / 1e6
        wrote = f"wrote {self.path}: {len(vectors):,} words x {vectors.vector_size}, {size:,.2f} MB"
        return "\n".join([*self._left_out(vectors, sources), wrote])

    def _left_out(self, vectors: Embeddings, sources: Sequence[Embeddings]) -> Iterator[str]:
        """A line each about what did not fit the vectors any longer, and what the format cannot keep."""
        held, before = _held(vectors), [_held(source) for source in sources]
        gone = [name for name in ("subwords", "output vectors") if any(each[name] for each in before)]
        if gone := [name for name in gone if not held[name]]:
            yield f"left out, as they belong to the vectors as they were: {', '.join(gone)}"
        lost = not_kept(self.format, (name for name, there in held.items() if there))
        if lost:
            yield f"left out, as {FORMATS[self.format].description} cannot keep it: {', '.join(lost)}"


def _held(vectors: Embeddings) -> dict[str, bool]:
    """What may stand beside words and vectors, and whether it does."""
    return {
        "counts": vectors.vocabulary.counts is not None,
        "metadata": bool(vectors.metadata),
        "subwords": vectors.subwords is not None,
        "output vectors": vectors.has_output_vectors,
    }


def check_file(path: Path) -> None:
    """Raise `InputError` unless a regular file can be written at `path`."""
    check_kind(path)
    check_writable(path)


def check_model_file(path: Path) -> None:
    """Raise `InputError` unless a model, one .safetensors file, can be written at `path`.

    Any name will do but one whose suffix tells of another format.
    """
    if path.suffix.lower() in OTHER_SUFFIXES:
        raise InputError(
            f"cannot write {path}: a model is written as safetensors, not as {path.suffix}; use .safetensors"
        )
    check_file(path)


def check_kind(path: Path, folder: bool = False) -> None:
    """Raise `InputError` if `path` is stdout, a pipe, a device or, where a file is wanted, a folder."""
    try:
        other = path.exists() and not (path.is_dir() if folder else path.is_file())
    except OSError:  # a name that is too long, which `check_writable` tells
        return
    if other or str(path) == "-":
        raise InputError(f"cannot write {path}: expected the name of a {'folder' if folder else 'file'}")


def check_not_read(output: Path, *sources: Path) -> None:
    """Raise `InputError` if `output` is one of the files that are read, by whatever name."""
    for path in sources:
        if output.exists() and path.exists() and output.samefile(path):
            raise InputError(f"{output} is what is read; name another output")
