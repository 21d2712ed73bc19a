"""numpy's files: a matrix as .npy with a list of words beside it, or .npz with arrays of words and vectors.

Arrays of Python objects, which can run code when they are read, are refused.
"""

from __future__ import annotations

import ast
import json
import lzma
import re
import zlib
from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path
from tokenize import TokenError
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from embedkit.arrays import Floats2d
from embedkit.container.checked import json_text
from embedkit.errors import FormatError, InputError
from embedkit.files import atomic_file
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.row_checks import checked_rows
from embedkit.vectors.formats.text_rows import check_not_empty, decode_words
from embedkit.vectors.formats.word_lists import find_words, read_words, words_path, write_words

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

MAGIC = b"\x93NUMPY"
NPZ = re.compile(rb"(?s)PK\x03\x04.{26}[^\x00-\x1f/\\]{1,200}?\.npy")  # a zip archive that begins with a .npy
WORDS = ("words", "word", "vocab", "vocabulary", "tokens", "index", "keys")  # names of arrays
VECTORS = ("vectors", "vector", "matrix", "embeddings", "embedding", "weights")
COUNTS, METADATA = "counts", "metadata"
MAX_HEADER = 10_000  # bytes of the header of a .npy file, as numpy has it
LONG = re.compile(r"(?<=\d)L")  # behind whole numbers, by Python 2
MAX_DEFLATED = 1032  # bytes that one byte of a deflated file can stand for
BLANK = 64  # bytes of a deflated file without content
DAMAGE = (
    *(ValueError, EOFError, OSError, LookupError, SyntaxError, RecursionError, MemoryError, TypeError),
    *(zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, OverflowError, TokenError),
)  # what damaged archives and headers raise


def matches(head: bytes) -> bool:
    """Tell whether a file that begins with `head` is a .npy file."""
    return head.startswith(MAGIC)


def matches_npz(head: bytes) -> bool:
    """Tell whether `head` begins with a zip archive whose first file is a .npy."""
    return bool(NPZ.match(head))


