"""Parquet files as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from embedkit.errors import DependencyError, FormatError, InputError
from embedkit.files import check_regular


def parquet_rows(path: Path, batch: int) -> tuple[tuple[str, ...], Iterator[tuple[int, list[Any]]]]:
    """The columns and the rows, counted from 1 and read in batches, of a parquet file."""
    check_regular(path)
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise DependencyError(
            "parquet files need pyarrow, which is not installed; pip install 'embedkit[parquet]'"
        ) from error
    damage = (ArrowException, OSError, ValueError)  # UnicodeDecodeError is a ValueError
    try:
        file = ParquetFile(path)
        columns = tuple(file.schema_arrow.names)
    except damage as error:
        raise FormatError(f"{path}: expected a parquet file: {error}") from None

    def rows() -> Iterator[tuple[int, list[Any]]]:
        read = 0
        try:
            for part in file.iter_batches(batch):
                for cells in zip(*(column.to_pylist() for column in part.columns), strict=True):
                    read += 1
                    yield read, list(cells)
        except damage as error:
            raise FormatError(f"{path}: damaged after row {read}: {error}") from None

    return columns, rows()
