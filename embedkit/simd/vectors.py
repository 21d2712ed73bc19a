"""`Vector`: sixteen floats that kernels calculate with by operators, and arrays of such vectors.

Multiplications and additions may be joined to one with one rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llvmlite import ir

from embedkit.simd.intrinsics import INDEX
from embedkit.simd.lanes import Lanes

FLAGS = ("contract",)


@dataclass(frozen=True)
class Vector:
    """Sixteen floats: a value of LLVM, and where operations on it are emitted."""

    lanes: Lanes
    value: ir.Value

    def __add__(self, other: Vector | float) -> Vector:
        return Vector(self.lanes, self.lanes.builder.fadd(self.value, self._value(other), flags=FLAGS))

    def __sub__(self, other: Vector | float) -> Vector:
        return Vector(self.lanes, self.lanes.builder.fsub(self.value, self._value(other), flags=FLAGS))

    def __rsub__(self, other: float) -> Vector:
        return Vector(self.lanes, self.lanes.builder.fsub(self._value(other), self.value, flags=FLAGS))

    def __mul__(self, other: Vector | float) -> Vector:
        return Vector(self.lanes, self.lanes.builder.fmul(self.value, self._value(other), flags=FLAGS))

    def __truediv__(self, other: Vector | float) -> Vector:
        return Vector(self.lanes, self.lanes.builder.fdiv(self.value, self._value(other)))

    def within(self, limit: float) -> Vector:
        """Limited to [-limit, limit]; NaN stays NaN."""
        builder, value = self.lanes.builder, self.value
        for sign, relation in ((1, "<"), (-1, ">")):
            bound = self.lanes.constant(sign * limit)
            value = builder.select(builder.fcmp_ordered(relation, bound, value), bound, value)
        return Vector(self.lanes, value)

    def polynomial(self, coefficients: Sequence[float]) -> Vector:
        """A polynomial of it, the coefficient of the highest power first."""
        value = self.lanes.constant(coefficients[0])
        for coefficient in coefficients[1:]:
            value = self.lanes.fma(value, self.value, self.lanes.constant(coefficient))
        return Vector(self.lanes, value)

    def _value(self, other: Vector | float) -> ir.Value:
        return other.value if isinstance(other, Vector) else self.lanes.constant(other)


@dataclass(frozen=True)
class VectorArray:
    """A flat array of floats, read and written sixteen at a time from offset `first` on.

    Entry i begins `distance` floats after entry i - 1.
    """

    lanes: Lanes
    array: ir.Value
    first: ir.Value
    distance: ir.Value | None = None

    def __getitem__(self, number: int) -> Vector:
        return Vector(self.lanes, self.lanes.load(self.array, self._place(number), align=4))

    def __setitem__(self, number: int, vector: Vector) -> None:
        self.lanes.store(vector.value, self.array, self._place(number), align=4)

    def _place(self, number: int) -> ir.Value:
        if not number:
            return self.first
        builder = self.lanes.builder
        return builder.add(self.first, builder.mul(self.distance, INDEX(number)))
