"""Sixteen units of a step of any cell, forward and back, as what compiled functions call."""

# mypy: disable-error-code="call-arg"
# An intrinsic is declared with a typing context that its callers do not pass.

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from embedkit.neural.kernels import gru_cell, lstm_cell, simple_rnn_cell
from embedkit.simd.intrinsics import INDEX, emits
from embedkit.simd.lanes import Lanes
from embedkit.simd.vectors import Vector, VectorArray

CELL_STEPS = {"lstm": lstm_cell, "gru": gru_cell, "rnn": simple_rnn_cell}


@intrinsic
def step_units(
    typing: Any, kept: Any, first: Any, part: Any, memory: Any, state: Any, at: Any, gates: Any
) -> Any:
    """Compute sixteen units of a token kept from offset `first` on, of a text from `at` on."""

    def emit(builder: ir.IRBuilder, *arguments: ir.Value) -> None:
        lanes, (kept, first, part, memory, state, at, gates) = Lanes(builder), arguments
        for cell in _each_cell(builder, gates):
            cell.step(
                VectorArray(lanes, kept, first, part),
                VectorArray(lanes, memory, at),
                VectorArray(lanes, state, at),
            )

    whole = types.intp
    return emits(types.void(kept, whole, whole, memory, state, whole, whole), emit)


@intrinsic
def step_units_back(
    typing: Any, kept: Any, first: Any, part: Any, before: Any, before_at: Any, of_gates: Any, to: Any,
    of_memory: Any, of_state: Any, at: Any, gates: Any,
) -> Any:  # fmt: skip
    """Compute the gradients of sixteen units of a token; that of the state is used up."""

    def emit(builder: ir.IRBuilder, *arguments: ir.Value) -> None:
        kept, first, part, before, before_at, of_gates, to, of_memory, of_state, at, gates = arguments
        lanes = Lanes(builder)
        out = VectorArray(lanes, of_state, at)
        for cell in _each_cell(builder, gates):
            cell.step_back(
                VectorArray(lanes, kept, first, part),
                VectorArray(lanes, before, before_at),
                VectorArray(lanes, of_gates, to, part),
                VectorArray(lanes, of_memory, at),
                out[0],
            )
        out[0] = Vector(lanes, lanes.constant(0))

    whole = types.intp
    signature = types.void(
        kept, whole, whole, before, whole, of_gates, whole, of_memory, of_state, whole, whole
    )
    return emits(signature, emit)


@intrinsic
def step_peephole_units(
    typing: Any, kept: Any, first: Any, part: Any, memory: Any, state: Any, at: Any, peepholes: Any, unit: Any
) -> Any:
    """As `step_units`, of an LSTM with peepholes, which are read from `unit` on, a part apart."""

    def emit(builder: ir.IRBuilder, *arguments: ir.Value) -> None:
        lanes, (kept, first, part, memory, state, at, peepholes, unit) = Lanes(builder), arguments
        lstm_cell.step(
            VectorArray(lanes, kept, first, part),
            VectorArray(lanes, memory, at),
            VectorArray(lanes, state, at),
            VectorArray(lanes, peepholes, unit, part),
        )

    whole = types.intp
    return emits(types.void(kept, whole, whole, memory, state, whole, peepholes, whole), emit)


@intrinsic
def step_peephole_units_back(
    typing: Any, kept: Any, first: Any, part: Any, before: Any, before_at: Any, of_gates: Any, to: Any,
    of_memory: Any, of_state: Any, at: Any, peepholes: Any, unit: Any,
) -> Any:  # fmt: skip
    """As `step_units_back`, of an LSTM with peepholes."""

    def emit(builder: ir.IRBuilder, *arguments: ir.Value) -> None:
        kept, first, part, before, before_at, of_gates, to, of_memory, of_state, at, *more = arguments
        lanes, (peepholes, unit) = Lanes(builder), more
        out = VectorArray(lanes, of_state, at)
        lstm_cell.step_back(
            VectorArray(lanes, kept, first, part),
            VectorArray(lanes, before, before_at),
            VectorArray(lanes, of_gates, to, part),
            VectorArray(lanes, of_memory, at),
            out[0],
            VectorArray(lanes, peepholes, unit, part),
        )
        out[0] = Vector(lanes, lanes.constant(0))

    whole = types.intp
    signature = types.void(
        kept, whole, whole, before, whole, of_gates, whole, of_memory, of_state, whole, peepholes, whole
    )
    return emits(signature, emit)


def _each_cell(builder: ir.IRBuilder, gates: ir.Value) -> Iterator[Any]:
    """The cells in turn; what is emitted before the next runs if the cell has so many gates."""
    for cell in CELL_STEPS.values():
        with builder.if_then(builder.icmp_signed("==", gates, INDEX(cell.GATES))):
            yield cell
