"""The LSTM cell of compiled layers: a step of sixteen units, and its gradient.

Hochreiter and Schmidhuber (1997) with forget gates; the gates stand in the order input, forget, cell and
output. A token keeps them and, after them, the memory of the cell.
"""

from __future__ import annotations

from embedkit.simd.activations import sigmoid, tanh
from embedkit.simd.vectors import Vector, VectorArray

GATES, PARTS = 4, 6  # how many parts are kept of a token: see `cell_steps`


def step(kept: VectorArray, memory: VectorArray, state: VectorArray) -> None:
    """Turn sums into gates, in place, and set memory and state."""
    enter, forget, new, leave = sigmoid(kept[0]), sigmoid(kept[1]), tanh(kept[2]), sigmoid(kept[3])
    after = forget * memory[0] + enter * new
    kept[0], kept[1], kept[2], kept[3], kept[4] = enter, forget, new, leave, after
    memory[0], state[0] = after, leave * tanh(after)


def step_back(
    kept: VectorArray, before: VectorArray, of_gates: VectorArray, of_memory: VectorArray, of_state: Vector
) -> None:
    """Set the gradients of sums and memory, given the memory before and the gradients after the step."""
    enter, forget, new, leave, after = (kept[part] for part in range(5))
    shown = tanh(after)
    of_cell = of_memory[0] + of_state * leave * (1 - shown * shown)
    of_gates[0] = of_cell * new * (enter - enter * enter)
    of_gates[1] = of_cell * before[0] * (forget - forget * forget)
    of_gates[2] = of_cell * enter * (1 - new * new)
    of_gates[3] = of_state * shown * (leave - leave * leave)
    of_memory[0] = of_cell * forget
