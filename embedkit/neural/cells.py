"""Recurrent cells in numpy, one step of many texts at a time: readable twins of the compiled layers.

A cell walks over the steps of texts that stand in order of falling length. At each step `States` gives the
number of the step, the states (k, units) before it of the k texts that have not ended, and where those after
it are to be written. `Inputs` gives what the kernel makes of the tokens of these texts: (k, gates * units).

>>> import numpy as np
>>> from embedkit.neural.cells import simple_rnn, walk_states
>>> hidden = np.zeros((2, 1, 1), np.float32)  # two steps of one text, one unit
>>> ones = lambda step, texts: np.ones((texts, 1), np.float32)
>>> steps = walk_states(hidden, np.array([1, 1]), range(2))
>>> simple_rnn(ones, np.ones((1, 1), np.float32), np.zeros(1), steps)
>>> hidden.ravel().round(4).tolist()  # tanh(1), tanh(1 + tanh(1))
[0.7616000175476074, 0.9427000284194946]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from embedkit.arrays import Floats1d, Floats2d, Floats3d, Longs1d

Inputs = Callable[[int, int], Floats2d]  # step, k -> what the kernel makes of k texts' tokens there
States = Iterator[tuple[int, Floats2d, Floats2d]]  # see `walk_states`


def lstm(inputs: Inputs, kernel: Floats2d, _: Floats1d, states: States) -> None:
    """Hochreiter and Schmidhuber (1997) with forget gates; the gates are input, forget, cell and output."""
    units = len(kernel)
    memory = np.zeros((0, units), np.float32)
    for step, before, out in states:
        if len(memory) < len(before):  # texts that begin here, or the first step of all
            memory = np.concatenate([memory, np.zeros((len(before) - len(memory), units), np.float32)])
        gates, kept = inputs(step, len(before)) + before @ kernel, memory[: len(before)]
        cell = np.tanh(gates[:, 2 * units : 3 * units])
        cell *= sigmoid(gates[:, :units])
        kept *= sigmoid(gates[:, units : 2 * units])
        kept += cell
        np.multiply(sigmoid(gates[:, 3 * units :]), np.tanh(kept), out=out)


def gru(inputs: Inputs, kernel: Floats2d, bias: Floats1d, states: States) -> None:
    """Cho et al. (2014), reset after the product; the gates are update, reset and candidate."""
    units = len(kernel)
    for step, before, out in states:
        given, own = inputs(step, len(before)), before @ kernel + bias
        gates = sigmoid(given[:, : 2 * units] + own[:, : 2 * units])
        update, reset = gates[:, :units], gates[:, units:]
        candidate = np.tanh(given[:, 2 * units :] + reset * own[:, 2 * units :])
        np.add(candidate, update * (before - candidate), out=out)


def simple_rnn(inputs: Inputs, kernel: Floats2d, _: Floats1d, states: States) -> None:
    """Elman (1990)."""
    for step, before, out in states:
        np.tanh(inputs(step, len(before)) + before @ kernel, out=out)


CELLS: dict[str, Callable[[Inputs, Floats2d, Floats1d, States], None]] = {
    "lstm": lstm,
    "gru": gru,
    "rnn": simple_rnn,
}


def walk_states(hidden: Floats3d, counts: Longs1d, steps: range) -> States:
    """Each step, the states of its texts before it, zero where one begins, and where to write those after."""
    state = np.zeros_like(hidden[0])
    for step in steps:
        first = counts[step]
        yield step, state[:first], hidden[step, :first]
        state[:first] = hidden[step, :first]


def sigmoid(values: Floats2d) -> Floats2d:
    """1 / (1 + exp(-x)), by the hyperbolic tangent, which does not overflow."""
    halves: Floats2d = np.tanh(values * np.float32(0.5))
    halves += 1
    halves *= np.float32(0.5)
    return halves
