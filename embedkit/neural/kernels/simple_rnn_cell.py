"""The simple recurrent cell of compiled layers: a step of sixteen units, and its gradient (Elman 1990)."""

from __future__ import annotations

from embedkit.simd.activations import tanh
from embedkit.simd.vectors import Vector, VectorArray

GATES, PARTS = 1, 2  # how many parts are kept of a token: see `cell_steps`


def step(kept: VectorArray, _: VectorArray, state: VectorArray) -> None:
    """Turn sums into states."""
    state[0] = kept[0] = tanh(kept[0])


def step_back(
    kept: VectorArray, _: VectorArray, of_gates: VectorArray, __: VectorArray, of_state: Vector
) -> None:
    """Set the gradients of sums."""
    of_gates[0] = of_state * (1 - kept[0] * kept[0])
