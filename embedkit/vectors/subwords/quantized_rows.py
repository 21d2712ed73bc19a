"""Rows of a table as codes of product quantization, decoded when they are used; fastText's .ftz holds such.

A row is cut into parts of a few dimensions, of which the last may have fewer. Of each part the number of the
nearest of 256 centroids is kept (Jégou, Douze and Schmid, 2011), of the length of the row one of 256 more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bytes1d, Bytes2d, Floats1d, Floats2d, Longs1d
from embedkit.vectors.subwords.subwords import RowChange

CENTROIDS = 256  # of each part
BLOCK = 1 << 14  # rows that are changed at once


@dataclass(frozen=True, eq=False, repr=False)
class QuantizedRows:
    """A table (B, D) of float32 that takes a byte for each part of a row.

    Attributes:
        codes: the number of a centroid for each of P parts, (B, P).
        centroids: those of the first part, row by row, then those of the second, and so on, (256 * D,).
        part_size: the dimensions of all parts but perhaps the last.
        norm_codes: the number of the length of each row, (B,); None if rows are not scaled.
        norms: the lengths, (256,).

    Example:
        >>> rows = QuantizedRows(np.zeros((2, 1), np.uint8), np.arange(512, dtype=np.float32), 2)
        >>> rows.shape, rows[np.array([1])].tolist()
        ((2, 2), [[0.0, 1.0]])
    """

    codes: Bytes2d
    centroids: Floats1d
    part_size: int
    norm_codes: Bytes1d | None = None
    norms: Floats1d | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of rows and of dimensions."""
        return len(self.codes), len(self.centroids) // CENTROIDS

    def __repr__(self) -> str:
        rows, size = self.shape
        return f"{type(self).__name__}({rows} x {size})"

    def __len__(self) -> int:
        return len(self.codes)

    def part(self, rows: slice) -> QuantizedRows:
        """Some of the rows, not decoded."""
        codes = None if self.norm_codes is None else self.norm_codes[rows]
        return replace(self, codes=self.codes[rows], norm_codes=codes)

    def __getitem__(self, ids: Longs1d | slice) -> Floats2d:
        """The rows of these numbers, decoded."""
        codes, size = self.codes[ids], self.shape[1]
        rows = np.empty((len(codes), size), np.float32)
        for part, start in enumerate(range(0, size, self.part_size)):
            stop = min(start + self.part_size, size)
            rows[:, start:stop] = self.centroids_of(start, stop)[codes[:, part]]
        if self.norm_codes is not None and self.norms is not None:
            rows *= self.norms[self.norm_codes[ids]][:, None]
        return rows

    def centroids_of(self, start: int, stop: int) -> Floats2d:
        """The centroids of the dimensions from `start` to `stop`, (256, size of the part)."""
        part: Floats2d = self.centroids[start * CENTROIDS : stop * CENTROIDS].reshape(CENTROIDS, -1)
        return part


RowTable = Floats2d | QuantizedRows  # rows (B, D) as numbers, or as codes that are decoded when they are used


def part_of(table: RowTable, rows: slice) -> RowTable:
    """Some rows of a table, which stay where and as they are."""
    return table.part(rows) if isinstance(table, QuantizedRows) else table[rows]


def mapped_table(table: RowTable, change: RowChange, size: int) -> Floats2d:
    """What `change` makes of each row, float32 (B, size).

    Example:
        >>> mapped_table(np.array([[1, 2], [3, 4]], np.float32), lambda rows: rows[:, :1] + 0.5, 1).tolist()
        [[1.5], [3.5]]
    """
    made = np.empty((len(table), size), np.float32)
    with np.errstate(over="ignore"):  # infinity is refused where it becomes part of a vector
        for start in range(0, len(table), BLOCK):
            rows = slice(start, min(start + BLOCK, len(table)))
            made[rows] = change(table[rows].astype(np.float64))
    return made


def table_arrays(table: RowTable) -> dict[str, NDArray[Any]]:
    """The arrays of a table, by the names under which files hold them."""
    if not isinstance(table, QuantizedRows):
        return {"rows": table}
    arrays: dict[str, NDArray[Any]] = {"codes": table.codes, "centroids": table.centroids}
    arrays["part_size"] = np.array([table.part_size])
    if table.norm_codes is not None and table.norms is not None:
        arrays |= {"norm_codes": table.norm_codes, "norms": table.norms}
    return arrays
