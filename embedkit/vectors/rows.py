"""`StoredRows`: the rows of a matrix, kept as float32, float16 or int8, and as float32 on demand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d, Longs1d
from embedkit.container.half_floats import from_half
from embedkit.container.quantization import dequantize, quantize
from embedkit.errors import InputError
from embedkit.immutable import Immutable
from embedkit.vectors.norms import blocks, frozen, row_norms

RowType = Literal["float32", "float16", "int8"]
ROW_TYPES: tuple[RowType, ...] = get_args(RowType)


@dataclass(frozen=True, eq=False)
class StoredRows(Immutable):
    """The rows of a matrix (V, D); their arrays are made read-only.

    Args:
        values: float32 or float16 (V, D), the rows themselves; or int8 (V, D), a row divided by its scale.
        scales: float32 (V,) for int8 rows, else None.
        written_norms: the length of each row, float32 (V,), as a file tells them; None to compute them.

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
    written_norms: Floats1d | None = None

    def __post_init__(self) -> None:
        for part in (self.values, self.scales, self.written_norms):
            if part is not None:
                frozen(part)
        kind, shape = self.values.dtype, self.values.shape
        scales = None if self.scales is None else self.scales.shape
        if kind.name not in ROW_TYPES or len(shape) != 2:
            raise InputError(f"expected a matrix of {', '.join(ROW_TYPES)}, got {kind} of shape {shape}")
        if scales != (shape[:1] if kind == np.int8 else None):
            raise InputError(f"expected a scale for each row of int8 and none else, got {scales} for {kind}")

    @classmethod
    def of(cls, matrix: Floats2d, dtype: RowType) -> Self:
        """The rows of a finite float32 matrix (V, D), see `astype`."""
        return cls(matrix).astype(dtype)

    def astype(self, dtype: RowType) -> Self:
        """The same rows of finite numbers kept in another type, which may hold them only approximately.

        float16 is off by at most 2**-11 of a number, or 2**-25 of numbers below 2**-14; int8 by at most half
        the scale of a row, which is max|row| / 127.

        Raises:
            InputError: a number is too large for float16, or there is no such type.
        """
        check_row_type(dtype)
        if dtype == self.dtype:
            return self
        values = np.empty(self.values.shape, dtype)
        scales = np.empty(len(self), np.float32) if dtype == "int8" else None
        for block in blocks(len(self)):
            rows = self.block(block)
            if scales is None:
                values[block] = rows if dtype == "float32" else _halves(rows)
            else:
                values[block], scales[block] = quantize(rows)
        return type(self)(values, scales)

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
        """The length of each row, float32 (V,), read-only, as it is written or else computed."""
        return self.computed_norms() if self.written_norms is None else self.written_norms

    def computed_norms(self) -> Floats1d:
        """The length of each row, float32 (V,), read-only; NaN or infinity for a row that holds such."""
        if self.dtype == "float32":
            return frozen(row_norms(self.values))
        norms = np.empty(len(self), np.float32)
        for block in blocks(len(self)):
            norms[block] = row_norms(self.block(block))
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

    def take(self, ids: Longs1d) -> Floats2d:
        """The rows of these numbers, float32 (n, D), in their order."""
        return self._rows(ids)

    def first(self, count: int) -> StoredRows:
        """The first so many rows, not copied; norms that are known here are known there."""
        norms = self.norms if "norms" in vars(self) else self.written_norms
        first = (None if part is None else part[:count] for part in (self.scales, norms))
        return StoredRows(self.values[:count], *first)

    def select(self, ids: Longs1d) -> StoredRows:
        """The rows of these numbers, in their order, copied as they are kept."""
        return StoredRows(self.values[ids], None if self.scales is None else self.scales[ids])

    def block(self, rows: slice) -> Floats2d:
        """Consecutive rows, float32 (n, D): a view where they are kept so, else converted."""
        return self._rows(rows)

    def numbers(self, rows: slice | Longs1d) -> Floats2d:
        """The kept numbers of some rows, float32 (n, D): of int8 rows before they are scaled."""
        values = self.values[rows]
        return from_half(values) if values.dtype == np.float16 else values.astype(np.float32, copy=False)

    def _rows(self, rows: slice | Longs1d) -> Floats2d:
        if self.scales is None:
            return self.numbers(rows)
        with np.errstate(over="ignore"):  # of a damaged scale, whose row is found not to be finite
            return dequantize(self.values[rows], self.scales[rows])


def check_row_type(dtype: str) -> None:
    """Raise `InputError` unless `dtype` is one of `ROW_TYPES`."""
    if dtype not in ROW_TYPES:
        raise InputError(f"expected one of the types {', '.join(ROW_TYPES)}, got {dtype!r}")


class NotFiniteError(InputError):
    """A search met a row that holds NaN or infinity, as a row of a damaged file may."""


def check_scores(scores: Floats1d, rows: slice | Longs1d) -> None:
    """Raise `NotFiniteError` unless the products (n,) of `rows` with some vector are finite."""
    bad = np.flatnonzero(~np.isfinite(scores))
    if len(bad):
        number = rows.start + bad[0] if isinstance(rows, slice) else rows[bad[0]]
        raise NotFiniteError(f"expected finite vectors, got NaN or infinity in row {number}")


def _halves(rows: Floats2d) -> NDArray[np.float16]:
    """The rows in float16; `InputError` for numbers that are too large for it."""
    with np.errstate(over="ignore"):
        halves = rows.astype(np.float16)
    if np.isinf(halves).any():
        limit = np.finfo(np.float16).max
        raise InputError(f"expected numbers of at most {limit:g} for float16, got {abs(rows).max():g}")
    return halves
