"""Data frames of any library, in and out: pandas, polars, pyarrow and others that narwhals knows.

Anything else that offers its columns as Arrow does (`__arrow_c_stream__`) is read through pyarrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from embedkit.errors import DependencyError, InputError
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.datasets.tables import SAMPLE, DataTable

NAME = "the data frame"


def frame_table(frame: Any, skip_bad_rows: bool = False) -> DataTable:
    """The rows of a data frame, counted from 1; those that hold no text or label may be left out.

    Raises:
        InputError: something else, a lazy frame, or one without rows.
        DependencyError: columns of Arrow without pyarrow.
    """
    data = _narwhals(frame)
    rows = ((number, list(cells)) for number, cells in enumerate(data.iter_rows(), 1))
    sample = list(islice(rows, SAMPLE))
    if not sample:
        raise InputError(f"{NAME}: expected rows, got none")
    return DataTable(NAME, tuple(data.columns), sample, rows, BadRows(NAME, skip_bad_rows))


def make_frame(columns: Mapping[str, Sequence[Any]], backend: Any) -> Any:
    """A data frame of a library, "pandas", "polars", "pyarrow" or another that narwhals knows.

    Raises:
        InputError: narwhals knows no such library.
        DependencyError: it is not installed.
    """
    import narwhals

    try:
        return narwhals.from_dict(columns, backend=backend).to_native()
    except ModuleNotFoundError as error:
        raise DependencyError(f"a frame of {backend} needs {error.name}: pip install {error.name}") from None
    except ValueError:
        raise InputError(
            f"expected a library of data frames, such as pandas, polars or pyarrow, got {backend!r}"
        ) from None


def _narwhals(frame: Any) -> Any:
    """What narwhals makes of a frame: it reads frames of all libraries alike."""
    import narwhals

    try:
        return narwhals.from_native(frame, eager_only=True)
    except TypeError:
        if not hasattr(frame, "__arrow_c_stream__"):
            raise InputError(
                "expected a path or a data frame (of pandas, polars, pyarrow or with __arrow_c_stream__; a "
                f"lazy one must be collected first), got {frame!r:.80} of type {type(frame).__name__}"
            ) from None
    try:
        return narwhals.from_arrow(frame, backend="pyarrow")
    except ModuleNotFoundError:
        raise DependencyError(
            "columns of Arrow need pyarrow, which is not installed; pip install 'embedkit[parquet]'"
        ) from None
