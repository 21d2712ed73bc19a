"""`Bidirectional`: a cell that reads forwards and one that reads backwards, their states side by side.

Schuster and Paliwal (1997); the gradient of the inputs is the sum of both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embedkit.arrays import FloatArray, Longs1d
from embedkit.neural.cells.cell import RecurrentCell
from embedkit.neural.cells.sequence import (
    SequenceGradients,
    SequencePass,
    backward_through_time,
    forward_through_time,
)


class Bidirectional(NamedTuple):
    """A cell that reads forwards and one that reads backwards, of as many units.

    Example:
        >>> import numpy as np
        >>> from embedkit import Bidirectional, SimpleRNNCell
        >>> generator = np.random.default_rng(1)
        >>> Bidirectional(*(SimpleRNNCell.initial(2, 3, generator) for _ in range(2))).backward.units
        3
    """

    forward: RecurrentCell
    backward: RecurrentCell


@dataclass(frozen=True)
class BidirectionalPass:
    """The ways of both cells.

    Args:
        passes: forwards and backwards.
        states: (T, n, 2 * units).
        final: the state of the one behind the last token, and of the other behind the first, side by side,
            (state_parts, n, 2 * units).
    """

    passes: tuple[SequencePass, SequencePass]
    states: FloatArray
    final: FloatArray


def forward_both(
    cells: Bidirectional,
    inputs: FloatArray,
    initial: FloatArray | None = None,
    lengths: Longs1d | None = None,
    compiled: bool = False,
) -> BidirectionalPass:
    """Read sequences in both directions; arguments as of `forward_through_time`, states side by side.

    Example:
        >>> import numpy as np
        >>> from embedkit import Bidirectional, LSTMCell, forward_both
        >>> generator = np.random.default_rng(1)
        >>> cells = Bidirectional(LSTMCell.initial(2, 3, generator), LSTMCell.initial(2, 3, generator))
        >>> done = forward_both(cells, np.ones((5, 4, 2), np.float32))
        >>> done.states.shape, done.final.shape
        ((5, 4, 6), (2, 4, 6))
    """
    begin = (None, None) if initial is None else np.split(initial, 2, axis=2)
    forward = forward_through_time(cells.forward, inputs, begin[0], lengths, compiled=compiled)
    backward = forward_through_time(cells.backward, inputs, begin[1], lengths, True, compiled)
    return BidirectionalPass(
        (forward, backward), *(_joined(forward, backward, name) for name in ("states", "final"))
    )


def backward_both(
    done: BidirectionalPass, of_states: FloatArray, of_final: FloatArray | None = None
) -> SequenceGradients:
    """The gradients of both cells, weights by names such as "forward/kernel".

    Example:
        >>> import numpy as np
        >>> from embedkit import Bidirectional, GRUCell, backward_both, forward_both
        >>> generator = np.random.default_rng(1)
        >>> cells = Bidirectional(GRUCell.initial(2, 3, generator), GRUCell.initial(2, 3, generator))
        >>> done = forward_both(cells, np.ones((5, 4, 2), np.float32))
        >>> sorted(backward_both(done, np.ones_like(done.states)).weights)[:2]
        ['backward/bias', 'backward/kernel']
    """
    of_sides = np.split(of_states, 2, axis=2)
    of_ends = (None, None) if of_final is None else np.split(of_final, 2, axis=2)
    forward, backward = map(backward_through_time, done.passes, of_sides, of_ends)
    weights = {
        f"{side}/{name}": gradient
        for side, found in (("forward", forward), ("backward", backward))
        for name, gradient in found.weights.items()
    }
    initial = _joined(forward, backward, "initial")
    return SequenceGradients(forward.inputs + backward.inputs, initial, weights)


def _joined(forward: object, backward: object, name: str) -> FloatArray:
    return np.concatenate([getattr(forward, name), getattr(backward, name)], axis=2)
