"""Intrinsics: functions written in LLVM IR that compiled kernels call.

`emits` wraps what writes a function's IR; `prefetch_to_read` and `prefetch_to_write` ask for cache lines
ahead of their use. They are asked for in the second-level cache: all rows that are on the way do not fit into
the first, where long ones would drive each other out. x86 has no such request for lines to be written to.
"""

# mypy: disable-error-code="call-arg"
# An intrinsic is declared with a typing context that its callers do not pass.

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from embedkit.simd.lanes import LANES, declare, is_bfloat16
from embedkit.simd.target import is_x86

INDEX = ir.IntType(64)
MAX_LINES = 512  # asked for at once: more do not fit into the first-level cache
_READ, _WRITE = 0, 0 if is_x86() else 1  # what a cache line is asked for
_SECOND_LEVEL, _DATA = 2, 1  # locality and kind of cache of llvm.prefetch


def _arrays(
    context: Any, builder: ir.IRBuilder, signature: Any, arguments: tuple[ir.Value, ...]
) -> list[ir.Value]:
    """The arguments, with each array replaced by the pointer to its data."""
    return [
        context.make_array(kind)(context, builder, value).data if isinstance(kind, types.Array) else value
        for kind, value in zip(signature.args, arguments, strict=True)
    ]


def emits(signature: Any, emit: Callable[..., ir.Value | None]) -> tuple[Any, Callable[..., ir.Value]]:
    """What an `intrinsic` returns, of `emit(builder, *arguments)` that writes a function and its result."""

    def generate(
        context: Any, builder: ir.IRBuilder, signature: Any, arguments: tuple[ir.Value, ...]
    ) -> ir.Value:
        result = emit(builder, *_arrays(context, builder, signature, arguments))
        return context.get_dummy_value() if result is None else result

    return signature, generate


def read(builder: ir.IRBuilder, array: ir.Value, index: ir.Value) -> ir.Value:
    """`array[index]`, for an array given by the pointer to its data."""
    return builder.load(builder.gep(array, [index]))


@intrinsic(prefer_literal=True)
def prefetch_to_read(typing: Any, array: Any, offset: Any, vectors: Any) -> Any:
    """Ask for `vectors` times 16 floats of a flat array from `offset` on, to be read soon."""
    return emits(types.void(array, types.intp, vectors), _prefetch(_READ, vectors.literal_value))


@intrinsic(prefer_literal=True)
def prefetch_to_write(typing: Any, array: Any, offset: Any, vectors: Any) -> Any:
    """Ask for `vectors` times 16 floats of a flat array from `offset` on, to be written soon."""
    return emits(types.void(array, types.intp, vectors), _prefetch(_WRITE, vectors.literal_value))


def _prefetch(purpose: int, vectors: int) -> Callable[..., None]:
    """What emits `llvm.prefetch` for the cache lines of `vectors`, or of the first `MAX_LINES` of them.

    A line holds one vector of floats, or two of bfloat16.
    """

    def emit(builder: ir.IRBuilder, array: ir.Value, offset: ir.Value, _: ir.Value) -> None:
        integer, pointer = ir.IntType(32), ir.IntType(8).as_pointer()
        signature = ir.FunctionType(ir.VoidType(), [pointer, integer, integer, integer])
        function = declare(builder.module, "llvm.prefetch.p0", signature)
        options = [integer(purpose), integer(_SECOND_LEVEL), integer(_DATA)]
        step = 2 if is_bfloat16(array) else 1
        for vector in range(0, min(vectors, MAX_LINES), step):
            line = builder.gep(array, [builder.add(offset, INDEX(vector * LANES))])
            builder.call(function, [builder.bitcast(line, pointer), *options])

    return emit
