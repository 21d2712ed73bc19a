"""Numbers read and written at addresses, for loops that call functions: arrays as arguments are counted.

numba counts the references to each array that a function is given, also where it is inlined, which costs more
than a short loop over bytes. An address is `array.ctypes.data` of an array that the caller keeps; nothing is
checked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from embedkit.simd.intrinsics import INDEX, emits

Read = Callable[[int, int], int]  # of an address and an index


def _reading(bits: int, *, signed: bool) -> Any:
    """An intrinsic that reads a number of so many bits as one of 64."""

    def emit(builder: ir.IRBuilder, address: ir.Value, index: ir.Value) -> ir.Value:
        place = builder.add(address, builder.mul(index, INDEX(bits // 8)))
        value = builder.load(builder.inttoptr(place, ir.IntType(bits).as_pointer()))
        if bits == INDEX.width:
            return value
        return builder.sext(value, INDEX) if signed else builder.zext(value, INDEX)

    @intrinsic
    def read(typing: Any, address: Any, index: Any) -> Any:
        unsigned = bits == INDEX.width and not signed
        return emits((types.uint64 if unsigned else types.int64)(types.intp, types.intp), emit)

    return read


byte_at = cast(Read, _reading(8, signed=False))  # of an array of uint8
uint16_at = cast(Read, _reading(16, signed=False))
int32_at = cast(Read, _reading(32, signed=True))
int64_at = cast(Read, _reading(64, signed=True))
uint64_at = cast(Callable[[int, int], np.uint64], _reading(64, signed=False))


@intrinsic
def _put_byte(typing: Any, address: Any, index: Any, value: Any) -> Any:
    def emit(builder: ir.IRBuilder, address: ir.Value, index: ir.Value, value: ir.Value) -> None:
        place = builder.inttoptr(builder.add(address, index), ir.IntType(8).as_pointer())
        builder.store(builder.trunc(value, ir.IntType(8)), place)

    return emits(types.void(types.intp, types.intp, types.int64), emit)


put_byte = cast(
    Callable[[int, int, int], None], _put_byte
)  # the lowest byte of a number, to an array of uint8
