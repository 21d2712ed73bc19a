"""The registry of formats: readers by content, writers by name and suffix."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from embedkit.errors import FormatError, InputError
from embedkit.hyperparameters import check_count
from embedkit.leftovers import temporary_folder
from embedkit.text.formats.file_signatures import file_signature, wide_encoding
from embedkit.vectors.formats import (
    fasttext_binary,
    fasttext_writing,
    finalfusion,
    floret_table,
    gensim_pickle,
    glove_text,
    native,
    numpy_files,
    parquet_table,
    projector_tsv,
    restricted_pickle,
    spacy_folder,
    sparse_text,
    static_model,
    stream,
    word2vec_binary,
    word2vec_text,
)
from embedkit.vectors.formats.archives import unpacked
from embedkit.vectors.formats.contents import VectorContents, finite_rows, in_dtype, in_memory
from embedkit.vectors.formats.pipes import as_file, as_plain_file
from embedkit.vectors.formats.word_lists import words_path
from embedkit.vectors.rows import ROW_TYPES, RowType

ReadVectors = Callable[[Path, int | None, bool], VectorContents]  # path, limit, skip_bad_rows
WriteVectors = Callable[[Path, VectorContents], None]


def never(what: bytes | Path) -> bool:
    """No file, or no folder, is of this format."""
    return False


def _decimal(path: Path) -> str:
    return "decimal"


def _float32(path: Path) -> str:
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
        numbers: how a file stores its numbers.
        keeps: what it holds beside words and vectors: counts, metadata, spaces (in words), subwords.
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
    numbers: Callable[[Path], str] = _decimal
    keeps: frozenset[str] = frozenset()
    dtypes: tuple[RowType, ...] = ("float32",)


FLOATS: tuple[RowType, ...] = ("float32", "float16")
FORMATS = {
    "safetensors": Format(
        "safetensors of embedkit",
        native.read,
        native.write,
        native.matches,
        signed=True,
        numbers=native.numbers,
        keeps=frozenset({"counts", "metadata", "spaces", "subwords"}),
        dtypes=ROW_TYPES,
    ),
    "finalfusion": Format(
        "finalfusion",
        finalfusion.read,
        finalfusion.write,
        finalfusion.matches,
        signed=True,
        numbers=finalfusion.numbers,
        keeps=frozenset({"metadata", "spaces", "subwords"}),
    ),
    "fasttext": Format(
        "fastText .bin",
        fasttext_binary.read,
        fasttext_writing.write,
        fasttext_binary.matches,
        signed=True,
        numbers=_float32,
        keeps=frozenset({"counts", "spaces", "subwords"}),
    ),
    "npy": Format(
        "numpy .npy with a list of words beside it",
        numpy_files.read,
        numpy_files.write,
        numpy_files.matches,
        signed=True,
        beside=words_path,
        numbers=numpy_files.numbers,
        keeps=frozenset({"counts", "spaces"}),
        dtypes=FLOATS,
    ),
    "npz": Format(
        "numpy .npz",
        numpy_files.read_npz,
        numpy_files.write_npz,
        numpy_files.matches_npz,
        numpy_files.is_npz,
        signed=True,
        numbers=numpy_files.numbers_of_npz,
        keeps=frozenset({"counts", "metadata", "spaces"}),
        dtypes=FLOATS,
    ),
    "gensim": Format(
        "gensim's .kv or .model",
        gensim_pickle.read,
        None,
        restricted_pickle.matches,
        signed=True,
        pickled=True,
        keeps=frozenset({"counts", "spaces", "subwords"}),
    ),
    "spacy": Format(
        "spaCy's folder of vectors",
        spacy_folder.read,
        spacy_folder.write,
        matches_path=spacy_folder.matches,
        folder=True,
        numbers=spacy_folder.numbers,
        keeps=frozenset({"spaces", "subwords"}),
    ),
    "parquet": Format(
        "a parquet table",
        parquet_table.read,
        parquet_table.write,
        parquet_table.matches,
        signed=True,
        numbers=parquet_table.numbers,
        keeps=frozenset({"counts", "metadata", "spaces"}),
        dtypes=FLOATS,
    ),
    "projector": Format(
        "the TensorBoard projector's vectors with metadata beside them",
        projector_tsv.read,
        projector_tsv.write,
        projector_tsv.matches,
        projector_tsv.matches_folder,
        beside=projector_tsv.metadata_path,
        keeps=frozenset({"counts", "spaces"}),
    ),
    "model2vec": Format(
        "a static embedding model (model2vec)",
        static_model.read,
        None,
        matches_path=static_model.matches,
        numbers=static_model.numbers,
        keeps=frozenset({"metadata", "spaces"}),
    ),
    "floret": Format(
        "floret's table with words beside it",
        floret_table.read,
        None,
        floret_table.matches,
        signed=True,
        keeps=frozenset({"spaces", "subwords"}),
    ),
    "sparse": Format("sparse text", sparse_text.read, None, sparse_text.matches, keeps=frozenset({"spaces"})),
    "word2vec-binary": Format(
        "word2vec binary",
        word2vec_binary.read,
        word2vec_binary.write,
        word2vec_binary.matches,
        numbers=_float32,
    ),
    "word2vec": Format("word2vec text", word2vec_text.read, word2vec_text.write, word2vec_text.matches),
    "glove": Format(
        "GloVe text", glove_text.read, glove_text.write, glove_text.matches, keeps=frozenset({"spaces"})
    ),
}  # in the order in which they are tried
WRITTEN = tuple(name for name, kind in FORMATS.items() if kind.write)
SUFFIXES = {
    ".safetensors": "safetensors",
    ".bin": "word2vec-binary",
    ".txt": "word2vec",
    ".vec": "word2vec",
    ".fifu": "finalfusion",
    ".npy": "npy",
    ".npz": "npz",
    ".parquet": "parquet",
    ".tsv": "projector",
}
SUFFIX_HELP = (
    ".safetensors (embedkit's own), .bin (word2vec binary), .txt or .vec (word2vec text), "
    ".fifu (finalfusion), .npy or .npz (numpy), .parquet, .tsv (TensorBoard projector)"
)


def detect(path: Path) -> str:
    """The name in `FORMATS` of the format of a file or folder, told by its content.

    Raises:
        InputError: there is no such file.
        FormatError: it is of no known format; the message says which are.
    """
    if not (path.is_file() or path.is_dir()):
        state = "it is a device" if path.exists() else "there is no such file"
        raise InputError(f"cannot read {path}: {state}")
    if path.is_file() and native.is_ours(stream.raw_head(path)):  # told at once
        return "safetensors"
    for name, kind in FORMATS.items():
        if kind.matches_path(path):
            return name
    if path.is_dir():
        corpus = (path / "manifest.json").is_file()
        told = "it is a corpus; train vectors on it" if corpus else "it is a folder without vectors"
        raise InputError(f"cannot read {path}: {told}")
    head = stream.head(path)
    if found := _format_of(head):
        return next(name for name, kind in FORMATS.items() if kind is found)
    known = ", ".join(kind.description for kind in FORMATS.values())
    raise FormatError(f"{path}: expected vectors as {known}, got {_foreign(head) or _other(head)}")


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """A file that can be read as vectors of some format: `path`, or a copy that lasts as long as the block.

    Pipes are copied, "-" for stdin too; archives give the one file of vectors in them; and compressed files
    whose format has a signature of its own are decompressed, as they are not read as streams.
    """
    with as_file(path) as file:
        if not file.is_file() or any(kind.matches_path(file) for kind in FORMATS.values()):
            yield file
            return
        with unpacked(file, _holds_vectors) as content, _plain(content, detect(content)) as plain:
            yield plain


def _holds_vectors(head: bytes) -> bool:
    """Whether a file that begins with `head` holds vectors, as far as its first row tells."""
    found = _format_of(head)
    if found is None or found.signed:
        return found is not None
    with temporary_folder() as folder:
        copy = folder / "head"
        copy.write_bytes(head)
        try:
            with warnings.catch_warnings(action="ignore"):
                return bool(found.read(copy, 1, True).words)
        except FormatError:
            return False


def _format_of(head: bytes) -> Format | None:
    """The format of a file that begins with `head`."""
    found = next((kind for kind in FORMATS.values() if kind.matches(head)), None)
    return found if found and (found.signed or not _foreign(head)) else None


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


def read(
    path: Path,
    limit: int | None = None,
    skip_bad_rows: bool = False,
    verify: bool = False,
    trust_pickle: bool = False,
) -> VectorContents:
    """Read the first `limit` rows of a file of any known format; "-" is stdin.

    With `verify`, mapped vectors are read, too, and compared with their checksum if there is one.

    With `skip_bad_rows`, lines of text that are no row, and rows that hold NaN or infinity, are left out,
    counted and named in a warning. Pickles are read only with `trust_pickle`.
    """
    if limit is not None:
        check_count("limit", limit)
    with opened(path) as file:
        name = detect(file)
        if FORMATS[name].pickled and not trust_pickle:
            raise FormatError(f"{file}: expected a file that holds no code, got {gensim_pickle.NOT_TRUSTED}")
        if verify and name == "safetensors":
            native.verify_checksums(file)
        contents = FORMATS[name].read(file, limit, skip_bad_rows)
        if file is not path:
            contents = in_memory(contents)
        return finite_rows(contents, str(file)) if skip_bad_rows else contents


def stored_numbers(path: Path) -> str:
    """How a file or folder of vectors stores its numbers."""
    with opened(path) as file:
        return FORMATS[detect(file)].numbers(file)


def _plain(path: Path, name: str) -> AbstractContextManager[Path]:
    """What is read as this format: one with a signature of its own is not read as a stream."""
    kind = FORMATS[name]
    return as_plain_file(path) if kind.signed and not kind.matches_path(path) else nullcontext(path)


def format_to_write(path: Path, format: str | None = None) -> str:
    """The name of the format in which `path` is written: `format`, else that of its suffix.

    Raises:
        InputError: no such format, or none that the suffix stands for.

    Example:
        >>> format_to_write(Path("vectors.BIN"))
        'word2vec-binary'
    """
    if format is not None and format not in WRITTEN:
        raise InputError(f"expected one of the formats {', '.join(WRITTEN)}, got {format!r}")
    chosen = format or SUFFIXES.get(path.suffix.lower())
    if chosen is None:
        raise InputError(f"no format has the suffix {path.suffix!r} of {path}; use {SUFFIX_HELP}")
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


def is_folder_of_vectors(path: Path) -> bool:
    """Whether `path` is a folder of one of the formats."""
    return path.is_dir() and any(kind.matches_path(path) for kind in FORMATS.values())


def stored_bytes(path: Path) -> int:
    """The bytes of a file, or of all files of a folder."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)


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
