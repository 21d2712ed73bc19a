"""Vectors as data frames of any library that narwhals knows: polars, pandas, pyarrow and others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d
from embedkit.errors import InputError
from embedkit.frames import make_frame, read_frame


def words_and_matrix(frame: Any, column: str) -> tuple[list[str], NDArray[Any]]:
    """The words in a column of a frame, and all other columns, which are of numbers, as (V, D)."""
    table = read_frame(frame)
    if column not in table.columns:
        names = ", ".join(map(str, table.columns))
        raise InputError(f"expected a column {column!r} of words, got the columns {names}")
    numbers = table.drop(column)
    others = [name for name, dtype in numbers.schema.items() if not dtype.is_numeric()]
    if others or not numbers.columns:
        got = f"{others[0]!r} as {numbers.schema[others[0]]}" if others else "none"
        raise InputError(f"expected columns of numbers beside the words, got {got}")
    return table[column].to_list(), np.column_stack([each.to_numpy() for each in numbers.iter_columns()])


def as_frame(words: Sequence[str], matrix: Floats2d, column: str, backend: Any) -> Any:
    """A frame of the library `backend`: a column of words, and "d0", "d1", ... of the dimensions."""
    dimensions = {f"d{dimension}": values for dimension, values in enumerate(matrix.T)}
    if column in dimensions:
        raise InputError(f"expected a column of words named unlike the dimensions, got {column!r}")
    return make_frame({column: list(words), **dimensions}, backend)
