"""A cell over sequences, `forward_through_time`, and `backward_through_time` (Werbos 1990).

Truncated backpropagation hands the `final` state of a pass, which gradients do not flow through, to the next
as its `initial` one. An encoder hands it to its decoder, whose gradient of `initial` comes back as
`of_final`. A decoder that makes a token at a time calls `cell.step` itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embedkit.arrays import FloatArray, Longs1d
from embedkit.neural.cells.cell import KeptArrays, NamedArrays, RecurrentCell
from embedkit.neural.cells.order import FallingOrder
from embedkit.neural.cells.walk import walk, walk_back


@dataclass(frozen=True)
class SequencePass:
    """A cell's way over sequences.

    Args:
        cell: that took it.
        states: what it showed at each step, (T, n, units), zero behind the end of a sequence.
        final: the state behind the last token of each sequence, in the order of reading,
            (state_parts, n, units).
        inputs: (T, n, F).
        order: in which the sequences were read.
        steps: in the order of reading.
        kept: of each step, or by compiled steps.
    """

    cell: RecurrentCell
    states: FloatArray
    final: FloatArray
    inputs: FloatArray
    order: FallingOrder
    steps: range
    kept: Any


@dataclass(frozen=True)
class SequenceGradients:
    """NamedArrays of a pass: of the inputs (T, n, F), of the initial state, and of the weights by name."""

    inputs: FloatArray
    initial: FloatArray
    weights: NamedArrays


def forward_through_time(
    cell: RecurrentCell,
    inputs: FloatArray,
    initial: FloatArray | None = None,
    lengths: Longs1d | None = None,
    reverse: bool = False,
    compiled: bool = False,
) -> SequencePass:
    """Read sequences.

    Args:
        cell: float32 in training; of float64 gradients can be checked.
        inputs: (T, n, F).
        initial: the state before the first step, (state_parts, n, units); None of zeros.
        lengths: the number of tokens of each sequence, (n,), at least 1, in any order; None if all have T.
            States are held behind the end.
        reverse: from the last token to the first.
        compiled: by compiled steps, which pays in training, if the cell has some and this is float32.

    Example:
        >>> import numpy as np
        >>> from embedkit import GRUCell, backward_through_time, forward_through_time
        >>> cell = GRUCell.initial(2, 3, np.random.default_rng(1))
        >>> inputs = np.ones((5, 4, 2), np.float32)  # five steps of four sequences
        >>> done = forward_through_time(cell, inputs)
        >>> done.states.shape, done.final.shape
        ((5, 4, 3), (1, 4, 3))
        >>> gradients = backward_through_time(done, np.ones_like(done.states))
        >>> gradients.inputs.shape, sorted(gradients.weights)
        ((5, 4, 2), ['bias', 'kernel', 'recurrent_kernel'])
    """
    steps, texts, _ = inputs.shape
    order, walked = FallingOrder.of(lengths, steps, texts), range(steps)[:: -1 if reverse else 1]
    state = order.sorted(cell.zero_state(texts) if initial is None else initial)
    read = _read_compiled if compiled and cell.recurrent_kernel.dtype == np.float32 else _read
    states, final, kept = read(cell, order.sorted(inputs), state, order.counts, walked)
    return SequencePass(cell, order.restored(states), order.restored(final), inputs, order, walked, kept)


def backward_through_time(
    done: SequencePass, of_states: FloatArray, of_final: FloatArray | None = None
) -> SequenceGradients:
    """Backpropagation through time.

    Args:
        done: by `forward_through_time`.
        of_states: the gradient of `done.states`; what stands behind the end of a sequence is not looked at.
        of_final: that of `done.final`; None of zeros.

    Example:
        >>> import numpy as np
        >>> from embedkit import SimpleRNNCell, backward_through_time, forward_through_time
        >>> cell = SimpleRNNCell(np.ones((1, 1)), np.full((1, 1), 0.5), np.zeros(1))
        >>> done = forward_through_time(cell, np.zeros((3, 1, 1)))
        >>> gradients = backward_through_time(done, np.zeros((3, 1, 1)), np.ones((1, 1, 1)))
        >>> gradients.inputs.ravel().tolist()  # half at each step back
        [0.25, 0.5, 1.0]
    """
    cell, order = done.cell, done.order
    weights = {name: np.zeros_like(weight) for name, weight in cell.weights().items()}
    of_states = order.sorted(of_states)
    of_state = order.sorted(np.zeros_like(done.final) if of_final is None else of_final)
    back = walk_back if isinstance(done.kept, list) else _back_compiled
    of_given, of_state = back(cell, done.kept, of_states, of_state, order.counts, done.steps, weights)
    of_inputs = add_kernel_gradients(cell, done.inputs, order.restored(of_given), weights)
    return SequenceGradients(of_inputs, order.restored(of_state), weights)


def add_kernel_gradients(
    cell: RecurrentCell, inputs: FloatArray, of_given: FloatArray, weights: NamedArrays
) -> FloatArray:
    """The chain rule through W x + b: the gradients of W and b are added, that of x is given."""
    rows = of_given.reshape(-1, of_given.shape[2])
    weights["kernel"] += inputs.reshape(-1, inputs.shape[2]).T @ rows
    np.atleast_2d(weights["bias"])[0] += rows.sum(axis=0)
    return of_given @ cell.kernel.T


def _read(
    cell: RecurrentCell, inputs: FloatArray, state: FloatArray, counts: Longs1d, steps: range
) -> tuple[FloatArray, FloatArray, list[KeptArrays]]:
    given, kept = cell.project(inputs), list[KeptArrays]()
    states = np.zeros((*inputs.shape[:2], cell.units), given.dtype)
    final = walk(cell, lambda step, k: given[step, :k], state, counts, steps, states, kept.append)
    return states, final, kept


def _read_compiled(cell: RecurrentCell, *arguments: Any) -> tuple[FloatArray, FloatArray, Any]:
    """The same; of a cell without compiled steps by `_read`."""
    from embedkit.neural.kernels.passes import has_kernels, walk_compiled

    return walk_compiled(cell, *arguments) if has_kernels(cell) else _read(cell, *arguments)


def _back_compiled(*arguments: Any) -> tuple[FloatArray, FloatArray]:
    from embedkit.neural.kernels.passes import walk_compiled_back

    return walk_compiled_back(*arguments)
