"""The GRU cell of compiled layers: a step of sixteen units, and its gradient.

Cho et al. (2014), reset after the product; the gates stand in the order update, reset and candidate. A token
keeps the first two, what the states before make of the candidate, and the candidate.
"""

from __future__ import annotations

from embedkit.simd.activations import sigmoid, tanh
from embedkit.simd.vectors import Vector, VectorArray

GATES, PARTS = 3, 5  # how many parts are kept of a token: see `cell_steps`


def step(kept: VectorArray, _: VectorArray, state: VectorArray) -> None:
    """Turn sums into gates and what is given of the candidate into all of it, in place, and set the state."""
    update, reset = sigmoid(kept[0]), sigmoid(kept[1])
    candidate = tanh(kept[3] + reset * kept[2])
    kept[0], kept[1], kept[3] = update, reset, candidate
    state[0] = update * (state[0] - candidate) + candidate


def step_back(
    kept: VectorArray, _: VectorArray, of_gates: VectorArray, of_memory: VectorArray, of_state: Vector
) -> None:
    """Set the gradients of sums, those of the candidate before and after its reset.

    `of_memory` carries what reaches the state before without a product.
    """
    update, reset, inner, candidate, before = (kept[part] for part in range(5))
    whole = of_state + of_memory[0]
    of_candidate = whole * (1 - update) * (1 - candidate * candidate)
    of_gates[0] = whole * (before - candidate) * (update - update * update)
    of_gates[1] = of_candidate * inner * (reset - reset * reset)
    of_gates[2], of_gates[3] = of_candidate * reset, of_candidate
    of_memory[0] = whole * update
