"""Writing vectors in the format that is named, or that the suffix of a file stands for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from embedkit.errors import InputError
from embedkit.vectors.formats.compressed_writing import compression_of
from embedkit.vectors.formats.contents import VectorContents, in_dtype
from embedkit.vectors.formats.table import FORMATS, WRITTEN
from embedkit.vectors.rows import ROW_TYPES, RowType

SUFFIXES = {
    ".safetensors": "safetensors",
    ".bin": "word2vec-binary",
    ".txt": "word2vec",
    ".vec": "word2vec",
    ".fifu": "finalfusion",
    ".ftz": "fasttext-quantized",
    ".npy": "npy",
    ".npz": "npz",
    ".parquet": "parquet",
    ".tsv": "projector",
}
SUFFIX_HELP = (
    ".safetensors (embedkit's own), .bin (word2vec binary), .txt or .vec (word2vec text), "
    ".ftz (fastText, quantized), .fifu (finalfusion), .npy or .npz (numpy), .parquet, "
    ".tsv (TensorBoard projector); compressed, if .gz, .bz2, .xz or .zst follows on .bin, .txt or .vec"
)


def format_to_write(path: Path, format: str | None = None) -> str:
    """The name of the format in which `path` is written: `format`, else that of its suffix.

    Raises:
        InputError: no such format, none that the suffix stands for, or one that is not written compressed
            where the name asks for that.

    Example:
        >>> format_to_write(Path("vectors.BIN"))
        'word2vec-binary'
        >>> format_to_write(Path("vectors.vec.gz"))
        'word2vec'
    """
    if format is not None and format not in WRITTEN:
        raise InputError(f"expected one of the formats {', '.join(WRITTEN)}, got {format!r}")
    compression = compression_of(path)
    suffix = Path(path.stem).suffix if compression else path.suffix
    chosen = format or SUFFIXES.get(suffix.lower())
    if chosen is None:
        told = f"{suffix}{compression or ''}"
        raise InputError(f"no format has the suffix {told!r} of {path}; use {SUFFIX_HELP}")
    if compression and not FORMATS[chosen].compressible:
        able = ", ".join(name for name, kind in FORMATS.items() if kind.compressible)
        raise InputError(
            f"cannot write {path}: {FORMATS[chosen].description} is not written compressed, only {able}; "
            f"leave out {path.suffix}"
        )
    return chosen


def check_dtype(format: str, dtype: RowType) -> None:
    """Raise `InputError` unless the format can hold numbers of this type."""
    if dtype not in FORMATS[format].dtypes:
        allowed = " or ".join(FORMATS[format].dtypes)
        advice = f"; .safetensors can hold {dtype}" if dtype in ROW_TYPES else ""
        raise InputError(f"expected {allowed} for {FORMATS[format].description}, got {dtype!r}{advice}")


def not_kept(format: str, held: Iterable[str]) -> list[str]:
    """Which of the things that vectors hold beside words and numbers, such as "counts", a format cannot.

    Example:
        >>> not_kept("finalfusion", ["counts", "metadata"])
        ['counts']
    """
    return [name for name in held if name not in FORMATS[format].keeps]


def write(
    path: Path, contents: VectorContents, format: str | None = None, dtype: RowType | None = None
) -> None:
    """Write `contents` as `format_to_write` says, its rows as numbers of another type if `dtype` names one.

    Without a `dtype` rows are written as they are, in float32 if the format has no such type.
    """
    chosen = format_to_write(path, format)
    writer, kept = FORMATS[chosen].write, contents.rows.dtype
    wanted = dtype or (kept if kept in FORMATS[chosen].dtypes else "float32")
    check_dtype(chosen, wanted)
    if writer is not None:
        writer(path, in_dtype(contents, wanted))
