"""What travels between machines that train in rounds: rows with their numbers, as they are or in 16 bits.

In 16 bits travel not rows but their changes, which lose little by it, rounded at random so that the mean is
exact. Whoever packs a row goes on with what all others get, so that all have the same numbers. Rounding needs
no memory, unlike errors that are carried over to the next round (Seide et al. 2014): these are a copy of the
model for each worker of a round, which would move with the worker and be lost with its machine.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d, Ints1d, Longs1d

WireType = Literal["float32", "float16", "bfloat16"]
WIRE_TYPES: tuple[WireType, ...] = ("float32", "float16", "bfloat16")
NO_CHANGERS = np.empty(0, np.uint16)


class TravelingRows(NamedTuple):
    """Rows of a matrix: their numbers, (n,), and their values or, on a wire of 16 bits, changes, (n, D).

    `changers`, (n,), says how many workers of a group have changed each; it is empty without groups.
    """

    numbers: Ints1d
    values: NDArray[Any]
    changers: NDArray[np.uint16] = NO_CHANGERS

    @property
    def nbytes(self) -> int:
        """Bytes that travel."""
        return self.numbers.nbytes + self.values.nbytes + self.changers.nbytes


class Wire:
    """How rows of a matrix travel.

    Args:
        kind: of the numbers: float32 for rows as they are, whatever they are made of.
        size: numbers of a row without its padding.

    Example:
        >>> from embedkit.training.rounds.wire import Wire
        >>> here, there = np.zeros((3, 4), np.float32), np.zeros((3, 4), np.float32)
        >>> changed = np.array([[0, 1, 2, 0], [0.1, 0, 0, 0]], np.float32)
        >>> wire, numbers = Wire("bfloat16", size=3), np.array([0, 2], np.int32)
        >>> rows = wire.packed(numbers, changed, np.arange(2), here, numbers)
        >>> wire.unpack(rows, there, numbers, there, numbers)
        >>> there[0].tolist(), (changed == there[[0, 2]]).all().item(), rows.nbytes
        ([0.0, 1.0, 2.0, 0.0], True, 20)
    """

    def __init__(self, kind: WireType, size: int) -> None:
        self._is_exact, self._half, self._size = kind == "float32", kind == "float16", size

    def packed(
        self, numbers: Ints1d, made: Floats2d, made_rows: Longs1d | Ints1d, base: Floats2d,
        base_rows: Longs1d | Ints1d,
    ) -> TravelingRows:  # fmt: skip
        """The rows with these numbers, rows of `made` that were rows of `base`.

        On a wire of 16 bits those of `made` become what is unpacked elsewhere.
        """
        from embedkit.training.kernels.wire_rows import copy_rows, pack_changes

        packed = np.empty((len(numbers), self._size), made.dtype if self._is_exact else np.uint16)
        if self._is_exact:
            copy_rows(made, _longs(made_rows), packed, np.arange(len(numbers)))
        else:
            pack_changes(made, _longs(made_rows), base, _longs(base_rows), numbers, self._half, packed)
        return TravelingRows(numbers, packed)

    def unpack(
        self, rows: TravelingRows, base: Floats2d, base_rows: Longs1d | Ints1d, made: Floats2d,
        made_rows: Longs1d | Ints1d,
    ) -> None:  # fmt: skip
        """Write what was packed to rows of `made`, where `base` has the rows as they were."""
        from embedkit.training.kernels.wire_rows import copy_rows, unpack_changes

        if self._is_exact:
            copy_rows(rows.values, np.arange(len(rows.values)), made, _longs(made_rows))
        else:
            unpack_changes(rows.values, self._half, base, _longs(base_rows), made, _longs(made_rows))


def _longs(rows: Longs1d | Ints1d) -> Longs1d:
    """Numbers of rows as the kernels take them."""
    return rows.astype(np.int64, copy=False)
