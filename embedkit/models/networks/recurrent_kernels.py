"""Compiled kernels that train recurrent layers on a CPU: the walk over the texts of a chunk, and back.

A cell says what becomes of sixteen units of a token; everything else is the same for all cells. See
`embedkit.models.networks.recurrent_steps` for what is kept of a token.
"""

# mypy: disable-error-code="call-arg"
# An intrinsic is declared with a typing context that its callers do not pass.

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from embedkit.models.networks import gru_cell, lstm_cell, recurrent_steps, simple_rnn_cell
from embedkit.models.networks.recurrent_steps import (
    SPAN,
    add_upstream,
    add_weights,
    begin_step,
    end_step,
    write_states,
)
from embedkit.simd import activations, lanes, products, vectors
from embedkit.simd.compiling import code_version, compiled
from embedkit.simd.intrinsics import INDEX, emits
from embedkit.simd.lanes import LANES, Lanes
from embedkit.simd.products import FIRST
from embedkit.simd.vectors import Vector, VectorArray

CELLS = {"lstm": lstm_cell, "gru": gru_cell, "rnn": simple_rnn_cell}
CODE = code_version(*CELLS.values(), recurrent_steps, activations, products, vectors, lanes)


@cache
def walk() -> Any:
    """Compile the walk of all cells; compiled code is kept on disk for later processes."""
    code = CODE

    @compiled(nogil=True)
    def walk(
        gates: int, rows: Any, places: Any, texts: Any, counts: Any, kernel: Any, bias: Any, masks: Any,
        side: int, states: Any, kept: Any,
    ) -> None:  # fmt: skip
        """Read texts in a direction.

        Args:
            gates: of the cell.
            rows: float32 (m, directions * gates * units), what kernel and bias make of a word.
            places: int32 (n, T), the row of each token.
            texts: int64 (k,), which are read, in order of falling length.
            counts: int64 (S,), how many of them have a token at each step, in the order of reading.
            kernel: the recurrent one (units, gates * part): `part` is units filled up to whole vectors.
            bias: recurrent, (gates * units,), or (0,) of a cell without.
            masks: what dropout multiplies the states before with, (n, units), or (0, units).
            side: 0 forward, 1 backward.
            states: float32 (n, T, directions * units), written.
            kept: float32 (tokens, any), written.
        """
        code  # noqa: B018 - part of the key under which the compiled code is kept
        units, part, stride, steps = masks.shape[1], kernel.shape[1] // gates, kept.shape[1], len(counts)
        state, memory = np.zeros((len(texts), part), np.float32), np.zeros((len(texts), part), np.float32)
        flat, own, own_memory = kept.reshape(-1), state.reshape(-1), memory.reshape(-1)
        first = FIRST
        for number in range(steps):
            step, count = steps - 1 - number if side else number, counts[number]
            begin_step(rows, places, texts, step, side, kernel, bias, masks, state, kept, first, count)
            for i in range(count):
                for unit in range(0, part, LANES):
                    _step(flat, (first + i) * stride + unit, part, own_memory, own, i * part + unit, gates)
            write_states(states, texts, step, side, units, state, count)
            first += count

    return walk


@cache
def walk_back() -> Any:
    """Compile the way back of all cells; compiled code is kept on disk for later processes."""
    code = CODE

    @compiled(nogil=True)
    def walk_back(
        gates: int, upstream: Any, places: Any, texts: Any, counts: Any, transposed: Any, masks: Any,
        side: int, kept: Any, of_rows: Any, of_kernel: Any, of_bias: Any,
    ) -> None:  # fmt: skip
        """Add the gradients of one direction, given that of the states, (n, T, directions * units).

        `transposed` is the recurrent kernel the other way round, (gates * part, part). `of_kernel` is
        (part, gates * part), `of_bias` (gates * part,) or (0,), other arguments are as above.
        """
        code  # noqa: B018 - part of the key under which the compiled code is kept
        part, stride, steps = transposed.shape[1], kept.shape[1], len(counts)
        parts = gates + 1 if len(of_bias) else gates  # the last gate has two gradients then: see `end_step`
        state, memory = np.zeros((len(texts), part), np.float32), np.zeros((len(texts), part), np.float32)
        gradients = np.zeros((len(texts) + SPAN, parts * part), np.float32)
        nothing = np.zeros(part, np.float32)
        flat, found = kept.reshape(-1), gradients.reshape(-1)
        own, own_memory = state.reshape(-1), memory.reshape(-1)
        first, filled = len(kept), len(gradients)  # the gradients of tokens from `first` on begin at `filled`
        for number in range(steps - 1, -1, -1):
            step, count = steps - 1 - number if side else number, counts[number]
            if filled < count:
                add_weights(kept, gradients, filled, first, len(gradients) - filled, of_kernel, of_bias)
                filled = len(gradients)
            first, filled = first - count, filled - count
            remembered = counts[number - 1] if number else 0  # texts that were read before this step
            add_upstream(upstream, texts, step, side, masks.shape[1], state, count)
            for i in range(count):
                to, made = (filled + i) * parts * part, (first + i) * stride
                before, at = (
                    (flat, made - remembered * stride + gates * part) if i < remembered else (nothing, 0)
                )
                for unit in range(0, part, LANES):
                    _step_back(
                        flat, made + unit, part, before, at + unit, found, to + unit, own_memory, own,
                        i * part + unit, gates,
                    )  # fmt: skip
            end_step(places, texts, step, side, transposed, masks, gradients, filled, count, state, of_rows)
        add_weights(kept, gradients, filled, first, len(gradients) - filled, of_kernel, of_bias)

    return walk_back


@intrinsic
def _step(typing: Any, kept: Any, first: Any, part: Any, memory: Any, state: Any, at: Any, gates: Any) -> Any:
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
def _step_back(
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


def _each_cell(builder: ir.IRBuilder, gates: ir.Value) -> Iterator[Any]:
    """The cells in turn; what is emitted before the next runs if the cell has so many gates."""
    for cell in CELLS.values():
        with builder.if_then(builder.icmp_signed("==", gates, INDEX(cell.GATES))):
            yield cell