def is_npz(path: Path) -> bool:
    """Whether a file is a .npz itself, and not compressed once more: nothing but arrays is in it.

    A damaged one is told by its beginning alone.
    """
    from zipfile import BadZipFile, ZipFile

    if not path.is_file():
        return False
    with path.open("rb") as file:
        if not matches_npz(file.read(256)):
            return False
    try:
        with ZipFile(path) as archive:
            return all(name.endswith(".npy") for name in archive.namelist())
    except (*DAMAGE, BadZipFile):
        return True


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` rows of a .npy file and its words; a matrix of float32 or float16 is mapped.

    Raises:
        FormatError: the file is no matrix of numbers, cut off, or has no list of words beside it.
    """
    matrix = map_matrix(path)
    words, counts = read_words(listed := find_words(path))
    rows = floats(matrix)
    contents = VectorContents(words, rows, counts, mapped=np.may_share_memory(rows, matrix))
    return checked_rows(contents, f"{path} with {listed.name}", skip_bad_rows, limit)


def map_matrix(path: Path) -> NDArray[Any]:
    """The matrix of real numbers in a .npy file, memory-mapped; its size has been compared with the file's.

    Raises:
        FormatError: the file is no matrix of numbers, or cut off.
    """
    try:
        with path.open("rb") as file:
            shape, fortran, dtype = _header(file)
            _check_matrix(shape, dtype)
            start, size = file.tell(), path.stat().st_size
        if (told := _bytes(shape, dtype)) != size - start:
            raise ValueError(f"expected {told:,} bytes of numbers, got {size - start:,}")
    except DAMAGE as error:
        raise FormatError(f"{path}: expected a matrix as numpy saves it: {error}") from None
    if not told:
        return np.empty(shape, dtype)
    return np.memmap(path, dtype, "r", start, shape, "F" if fortran else "C").view(np.ndarray)


def write(path: Path, contents: VectorContents) -> None:
    """Write the matrix to `path`, and beside it the words, with their counts if they are known."""
    write_words(words_path(path), contents.words, contents.counts)
    with atomic_file(path) as file:
        np.save(file, floats(contents.matrix), allow_pickle=False)


def read_npz(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` rows of a .npz file: its matrix and its array of words, whatever their names.

    Raises:
        FormatError: the file is damaged, or does not hold a matrix and an array of words.
    """
    arrays = _arrays(path)
    matrix = _chosen(path, arrays, VECTORS, "iuf", 2)
    words = _texts(_chosen(path, arrays, WORDS, "US", 1), path)
    counts = arrays.get(COUNTS)
    if counts is not None and counts.dtype.kind not in "iu":
        raise FormatError(f"{path}: expected counts as whole numbers, got {counts.dtype}")
    counts = None if counts is None else counts.astype(np.int64)
    rows = np.ascontiguousarray(matrix) if matrix.dtype == np.float16 else floats(matrix)
    contents = VectorContents(words, rows, counts, _metadata(arrays.get(METADATA)))
    return checked_rows(contents, path, skip_bad_rows, limit)


def write_npz(path: Path, contents: VectorContents) -> None:
    """Write `contents` as arrays "words", "vectors", "counts" if known, and "metadata" as JSON.

    Raises:
        InputError: a word that is empty, not valid Unicode, or ends with NUL, which arrays cannot hold.
    """
    from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

    check_not_empty(contents.words, "numpy's .npz")
    words = np.array(list(contents.words), np.str_)
    if wrong := next((word for word, kept in zip(contents.words, words, strict=True) if word != kept), None):
        raise InputError(f"arrays of numpy cannot hold the word {wrong!r}; save as safetensors instead")
    arrays: dict[str, NDArray[Any]] = {"words": words}
    arrays["vectors"] = floats(contents.matrix)
    if contents.counts is not None:
        arrays[COUNTS] = np.asarray(contents.counts, np.int64)
    if contents.metadata:
        arrays[METADATA] = np.array(json_text(contents.metadata))
    with atomic_file(path) as file, ZipFile(file, "w", allowZip64=True) as archive:
        for name, array in arrays.items():
            info = ZipInfo(f"{name}.npy")  # of 1980, so that the same content gives the same bytes
            info.compress_type = ZIP_DEFLATED if array.dtype.kind == "U" else ZIP_STORED
            with archive.open(info, "w", force_zip64=True) as member:
                npy.write_array(member, array, allow_pickle=False)


def numbers(path: Path) -> str:
    """How the vectors in a .npy file are stored."""
    return str(map_matrix(path).dtype)


def numbers_of_npz(path: Path) -> str:
    """How the vectors in a .npz file are stored."""
    return str(_chosen(path, _arrays(path), VECTORS, "iuf", 2).dtype)


def floats(matrix: NDArray[Any]) -> Floats2d:
    """A matrix of real numbers of any type as float32, or as the float16 that it is; itself if it can be."""
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(matrix, "<f2" if matrix.dtype == np.float16 else "<f4")


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    """All arrays of a .npz file, by their names."""
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(path) as archive:
            size, members = path.stat().st_size, archive.infolist()
            return {info.filename.removesuffix(".npy"): _member(archive, info, size) for info in members}
    except (*DAMAGE, BadZipFile) as error:
        raise FormatError(f"{path}: expected arrays as numpy saves them: {error}") from None


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """The shape of the array in a .npy file, whether columns stand together, and the type of its entries."""
    magic = file.read(8)
    width = 2 if magic[6:7] == b"\x01" else 4
    length = int.from_bytes(file.read(width), "little")
    if not magic.startswith(MAGIC) or length > MAX_HEADER:
        raise ValueError(f"got {magic!r} and a header of {length:,} bytes")
    told = ast.literal_eval(LONG.sub("", file.read(length).decode("latin1")))
    shape, kind = told["shape"], told["descr"]
    if not all(type(entry) is int and entry >= 0 for entry in shape):
        raise ValueError(f"got an array of shape {shape}")
    if not isinstance(kind, str):
        raise TypeError("it holds structures; save a matrix and an array of words")
    if "O" in kind:
        raise ValueError("it holds objects of Python, which can run code; save numbers and texts")
    return tuple(shape), bool(told["fortran_order"]), np.dtype(kind)


def _check_matrix(shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    """Raise `ValueError` unless an array is a matrix of real numbers."""
    if len(shape) != 2 or dtype.kind not in "iuf":
        raise ValueError(f"expected a matrix of real numbers, got {dtype} of shape {shape}")


def _bytes(shape: tuple[int, ...], dtype: np.dtype[Any]) -> int:
    """The bytes that an array takes, in whole numbers without bound."""
    return prod(shape) * dtype.itemsize


def _member(archive: ZipFile, info: ZipInfo, size: int) -> NDArray[Any]:
    """An array of a .npz file of `size` bytes, read if what its header claims can be there."""
    if info.compress_size > size or info.file_size > MAX_DEFLATED * (info.compress_size + BLANK):
        raise ValueError(f"{info.filename} claims {info.file_size:,} bytes, got {info.compress_size:,}")
    with archive.open(info) as member:
        shape, fortran, dtype = _header(member)
        if (told := member.tell() + _bytes(shape, dtype)) != info.file_size:
            raise ValueError(f"{info.filename} claims {told:,} bytes, got {info.file_size:,}")
        data = member.read()
    return np.frombuffer(data, dtype).reshape(shape, order="F" if fortran else "C")


def _chosen(
    path: Path, arrays: Mapping[str, NDArray[Any]], names: Sequence[str], kinds: str, axes: int
) -> NDArray[Any]:
    """The one array of some kinds of entries and so many axes; of several, that with the first of `names`."""
    fitting = {
        name: array for name, array in arrays.items() if array.ndim == axes and array.dtype.kind in kinds
    }
    named = [name for name in names if name in fitting] or list(fitting)
    if not named or (len(named) > 1 and named[0] not in names):
        told = ", ".join(f"{name} ({array.dtype}, {array.shape})" for name, array in arrays.items())
        raise FormatError(
            f"{path}: expected a matrix of numbers, as {VECTORS[0]}, and an array of words, as {WORDS[0]}; "
            f"got {told or 'no array'}"
        )
    return fitting[named[0]]


def _texts(array: NDArray[Any], path: Path) -> list[str]:
    """An array of texts, or of their bytes in UTF-8, as a list."""
    try:
        words: list[Any] = array.tolist()
    except ValueError as error:
        raise FormatError(f"{path}: expected words in Unicode: {error}") from None
    return decode_words(words, path) if array.dtype.kind == "S" else words


def _metadata(array: NDArray[Any] | None) -> dict[str, Any]:
    """The metadata that `write_npz` wrote; none of any other array."""
    try:
        told = json.loads(str(array[()])) if array is not None and not array.ndim else {}
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
