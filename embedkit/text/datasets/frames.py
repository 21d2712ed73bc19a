"""Data frames as tables of labeled texts."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np

from embedkit.errors import InputError
from embedkit.frames import read_frame
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.datasets.tables import SAMPLE, DataTable

NAME = "the data frame"


def frame_table(frame: Any, skip_bad_rows: bool = False) -> DataTable:
    """The rows of a data frame, counted from 1; those that hold no text or label may be left out.

    Raises:
        InputError: something else, a lazy frame, or one without rows.
        DependencyError: columns of Arrow without pyarrow.
    """
    data = read_frame(frame, "a path or a data frame")
    rows = ((number, [*map(_plain, cells)]) for number, cells in enumerate(data.iter_rows(), 1))
    sample = list(islice(rows, SAMPLE))
    if not sample:
        raise InputError(f"{NAME}: expected rows, got none")
    return DataTable(NAME, tuple(map(str, data.columns)), sample, rows, BadRows(NAME, skip_bad_rows))


def _plain(cell: Any) -> Any:
    """A cell as Python has it: numpy's scalars as theirs, arrays and sets as lists."""
    if isinstance(cell, np.generic | np.ndarray):
        return cell.tolist()
    return sorted(cell, key=str) if isinstance(cell, set | frozenset) else cell
