"""Compiled LSTM layers for training on a CPU: states and gradients of a batch.

Hochreiter and Schmidhuber (1997) with forget gates; the gates stand in the order input, forget, cell and
output. What the layer's kernel makes of a word is computed once a batch, however often the word occurs, and
its gradient comes back as one row. Both directions, and chunks of the batch, run side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from embedkit.arrays import Floats2d, Floats3d, Ints1d, Ints2d
from embedkit.models.inference import rnn_kernels
from embedkit.models.inference.rnn_kernels import LIMIT, P, Q
from embedkit.models.networks.backend import load_backend
from embedkit.parallel.cores import available_cores
from embedkit.parallel.threads import shared_threads
from embedkit.simd.compiling import code_version, compiled

MIN_TEXTS_PER_THREAD = 16  # texts that are worth a thread
FAST_MATH_FLAGS = {"contract", "reassoc", "arcp", "nsz"}  # of the compiler; those that keep infinity and NaN
ONE, HALF, BOUND = np.float32(1), np.float32(0.5), np.float32(LIMIT)
P0, P1, P2, P3, P4 = map(np.float32, P)
Q0, Q1, Q2, Q3, Q4 = map(np.float32, Q)
CODE = code_version(rnn_kernels)  # of what the compiled functions take from there


class BatchChunk(NamedTuple):
    """The texts from `first` to before `last` of a batch, read in a direction: the `number`th chunk of it."""

    direction: int
    number: int
    first: int
    last: int


@cache
def lstm() -> Callable[[Any, Any, Any, Any], Any]:
    """A function of TensorFlow, with its gradient, for LSTM layers in one direction or two.

    It takes rows float32 (m, directions * 4 * units), what kernel and bias make of a word; places int32
    (n, T), the row of each token; lengths int32 (n,), the tokens of each text, at least one; and recurrent
    kernels float32 (directions, units, 4 * units). It gives the states, float32 (n, T, directions * units),
    zero after the end of a text.
    """
    tf, _ = load_backend()

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def states(rows: Any, places: Any, lengths: Any, kernels: Any) -> Any:
        kinds = [tf.float32] * 3
        outputs, gates, memory = tf.numpy_function(
            read, [rows, places, lengths, kernels], kinds, stateful=False
        )
        outputs.set_shape([None, None, kernels.shape[0] * kernels.shape[1]])

        def gradients(upstream: Any) -> tuple[Any, None, None, Any]:
            given = [upstream, rows, places, lengths, kernels, outputs, gates, memory]
            of_rows, of_kernels = tf.numpy_function(read_back, given, kinds[:2], stateful=False)
            of_rows.set_shape(rows.shape)
            of_kernels.set_shape(kernels.shape)
            return of_rows, None, None, of_kernels

        return outputs, gradients

    return states  # type: ignore[no-any-return]


def compile_for(directions: int) -> None:
    """Compile what layers in so many directions need, or load it, by a walk over two texts of two words."""
    rows, kernels = np.zeros((2, directions * 8), np.float32), np.zeros((directions, 2, 8), np.float32)
    places, lengths = np.zeros((2, 2), np.int32), np.full(2, 2, np.int32)
    states, gates, memory = read(rows, places, lengths, kernels)
    read_back(states, rows, places, lengths, kernels, states, gates, memory)


def read(
    rows: Floats2d, places: Ints2d, lengths: Ints1d, kernels: Floats3d
) -> tuple[Floats3d, Floats3d, Floats3d]:
    """The states (n, T, directions * units), gates (directions, n, T, 4 * units) and memories (..., units).

    Arguments as `lstm` has them.
    """
    directions, units, width = kernels.shape
    states = np.zeros((*places.shape, directions * units), np.float32)
    gates = np.empty((directions, *places.shape, width), np.float32)
    memory = np.empty((directions, *places.shape, units), np.float32)

    def walk(chunk: BatchChunk) -> None:
        side, texts = chunk.direction, slice(chunk.first, chunk.last)
        _walk(
            rows[:, side * width : (side + 1) * width],
            places[texts],
            lengths[texts],
            kernels[side],
            side == 1,
            states[texts, :, side * units : (side + 1) * units],
            gates[side, texts],
            memory[side, texts],
        )

    _each(walk, chunks(directions, len(places)))
    return states, gates, memory


def read_back(
    upstream: Floats3d,
    rows: Floats2d,
    places: Ints2d,
    lengths: Ints1d,
    kernels: Floats3d,
    states: Floats3d,
    gates: Floats3d,
    memory: Floats3d,
) -> tuple[Floats2d, Floats3d]:
    """The gradients of the rows and of the recurrent kernels, given that of the states."""
    directions, units, width = kernels.shape
    work = chunks(directions, len(places))
    of_rows = np.zeros((work[-1].number + 1, *rows.shape), np.float32)
    of_kernels = np.zeros((len(of_rows), *kernels.shape), np.float32)

    def walk(chunk: BatchChunk) -> None:
        side, texts = chunk.direction, slice(chunk.first, chunk.last)
        own = slice(side * units, (side + 1) * units)
        _walk_back(
            upstream[texts, :, own],
            places[texts],
            lengths[texts],
            np.ascontiguousarray(kernels[side].T),
            side == 1,
            states[texts, :, own],
            gates[side, texts],
            memory[side, texts],
            of_rows[chunk.number, :, side * width : (side + 1) * width],
            of_kernels[chunk.number, side],
        )

    _each(walk, work)
    return of_rows.sum(axis=0) if len(of_rows) > 1 else of_rows[0], of_kernels.sum(axis=0)


def chunks(directions: int, texts: int) -> list[BatchChunk]:
    """A batch in chunks for the cores there are, those of a direction one after the other."""
    count = max(1, min(available_cores() // directions, texts // MIN_TEXTS_PER_THREAD))
    bounds = [texts * number // count for number in range(count + 1)]
    return [
        BatchChunk(direction, number, bounds[number], bounds[number + 1])
        for direction in range(directions)
        for number in range(count)
    ]


def _each(walk: Callable[[BatchChunk], None], work: list[BatchChunk]) -> None:
    for _ in shared_threads().map(walk, work):
        pass


@njit(inline="always", fastmath=FAST_MATH_FLAGS)
def tanh(x: Any) -> Any:
    """The hyperbolic tangent in float32, without a branch, so that loops of it become vectors."""
    x = min(max(x, -BOUND), BOUND)
    s = x * x
    over = (((P0 * s + P1) * s + P2) * s + P3) * s + P4
    under = (((Q0 * s + Q1) * s + Q2) * s + Q3) * s + Q4
    return x * over / under


@njit(inline="always", fastmath=FAST_MATH_FLAGS)
def sigmoid(x: Any) -> Any:
    """The logistic function."""
    return HALF * tanh(HALF * x) + HALF


@compiled(nogil=True, fastmath=FAST_MATH_FLAGS)
def _walk(
    rows: Any, places: Any, lengths: Any, kernel: Any, backward: bool, states: Any, gates: Any, memory: Any
) -> None:
    """Read texts of one direction; arrays (n, T, any) are filled where there is a token."""
    CODE  # noqa: B018 - part of the key under which the compiled code is kept
    count, steps = places.shape
    units = len(kernel)
    state, kept = np.zeros((count, units), np.float32), np.zeros((count, units), np.float32)
    own = np.zeros((count, 4 * units), np.float32)
    for number in range(steps):
        step = steps - 1 - number if backward else number
        np.dot(state, kernel, own)
        for text in range(count):
            if step >= lengths[text]:
                continue
            given, mine, made = rows[places[text, step]], own[text], gates[text, step]
            for i in range(2 * units):
                made[i] = sigmoid(given[i] + mine[i])
            for i in range(2 * units, 3 * units):
                made[i] = tanh(given[i] + mine[i])
            for i in range(3 * units, 4 * units):
                made[i] = sigmoid(given[i] + mine[i])
            before, after, now, out = kept[text], memory[text, step], state[text], states[text, step]
            for i in range(units):
                cell = made[units + i] * before[i] + made[i] * made[2 * units + i]
                before[i] = after[i] = cell
                now[i] = out[i] = made[3 * units + i] * tanh(cell)


@compiled(nogil=True, fastmath=FAST_MATH_FLAGS)
def _walk_back(
    upstream: Any, places: Any, lengths: Any, transposed: Any, backward: bool, states: Any, gates: Any,
    memory: Any, of_rows: Any, of_kernel: Any,
) -> None:  # fmt: skip
    """Add the gradients of one direction to `of_rows` (m, 4 * units) and `of_kernel` (units, 4 * units)."""
    CODE  # noqa: B018 - part of the key under which the compiled code is kept
    count, steps = places.shape
    units = transposed.shape[1]
    of_state, of_memory = np.zeros((count, units), np.float32), np.zeros((count, units), np.float32)
    of_gates, before = np.zeros((count, 4 * units), np.float32), np.zeros((count, units), np.float32)
    product, nothing = np.zeros((units, 4 * units), np.float32), np.zeros(units, np.float32)
    for number in range(steps - 1, -1, -1):
        step = steps - 1 - number if backward else number
        last = step + 1 if backward else step - 1  # the step before it in the direction of reading
        for text in range(count):
            mine, old = of_gates[text], before[text]
            if step >= lengths[text]:
                mine[:] = 0
                continue
            begins = last < 0 or last >= lengths[text]
            kept = nothing if begins else memory[text, last]
            old[:] = nothing if begins else states[text, last]
            made, cells = gates[text, step], memory[text, step]
            given, later, remembered = upstream[text, step], of_state[text], of_memory[text]
            for i in range(units):
                enter, forget, new, leave = made[i], made[units + i], made[2 * units + i], made[3 * units + i]
                shown, whole = tanh(cells[i]), given[i] + later[i]
                cell = remembered[i] + whole * leave * (ONE - shown * shown)
                mine[i] = cell * new * enter * (ONE - enter)
                mine[units + i] = cell * kept[i] * forget * (ONE - forget)
                mine[2 * units + i] = cell * enter * (ONE - new * new)
                mine[3 * units + i] = whole * shown * leave * (ONE - leave)
                remembered[i] = cell * forget
            row = of_rows[places[text, step]]
            for i in range(4 * units):
                row[i] += mine[i]
        np.dot(of_gates, transposed, of_state)
        np.dot(before.T, of_gates, product)
        for i in range(units):
            for j in range(4 * units):
                of_kernel[i, j] += product[i, j]
