"""Cells over sequences for training: products of matrices by BLAS, and between them compiled steps.

The fast twin of `walk` and of the way back through `RecurrentCell.step_back`: float32, of cells whose step is
one product. What all steps add to the gradient of the recurrent kernel is one product at the end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from embedkit.arrays import FloatArray, Floats1d, Floats2d, Floats3d, Longs1d
from embedkit.neural.cells.cell import NamedArrays, RecurrentCell
from embedkit.neural.cells.gru import GRUCell
from embedkit.neural.cells.lstm import LSTMCell
from embedkit.neural.cells.simple_rnn import SimpleRNNCell
from embedkit.neural.kernels import step_kernels
from embedkit.neural.kernels.cell_steps import CELL_STEPS
from embedkit.simd.compiling import can_compile
from embedkit.simd.storage import padded

PEEPING, MEMORY = (0, 1, 3), 4  # the gates of an LSTM that see its memory, and the part that keeps this
NAMES: dict[type[RecurrentCell], str] = {LSTMCell: "lstm", GRUCell: "gru", SimpleRNNCell: "rnn"}


class CompiledSteps(NamedTuple):
    """What the steps keep: see `embedkit.neural.kernels.step_kernels`.

    Args:
        rows: (T, n, any).
        initial: the memory before the first step, (n, part).
    """

    rows: Floats3d
    initial: Floats2d


def has_kernels(cell: RecurrentCell) -> bool:
    """Whether a cell can be computed here: not one that resets before the product."""
    return type(cell) in NAMES and can_compile()


def walk_compiled(
    cell: RecurrentCell, inputs: Floats3d, state: Floats3d, counts: Longs1d, steps: range
) -> tuple[Floats3d, Floats3d, CompiledSteps]:
    """The states (T, n, units), the final state, and what is kept.

    `inputs` (T, n, F) are of texts in order of falling length; other arguments are as of `walk`.
    """
    lasting, texts, size = inputs.shape
    part, own_steps = padded(cell.units), CELL_STEPS[NAMES[type(cell)]]
    reset_after = isinstance(cell, GRUCell)
    width = cell.gates * part
    rows = np.zeros((lasting, texts, own_steps.PARTS * part), np.float32)
    np.matmul(
        inputs.reshape(-1, size),
        _wide(cell.kernel, cell),
        out=rows.reshape(lasting * texts, -1)[:, :width],
    )
    biases = np.zeros((2, width), np.float32)
    biases[: cell.bias.size // cell.kernel.shape[1]] = _wide(np.atleast_2d(cell.bias), cell)
    recurrent_kernel, own = _wide(cell.recurrent_kernel, cell), np.empty((texts, width), np.float32)
    values = np.zeros((2, texts, part), np.float32)
    values[: len(state), :, : cell.units] = state
    states, initial = np.zeros((lasting, texts, cell.units), np.float32), values[1].copy()
    compiled, peepholes = step_kernels.step(), _peepholes(cell, part)
    for step in steps:
        count = int(counts[step])
        np.matmul(values[0, :count, : cell.units], recurrent_kernel, out=own[:count])
        compiled(cell.gates, reset_after, rows[step], own, biases, *values, states[step], peepholes, count)
    final = np.ascontiguousarray(values[: len(state), :, : cell.units])
    return states, final, CompiledSteps(rows, initial)


def walk_compiled_back(
    cell: RecurrentCell,
    kept: CompiledSteps,
    of_states: Floats3d,
    of_final: Floats3d,
    counts: Longs1d,
    steps: range,
    weights: NamedArrays,
) -> tuple[Floats3d, Floats3d]:
    """The gradients of what the kernel gives (T, n, gates * units), and of the initial state.

    Those of the recurrent weights are added to `weights`; other arguments are as above.
    """
    lasting, texts, _ = kept.rows.shape
    units, part, reset_after = cell.units, kept.initial.shape[1], isinstance(cell, GRUCell)
    width = cell.gates * part
    of_gates = np.zeros((lasting, texts, width + part * reset_after), np.float32)
    transposed = _wide(cell.recurrent_kernel, cell).T
    values = np.zeros((2, texts, part), np.float32)
    values[: len(of_final), :, :units] = of_final
    of_states = np.ascontiguousarray(of_states, np.float32)  # one signature for the compiler
    compiled, own = step_kernels.step_back(), np.empty((texts, units), np.float32)
    peepholes = _peepholes(cell, part)
    for number in range(lasting - 1, -1, -1):
        step, earlier = steps[number], steps[max(number - 1, 0)]
        count, remembered = int(counts[step]), int(counts[earlier]) if number else 0
        found = kept.rows[step], kept.rows[earlier], remembered, kept.initial, of_states[step]
        compiled(cell.gates, *found, *values, of_gates[step], peepholes, count)
        if len(peepholes):
            memory, seen = kept.initial[:count].copy(), min(remembered, count)
            memory[:seen] = kept.rows[earlier][:seen, MEMORY * part :][:, :part]
            _add_peepholes(weights["peepholes"], of_gates[step, :count], memory, kept.rows[step, :count])
        values[0, :count, :units] = np.matmul(of_gates[step, :count, :width], transposed, out=own[:count])
    before = kept.rows.reshape(lasting * texts, -1)[:, -part:][:, :units]
    rows = of_gates.reshape(lasting * texts, -1)[:, :width]
    weights["recurrent_kernel"] += _narrow(before.T @ rows, cell)
    if reset_after:
        values[0] += values[1]
        weights["bias"][1] += _narrow(rows.sum(axis=0), cell)
        of_gates[..., width - part : width] = of_gates[..., width:]
    return _narrow(of_gates[..., :width], cell), np.ascontiguousarray(values[: len(of_final), :, :units])


def _peepholes(cell: RecurrentCell, part: int) -> Floats1d:
    """The peepholes of a cell, each filled up to whole vectors, one after the other; or none."""
    if not isinstance(cell, LSTMCell) or cell.peepholes is None:
        return np.zeros(0, np.float32)
    wide = np.zeros((len(cell.peepholes), part), np.float32)
    wide[:, : cell.units] = cell.peepholes
    return wide.ravel()


def _add_peepholes(gradient: Floats2d, of_gates: Floats2d, before: Floats2d, kept: Floats2d) -> None:
    """Add what a step of n texts gives to the gradient of peepholes, which see the memory before or after."""
    part, units = before.shape[1], gradient.shape[1]
    for own, gate, memory in zip(
        gradient, PEEPING, (before, before, kept[:, MEMORY * part :][:, :part]), strict=True
    ):
        own += (of_gates[:, gate * part :][:, :part] * memory).sum(axis=0)[:units]


def _wide(weights: FloatArray, cell: RecurrentCell) -> FloatArray:
    """Weights (m, gates * units) with the columns of each gate filled up to whole vectors."""
    units, part = cell.units, padded(cell.units)
    if units == part:
        return weights
    wide = np.zeros((len(weights), cell.gates, part), np.float32)
    wide[:, :, :units] = weights.reshape(len(weights), cell.gates, units)
    return wide.reshape(len(weights), -1)


def _narrow(wide: FloatArray, cell: RecurrentCell) -> FloatArray:
    """Arrays (any, gates * part) without what filled the gates up."""
    parts = wide.reshape(*wide.shape[:-1], cell.gates, -1)[..., : cell.units]
    return np.ascontiguousarray(parts).reshape(*wide.shape[:-1], -1)
