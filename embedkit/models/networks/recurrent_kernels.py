"""Compiled kernels that train recurrent layers on a CPU: the walk over the texts of a chunk, and back.

A cell says what becomes of sixteen units of a token; everything else is the same for all cells. See
`embedkit.models.networks.recurrent_steps` for what is kept of a token.
"""

# mypy: disable-error-code="call-arg"
# An intrinsic is declared with a typing context that its callers do not pass.

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from embedkit.models.networks import recurrent_steps
from embedkit.models.networks.recurrent_steps import (
    SPAN,
    add_upstream,
    add_weights,
    begin_step,
    end_step,
    write_states,
)
from embedkit.neural.kernels import cell_steps
from embedkit.neural.kernels.cell_steps import CELL_STEPS, step_units, step_units_back
from embedkit.simd import activations, lanes, products, vectors
from embedkit.simd.compiling import code_version, compiled
from embedkit.simd.lanes import LANES
from embedkit.simd.products import FIRST

CODE = code_version(*CELL_STEPS.values(), cell_steps, recurrent_steps, activations, products, vectors, lanes)


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
                    step_units(
                        flat, (first + i) * stride + unit, part, own_memory, own, i * part + unit, gates
                    )
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
                    step_units_back(
                        flat, made + unit, part, before, at + unit, found, to + unit, own_memory, own,
                        i * part + unit, gates,
                    )  # fmt: skip
            end_step(places, texts, step, side, transposed, masks, gradients, filled, count, state, of_rows)
        add_weights(kept, gradients, filled, first, len(gradients) - filled, of_kernel, of_bias)

    return walk_back
