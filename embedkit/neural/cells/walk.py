"""`walk` and `walk_back`: a cell over the steps of texts that stand in order of falling length.

The texts that have a token at a step are then always the first ones; the states of the others are held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from embedkit.arrays import FloatArray, Longs1d
from embedkit.neural.cells.cell import KeptArrays, NamedArrays, RecurrentCell

# step, k -> what `project` makes of the tokens of the first k texts
ProjectedTokens = Callable[[int, int], FloatArray]


def walk(
    cell: RecurrentCell,
    given: ProjectedTokens,
    state: FloatArray,
    counts: Longs1d,
    steps: Iterable[int],
    states: FloatArray,
    remember: Callable[[KeptArrays], object] = lambda kept: None,
) -> FloatArray:
    """Take the steps; the final state (state_parts, n, units).

    Args:
        cell: takes them.
        given: tells what the kernel makes of tokens.
        state: before the first step, (state_parts, n, units).
        counts: how many texts have a token at each step, (T,).
        steps: their numbers in the order of reading.
        states: what the cell shows at each step, (T, n, units), written where there is a token.
        remember: is handed what each step keeps.

    Example:
        >>> import numpy as np
        >>> from embedkit.neural.cells.simple_rnn import SimpleRNNCell
        >>> from embedkit.neural.cells.walk import walk
        >>> cell = SimpleRNNCell(np.ones((1, 1)), np.ones((1, 1)), np.zeros(1))
        >>> states = np.zeros((2, 1, 1))  # two steps of one text, one unit
        >>> final = walk(cell, lambda step, k: np.ones((k, 1)), cell.zero_state(1), [1, 1], [0, 1], states)
        >>> states.ravel().round(4).tolist()  # tanh(1), tanh(1 + tanh(1))
        [0.7616, 0.9427]
    """
    for step in steps:
        count = int(counts[step])
        after, kept = cell.step(given(step, count), state[:, :count])
        remember(kept)
        states[step, :count] = after[0]
        state = np.concatenate([after, state[:, count:]], axis=1) if count < state.shape[1] else after
    return state


def walk_back(
    cell: RecurrentCell,
    kept: Sequence[KeptArrays],
    of_states: FloatArray,
    of_final: FloatArray,
    counts: Longs1d,
    steps: Sequence[int],
    weights: NamedArrays,
) -> tuple[FloatArray, FloatArray]:
    """The gradients of what the kernel gave (T, n, gates * units), and of the state before the first step.

    Args:
        cell: that took the steps.
        kept: of each.
        of_states: the gradient of what the cell showed, (T, n, units).
        of_final: that of the final state, (state_parts, n, units).
        counts: as of `walk`.
        steps: as of `walk`.
        weights: gradients, those of the recurrent weights are added.
    """
    of_given = np.zeros((*of_states.shape[:2], cell.kernel.shape[1]), of_states.dtype)
    of_state = of_final.copy()
    for step, own in zip(reversed(steps), reversed(kept), strict=True):
        count = int(counts[step])
        of_state[0, :count] += of_states[step, :count]
        of_given[step, :count], of_state[:, :count] = cell.step_back(of_state[:, :count], own, weights)
    return of_given, of_state
