"""Vectors as data frames of any library that narwhals knows: polars, pandas, pyarrow and others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d
from embedkit.errors import DependencyError, InputError


def words_and_matrix(frame: Any, column: str) -> tuple[list[str], NDArray[Any]]:
    """The words in a column of a frame, and all other columns, which are of numbers, as (V, D)."""
    import narwhals as nw

    try:
        table = nw.from_native(frame, eager_only=True)
    except TypeError as error:
        raise InputError(f"expected a data frame that is in memory, got {type(frame).__name__}") from error
    if column not in table.columns:
        raise InputError(f"expected a column {column!r} of words, got the columns {', '.join(table.columns)}")
    numbers = table.drop(column)
    others = [name for name, dtype in numbers.schema.items() if not dtype.is_numeric()]
    if others or not numbers.columns:
        got = f"{others[0]!r} as {numbers.schema[others[0]]}" if others else "none"
        raise InputError(f"expected columns of numbers beside the words, got {got}")
    return table[column].to_list(), np.column_stack([numbers[name].to_numpy() for name in numbers.columns])


def as_frame(words: Sequence[str], matrix: Floats2d, column: str, backend: Any) -> Any:
    """A frame of the library `backend`: a column of words, and "d0", "d1", ... of the dimensions."""
    import narwhals as nw

    names = [f"d{dimension}" for dimension in range(matrix.shape[1])]
    try:
        frame = nw.from_numpy(matrix, names, backend=backend)
        return frame.select(nw.new_series(column, list(words), backend=backend), *names).to_native()
    except ImportError as error:
        raise DependencyError(f"to_frame({backend!r}) needs {backend}: pip install {backend}") from error
    except (ValueError, TypeError) as error:
        raise InputError(
            f"expected the name of a library of data frames, such as polars, pandas or pyarrow: {error}"
        ) from error
