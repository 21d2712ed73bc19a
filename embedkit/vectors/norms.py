"""Lengths and unit vectors of matrix rows, safe for zero rows, extreme magnitudes and NaN."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from mmap import mmap
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedkit.arrays import Doubles2d, Floats1d, Floats2d
from embedkit.errors import FormatError, InputError

Array = TypeVar("Array", bound=NDArray[Any])

BLOCK = 1 << 16  # rows handled at once, so that temporaries stay small beside the matrix
NORM_TOLERANCE = 1e-4  # more than the rounding of a length in float32
SAFE_RANGE = (1e-15, 1e15)  # lengths whose float32 squares neither underflow nor overflow


def row_norms(matrix: Floats2d) -> Floats1d:
    """Euclidean length of each row of a (V, D) matrix, float32 (V,); NaN or inf marks a row without one."""
    norms = np.empty(len(matrix), np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        for block in blocks(len(matrix)):
            norms[block] = np.sqrt(np.einsum("ij,ij->i", matrix[block], matrix[block]))
        doubtful = np.flatnonzero(~((norms > SAFE_RANGE[0]) & (norms < SAFE_RANGE[1])))
        for block in blocks(len(doubtful)):
            rows = doubtful[block]
            norms[rows] = np.linalg.norm(matrix[rows].astype(np.float64), axis=1)
    return norms


def check_finite(norms: Floats1d, words: Sequence[str]) -> None:
    """Raise `InputError`, naming words, if lengths of the vectors of `words` are NaN or infinite.

    They are where a vector holds NaN or infinity, or is too long for float32.
    """
    bad = np.flatnonzero(~((norms >= 0) & (norms < np.inf)))
    if len(bad):
        named = ", ".join(repr(words[i]) for i in bad[:3])
        raise InputError(
            f"expected finite vectors, got NaN or infinity in those of {len(bad)} words: {named}"
        )


def check_lengths(norms: Floats1d, written: Floats1d, words: Sequence[str]) -> None:
    """Raise `FormatError`, naming words, unless the vectors of `words` are as long as is `written`."""
    other = np.flatnonzero(~np.isclose(norms, written, NORM_TOLERANCE, 0))
    if len(other):
        named = ", ".join(repr(words[i]) for i in other[:3])
        raise FormatError(
            f"expected vectors as long as their file says, got others for {len(other)} words: {named}; "
            "the file is damaged, fetch it or make it again"
        )


def unit_rows(matrix: Floats2d, norms: Floats1d) -> Floats2d:
    """Rows of a (V, D) matrix divided by their lengths (V,); a zero row stays zero."""
    unit = np.empty(matrix.shape, np.float32)
    for block in blocks(len(matrix)):
        lengths = np.where(norms[block] > 0, norms[block], np.float32(1))
        np.divide(matrix[block], lengths[:, None], out=unit[block])
    return unit


def unit_vectors(vectors: NDArray[np.floating]) -> Floats2d:
    """Unit vectors of (n, D) vectors, with the lengths taken in float64; zero vectors stay zero."""
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=-1, keepdims=True)
    unit: Floats2d = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return unit


def finite_vectors(vectors: object, size: int) -> Doubles2d:
    """`vectors` as an array (n, `size`), or `InputError` if they are of another shape or not finite."""
    try:
        array = np.array(vectors, np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"expected words, or vectors of {size} numbers: {error}") from None
    if array.ndim != 2 or array.shape[1] != size:
        raise InputError(f"expected vectors of {size} numbers, got an array of shape {array.shape}")
    return finite(array)


def finite(array: Array) -> Array:
    """The same array, or `InputError` if it holds NaN or infinity."""
    if not np.isfinite(array).all():
        raise InputError("expected finite vectors, got NaN or infinity")
    return array


def read_only(matrix: ArrayLike) -> Floats2d:
    """`matrix` as a read-only float32 array, copied unless it is one already and nobody can write to it."""
    try:
        array = np.asarray(matrix)
    except ValueError as error:  # rows of several lengths
        raise InputError(f"expected a matrix with one row of numbers for each word: {error}") from None
    if array.dtype == np.float32 and _is_constant(array):
        return array
    with np.errstate(over="ignore"):
        try:
            return frozen(np.array(array, np.float32, order="C"))
        except (TypeError, ValueError) as error:
            raise InputError(f"expected a matrix with one row of numbers for each word: {error}") from None


def frozen(array: Array) -> Array:
    """The same array, made read-only."""
    array.flags.writeable = False
    return array


def _is_constant(array: Floats2d) -> bool:
    """Whether neither the array nor anything that it is a view of lets its memory be written."""
    owner: object = array
    while isinstance(owner, np.ndarray):
        if owner.flags.writeable:
            return False
        owner = owner.base
    return owner is None or (isinstance(owner, bytes | mmap | memoryview) and memoryview(owner).readonly)


def blocks(count: int) -> Iterator[slice]:
    """Consecutive slices that cover range(count)."""
    for start in range(0, count, BLOCK):
        yield slice(start, min(start + BLOCK, count))
