"""The states of an LSTM in both directions, by compiled code or, where that is not worth it, by numpy."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats2d, Floats3d, Ints1d, Ints2d
from embedkit.neural.cells.lstm import LSTMCell
from embedkit.neural.cells.walk import walk

COMPILED_FROM = 20_000  # tokens that are worth loading compiled code


def states_of(
    rows: Floats2d, places: Ints2d, lengths: Ints1d, recurrent: Floats3d, compiled: bool
) -> Floats3d:
    """The states of texts, float32 (n, T, 2 * units), zero after the end of a text.

    Args:
        rows: what kernel and bias make of each word, float32 (m, 2 * 4 * units).
        places: the row of each token, int32 (n, T).
        lengths: the number of tokens of each text, int32 (n,), at least 1.
        recurrent: the recurrent kernels of both directions, float32 (2, units, 4 * units).
        compiled: by compiled code.
    """
    if compiled:
        from embedkit.models.networks.recurrent_passes import read

        return read("lstm", rows, places, lengths, recurrent, *unused(recurrent))[0]
    return walked_states(rows, places, lengths, recurrent)


def walked_states(rows: Floats2d, places: Ints2d, lengths: Ints1d, recurrent: Floats3d) -> Floats3d:
    """The same in numpy: the readable twin."""
    (count, steps), (_, units, width) = places.shape, recurrent.shape
    order = np.argsort(-lengths, kind="stable")
    ordered, texts = places[order].T, (lengths > np.arange(steps)[:, None]).sum(axis=1)
    states = np.zeros((count, steps, 2 * units), np.float32)
    for side, walked in enumerate((range(steps), range(steps - 1, -1, -1))):
        own = rows[:, side * width : (side + 1) * width]
        cell = LSTMCell(own[:0], recurrent[side], own[:0])  # the rows are what kernel and bias made
        hidden = np.zeros((steps, count, units), np.float32)

        def given(step: int, first: int, own: Floats2d = own) -> Floats2d:
            return own[ordered[step, :first]]

        walk(cell, given, cell.zero_state(count), texts, walked, hidden)
        states[order, :, side * units : (side + 1) * units] = hidden.swapaxes(0, 1)
    return states


def unused(recurrent: Floats3d) -> tuple[Floats2d, Floats3d]:
    """What compiled passes take and this LSTM has not: recurrent biases, and masks of recurrent dropout."""
    directions, units, _ = recurrent.shape
    return np.zeros((directions, 0), np.float32), np.ones((directions, 0, units), np.float32)
