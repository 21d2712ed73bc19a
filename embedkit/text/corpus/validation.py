"""Validation of shards against the manifest and the vocabulary: first sizes, then content."""

from __future__ import annotations

from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.errors import FormatError
from embedkit.files import check_regular

IDS = np.dtype(np.int32)
OFFSETS = np.dtype(np.int64)
MALFORMED = (
    ValueError,
    EOFError,
    SyntaxError,
    TokenError,
    RecursionError,
)  # by headers of .npy


def check_size(path: Path, dtype: np.dtype[Any], length: int) -> None:
    """Raise `FormatError` unless `path` is a whole .npy file of one row of `length` numbers."""
    check_regular(path)
    try:
        with path.open("rb") as stream:
            np.lib.format.read_magic(stream)
            shape, _, stored = np.lib.format.read_array_header_1_0(stream)
            expected = stream.tell() + length * stored.itemsize
    except FileNotFoundError:
        raise FormatError(f"the corpus is incomplete: {path} is missing") from None
    except MALFORMED as error:
        raise FormatError(f"{path} is damaged: {error}") from None
    _check_form(path, stored, shape, dtype, length)
    if (size := path.stat().st_size) != expected:
        raise FormatError(f"{path} is damaged: expected {expected} bytes, got {size}")


def check_ids(path: Path, ids: NDArray[Any], words: int, vocabulary: int) -> None:
    """Raise `FormatError` unless `ids`, mapped from `path`, are `words` ids of a vocabulary of that size."""
    _check_form(path, ids.dtype, ids.shape, IDS, words)
    for extreme in (ids.min(initial=0), ids.max(initial=0)):
        if not 0 <= extreme < vocabulary:
            raise FormatError(f"{path} is damaged: it holds the id {extreme}, there are {vocabulary} words")


def check_offsets(path: Path, offsets: NDArray[Any], documents: int, words: int) -> None:
    """Raise `FormatError` unless `offsets`, mapped from `path`, part `words` words into `documents`."""
    _check_form(path, offsets.dtype, offsets.shape, OFFSETS, documents + 1)
    if offsets[0] != 0 or offsets[-1] != words or np.any(offsets[1:] <= offsets[:-1]):
        raise FormatError(f"{path} is damaged: its offsets do not rise from 0 to {words}")


def _check_form(
    path: Path, dtype: np.dtype[Any], shape: tuple[int, ...], expected: np.dtype[Any], length: int
) -> None:
    if (dtype, shape) != (expected, (length,)):
        raise FormatError(f"{path} holds {dtype} {shape}, its manifest says {expected} ({length},)")
