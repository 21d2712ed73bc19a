"""`StoredRows`: the rows of a matrix, kept as float32, float16 or int8, and as float32 on demand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d, Longs1d
from embedkit.container.quantization import dequantize, quantize
from embedkit.errors import InputError
from embedkit.immutable import Immutable
from embedkit.vectors.norms import BLOCK, frozen, row_norms

RowType = Literal["float32", "float16", "int8"]
ROW_TYPES: tuple[RowType, ...] = get_args(RowType)


@dataclass(frozen=True, eq=False)
class StoredRows(Immutable):
    """The rows of a matrix (V, D), which nobody writes to once they are here.

    Args:
        values: float32 or float16 (V, D), the rows themselves; or int8 (V, D), a row divided by its scale.
        scales: float32 (V,) for int8 rows, else None.

    Raises:
        InputError: another type or shape.

    Example:
        >>> rows = StoredRows.of(np.array([[3, 4], [0, 0]], np.float32), "float16")
        >>> rows.dtype, len(rows), rows.vector_size, rows.norms.tolist()
        ('float16', 2, 2, [5.0, 0.0])
        >>> rows.take(np.array([1, 0])).tolist()
        [[0.0, 0.0], [3.0, 4.0]]
    """

    values: NDArray[Any]
    scales: Floats1d | None = None

    def __post_init__(self) -> None:
        kind, shape = self.values.dtype, self.values.shape
        scales = None if self.scales is None else self.scales.shape
        if kind.name not in ROW_TYPES or len(shape) != 2:
            raise InputError(f"expected a matrix of {', '.join(ROW_TYPES)}, got {kind} of shape {shape}")
        if scales != (shape[:1] if kind == np.int8 else None):
            raise InputError(f"expected a scale for each row of int8 and none else, got {scales} for {kind}")

    @classmethod
    def of(cls, matrix: Floats2d, dtype: RowType) -> Self:
        """The rows of a finite float32 matrix (V, D), which float16 and int8 can hold only approximately.

        Raises:
            InputError: a number is too large for float16.
        """
        if dtype == "float32":
            return cls(matrix)
        if dtype == "int8":
            quantized, scales = quantize(matrix)
            return cls(frozen(quantized), frozen(scales))
        with np.errstate(over="ignore"):
            halves = matrix.astype(np.float16)
        if np.isinf(halves).any():
            limit = np.finfo(np.float16).max
            raise InputError(f"expected numbers of at most {limit:g} for float16, got {abs(matrix).max():g}")
        return cls(frozen(halves))

    def __len__(self) -> int:
        return len(self.values)

    @property
    def vector_size(self) -> int:
        """The number of dimensions D."""
        return int(self.values.shape[1])

    @property
    def dtype(self) -> RowType:
        """How numbers are kept."""
        name: RowType = self.values.dtype.name  # type: ignore[assignment]
        return name

    @cached_property
    def norms(self) -> Floats1d:
        """The length of each row, float32 (V,), read-only; NaN or infinity for a row that holds such."""
        if self.dtype == "float32":
            return frozen(row_norms(self.values))
        norms = np.empty(len(self), np.float32)
        for start in range(0, len(self), BLOCK):
            norms[start : start + BLOCK] = row_norms(self.block(slice(start, start + BLOCK)))
        return frozen(norms)

    @cached_property
    def factors(self) -> Floats1d:
        """What makes cosines of the products of the kept numbers with a unit vector, float32 (V,), read-only.

        It is 1 / norm, of int8 rows scale / norm, and 0 of a zero row.
        """
        factors = np.zeros(len(self), np.float32)
        with np.errstate(over="ignore"):
            np.divide(
                1 if self.scales is None else self.scales, self.norms, out=factors, where=self.norms > 0
            )
        return frozen(np.minimum(factors, np.finfo(np.float32).max))

    def select(self, ids: Longs1d) -> StoredRows:
        """A copy of the rows of these numbers, in their order, kept as they are here."""
        return StoredRows(self.values[ids], None if self.scales is None else self.scales[ids])

    def take(self, ids: Longs1d) -> Floats2d:
        """The rows of these numbers, float32 (n, D), in their order."""
        return self._as_floats(self.values[ids], None if self.scales is None else self.scales[ids])

    def first(self, count: int) -> StoredRows:
        """The first so many rows, not copied; norms that are known here are known there."""
        first = StoredRows(self.values[:count], None if self.scales is None else self.scales[:count])
        if "norms" in vars(self):
            vars(first)["norms"] = self.norms[:count]
        return first

    def block(self, rows: slice) -> Floats2d:
        """Consecutive rows, float32 (n, D): a view where they are kept so, else converted."""
        return self._as_floats(self.values[rows], None if self.scales is None else self.scales[rows])

    @staticmethod
    def _as_floats(values: NDArray[Any], scales: Floats1d | None) -> Floats2d:
        return values.astype(np.float32, copy=False) if scales is None else dequantize(values, scales)
