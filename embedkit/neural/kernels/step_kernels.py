"""Compiled kernels between the matrix products of a step: gates and states of all texts, and their gradients.

What a text keeps of a step is a row of parts, each of as many numbers as units fill whole vectors: one a
gate, those that its cell has besides, and last the state before. See `embedkit.neural.kernels.lstm_cell` and
its like.
"""

# mypy: disable-error-code="call-arg"
# An intrinsic is declared with a typing context that its callers do not pass.

from __future__ import annotations

from functools import cache
from typing import Any

from embedkit.neural.kernels import cell_steps
from embedkit.neural.kernels.cell_steps import (
    CELL_STEPS,
    step_peephole_units,
    step_peephole_units_back,
    step_units,
    step_units_back,
)
from embedkit.simd import activations, lanes, vectors
from embedkit.simd.compiling import code_version, compiled
from embedkit.simd.lanes import LANES

CODE = code_version(*CELL_STEPS.values(), cell_steps, activations, vectors, lanes)


@cache
def step() -> Any:
    """Compile a step of all cells; compiled code is kept on disk for later processes."""
    code = CODE

    @compiled(nogil=True)
    def step(
        gates: int, reset_after: bool, kept: Any, own: Any, biases: Any, state: Any, memory: Any, states: Any,
        peepholes: Any, count: int,
    ) -> None:  # fmt: skip
        """Take a step of the first `count` texts.

        Args:
            gates: of the cell.
            reset_after: whether the recurrent part of the last gate stays apart, as the GRU's does.
            kept: (n, any), the kernel's part in those of the gates, written.
            own: the recurrent part, (n, gates * part).
            biases: of the kernel and of the recurrent kernel, (2, gates * part).
            state: (n, part), before and after.
            memory: (n, part), the same.
            states: (n, units), written.
            peepholes: of an LSTM, (3 * part,), or none.
            count: texts that have a token.
        """
        code  # noqa: B018 - part of the key under which the compiled code is kept
        part, stride, width = state.shape[1], kept.shape[1], own.shape[1]
        flat, own_state, own_memory = kept.reshape(-1), state.reshape(-1), memory.reshape(-1)
        for i in range(count):
            row, recurrent, before = kept[i], own[i], kept[i][stride - part :]
            joined = width - part if reset_after else width
            for j in range(joined):
                row[j] += recurrent[j] + (biases[0, j] + biases[1, j])
            for j in range(joined, width):
                row[j + part] = row[j] + biases[0, j]
                row[j] = recurrent[j] + biases[1, j]
            for j in range(part):
                before[j] = state[i, j]
            for unit in range(0, part, LANES):
                first, at = i * stride + unit, i * part + unit
                if len(peepholes):
                    step_peephole_units(flat, first, part, own_memory, own_state, at, peepholes, unit)
                else:
                    step_units(flat, first, part, own_memory, own_state, at, gates)
            for j in range(states.shape[1]):
                states[i, j] = state[i, j]

    return step


@cache
def step_back() -> Any:
    """Compile a step back of all cells; compiled code is kept on disk for later processes."""
    code = CODE

    @compiled(nogil=True)
    def step_back(
        gates: int, kept: Any, earlier: Any, remembered: int, initial: Any, of_states: Any, of_state: Any,
        of_memory: Any, of_gates: Any, peepholes: Any, count: int,
    ) -> None:  # fmt: skip
        """Take a step back of the first `count` texts.

        Args:
            gates: of the cell.
            kept: of the step, (n, any).
            earlier: of the step read before it, (n, any).
            remembered: how many texts that step had.
            initial: the memory before the first step of the others, (n, part).
            of_states: what the step showed, (n, units).
            of_state: the gradient of the state, (n, part), used up.
            of_memory: that of the memory after the step and before it, (n, part).
            of_gates: written, (n, any).
            peepholes: of an LSTM, (3 * part,), or none.
            count: texts that have a token.
        """
        code  # noqa: B018 - part of the key under which the compiled code is kept
        part, stride, width = of_state.shape[1], kept.shape[1], of_gates.shape[1]
        flat, before, found = kept.reshape(-1), earlier.reshape(-1), of_gates.reshape(-1)
        own_state, own_memory, first = of_state.reshape(-1), of_memory.reshape(-1), initial.reshape(-1)
        for i in range(count):
            for j in range(of_states.shape[1]):
                of_state[i, j] += of_states[i, j]
            source, at = (before, i * stride + gates * part) if i < remembered else (first, i * part)
            for unit in range(0, part, LANES):
                begin, to, own = i * stride + unit, i * width + unit, i * part + unit
                if len(peepholes):
                    step_peephole_units_back(
                        flat, begin, part, source, at + unit, found, to, own_memory, own_state, own,
                        peepholes, unit,
                    )  # fmt: skip
                else:
                    step_units_back(
                        flat, begin, part, source, at + unit, found, to, own_memory, own_state, own, gates
                    )

    return step_back
