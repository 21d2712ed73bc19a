"""The LSTM cell of compiled layers: a step of sixteen units, and its gradient.

Hochreiter and Schmidhuber (1997) with forget gates; the gates stand in the order input, forget, cell and
output. A token keeps them and, after them, the memory of the cell. Peepholes, if any, are those of the input,
the forget and the output gate; without them no code for them is made.
"""

from __future__ import annotations

from embedkit.simd.activations import sigmoid, tanh
from embedkit.simd.vectors import Vector, VectorArray

GATES, PARTS = 4, 6  # how many parts are kept of a token: see `cell_steps`


def step(
    kept: VectorArray, memory: VectorArray, state: VectorArray, peepholes: VectorArray | None = None
) -> None:
    """Turn sums into gates, in place, and set memory and state."""
    before, enter, forget, leave = memory[0], kept[0], kept[1], kept[3]
    if peepholes is not None:
        enter, forget = enter + peepholes[0] * before, forget + peepholes[1] * before
    enter, forget, new = sigmoid(enter), sigmoid(forget), tanh(kept[2])
    after = forget * before + enter * new
    if peepholes is not None:
        leave = leave + peepholes[2] * after
    leave = sigmoid(leave)
    kept[0], kept[1], kept[2], kept[3], kept[4] = enter, forget, new, leave, after
    memory[0], state[0] = after, leave * tanh(after)


def step_back(
    kept: VectorArray,
    before: VectorArray,
    of_gates: VectorArray,
    of_memory: VectorArray,
    of_state: Vector,
    peepholes: VectorArray | None = None,
) -> None:
    """Set the gradients of sums and memory, given the memory before and the gradients after the step."""
    enter, forget, new, leave, after = (kept[part] for part in range(5))
    shown = tanh(after)
    of_leave = of_state * shown * (leave - leave * leave)
    of_cell = of_memory[0] + of_state * leave * (1 - shown * shown)
    if peepholes is not None:
        of_cell = of_cell + of_leave * peepholes[2]
    of_enter = of_cell * new * (enter - enter * enter)
    of_forget = of_cell * before[0] * (forget - forget * forget)
    of_gates[0], of_gates[1], of_gates[3] = of_enter, of_forget, of_leave
    of_gates[2] = of_cell * enter * (1 - new * new)
    of_before = of_cell * forget
    if peepholes is not None:
        of_before = of_before + of_enter * peepholes[0] + of_forget * peepholes[1]
    of_memory[0] = of_before
