"""Data frames of any library, in and out: pandas, polars, pyarrow and others that narwhals knows.

Anything else that offers its columns as Arrow does (`__arrow_c_stream__`) is read through pyarrow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from embedkit.errors import DependencyError, InputError


def read_frame(frame: Any, expected: str = "a data frame") -> Any:
    """What narwhals makes of a frame: it reads frames of all libraries alike.

    Args:
        frame: of any library, in memory.
        expected: what an error says that it should have been.

    Raises:
        InputError: something else, a lazy frame, or several columns of one name.
        DependencyError: columns of Arrow without pyarrow.
    """
    import narwhals

    try:
        data = _as_narwhals(frame, expected)
        data.columns  # noqa: B018 - only now frames of pyarrow tell of names that stand twice
    except narwhals.exceptions.DuplicateError as error:
        twice = str(error).splitlines()[-1].lstrip("- ")  # such as: 'x' 2 times
        raise InputError(f"expected a name of its own for each column, got {twice}") from None
    return data


def make_frame(columns: Mapping[str, Any], backend: Any) -> Any:
    """A data frame of a library, "pandas", "polars", "pyarrow" or another that narwhals knows.

    Raises:
        InputError: narwhals knows no such library, or it has only lazy frames.
        DependencyError: it is not installed.
    """
    import narwhals

    try:
        return narwhals.from_dict(columns, backend=backend).to_native()
    except ModuleNotFoundError as error:
        library = str(error.name).partition(".")[0]
        raise DependencyError(f"a frame of {backend} needs {library}: pip install {library}") from None
    except (TypeError, ValueError):
        raise InputError(
            f"expected a library of data frames, such as pandas, polars or pyarrow, got {backend!r}"
        ) from None


def _as_narwhals(frame: Any, expected: str) -> Any:
    import narwhals

    try:
        return narwhals.from_native(frame, eager_only=True)
    except TypeError:
        pass
    try:
        if hasattr(frame, "__arrow_c_stream__"):
            return narwhals.from_arrow(frame, backend="pyarrow")
    except ModuleNotFoundError:
        raise DependencyError(
            "columns of Arrow need pyarrow, which is not installed; pip install 'embedkit[parquet]'"
        ) from None
    except (TypeError, ValueError):  # a series offers its single column in the same way
        pass
    raise InputError(
        f"expected {expected} (of pandas, polars, pyarrow or with __arrow_c_stream__; a lazy one must be "
        f"collected first), got {type(frame).__name__}"
    )
