"""Parquet files as rows of a table, or a column of one alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from embedkit.errors import DependencyError, FormatError, InputError

COLUMN_BATCH = 1 << 14  # texts in memory at once


def parquet_rows(
    file: Path | IO[bytes], name: str, batch: int
) -> tuple[tuple[str, ...], Iterator[tuple[int, list[Any]]]]:
    """The columns and the rows, counted from 1 and read in batches, of a parquet file called `name`."""
    opened = _opened(file, name)
    rows = (list(cells) for part in _batches(opened, name, batch, None) for cells in zip(*part, strict=True))
    return tuple(opened.schema_arrow.names), enumerate(rows, 1)


def parquet_column(file: Path | IO[bytes], name: str, place: int) -> Iterator[list[Any]]:
    """The cells of column number `place` in batches; other columns are not read, if their names differ."""
    opened = _opened(file, name)
    names = opened.schema_arrow.names
    alone = names.count(names[place]) == 1 and not any(
        other.startswith(f"{names[place]}.") for other in names
    )
    columns = [names[place]] if alone else None
    for part in _batches(opened, name, COLUMN_BATCH, columns):
        yield part[0 if alone else place]


def _opened(file: Path | IO[bytes], name: str) -> Any:
    """The file as pyarrow's `ParquetFile`."""
    try:
        if isinstance(file, Path):
            with file.open("rb"):
                pass
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror}") from None
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise DependencyError(
            "parquet files need pyarrow, which is not installed; pip install 'embedkit[parquet]'"
        ) from error
    try:
        return ParquetFile(file)
    except (ArrowException, OSError, ValueError) as error:
        raise FormatError(f"{name}: expected a parquet file: {error}") from None


def _batches(file: Any, name: str, batch: int, columns: list[str] | None) -> Iterator[list[list[Any]]]:
    """The columns with these names, or all, in parts of so many rows."""
    from pyarrow import ArrowException

    read = 0
    try:
        for part in file.iter_batches(batch, columns=columns):
            yield [column.to_pylist() for column in part.columns]
            read += part.num_rows
    except (ArrowException, OSError, ValueError) as error:  # UnicodeDecodeError is a ValueError
        raise FormatError(f"{name}: damaged after row {read}: {error}") from None
