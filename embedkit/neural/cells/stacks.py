"""Deep recurrent networks (Graves et al. 2013): each layer reads the states of the one below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from embedkit.arrays import FloatArray, Longs1d
from embedkit.neural.cells.bidirectional import (
    Bidirectional,
    BidirectionalPass,
    backward_both,
    forward_both,
)
from embedkit.neural.cells.cell import NamedArrays, RecurrentCell
from embedkit.neural.cells.sequence import (
    SequencePass,
    backward_through_time,
    forward_through_time,
)


@dataclass(frozen=True)
class StackPass:
    """The way of all layers.

    Args:
        passes: of each layer.
        masks: what the states of each layer but the last were multiplied by.
    """

    passes: Sequence[SequencePass | BidirectionalPass]
    masks: Sequence[FloatArray]

    @property
    def states(self) -> FloatArray:
        """What the last layer shows at each step, (T, n, any)."""
        return self.passes[-1].states

    @property
    def final(self) -> list[FloatArray]:
        """The final state of each layer."""
        return [done.final for done in self.passes]


@dataclass(frozen=True)
class StackGradients:
    """Gradients: of the inputs, of each layer's initial state, of weights by names as "layer1/kernel"."""

    inputs: FloatArray
    initial: list[FloatArray]
    weights: NamedArrays


def forward_stack(
    layers: Sequence[RecurrentCell | Bidirectional],
    inputs: FloatArray,
    initial: Sequence[FloatArray] | None = None,
    lengths: Longs1d | None = None,
    masks: Sequence[FloatArray] = (),
    compiled: bool = False,
) -> StackPass:
    """Read sequences by layers.

    Args:
        layers: from the lowest.
        inputs: (T, n, F).
        initial: the state of each layer before the first step; None of zeros.
        lengths: the number of tokens of each sequence, (n,); None if all have T.
        masks: what the states of each layer but the last are multiplied by, such as `dropout_mask`s.
        compiled: by compiled steps, which pays in training.

    Example:
        >>> import numpy as np
        >>> from embedkit import GRUCell, LSTMCell, backward_stack, forward_stack
        >>> generator = np.random.default_rng(1)
        >>> layers = [LSTMCell.initial(2, 3, generator), GRUCell.initial(3, 4, generator)]
        >>> done = forward_stack(layers, np.ones((6, 5, 2), np.float32))
        >>> done.states.shape, [state.shape for state in done.final]
        ((6, 5, 4), [(2, 5, 3), (1, 5, 4)])
        >>> backward_stack(done, np.ones_like(done.states)).weights["layer2/kernel"].shape
        (3, 12)
    """
    passes: list[SequencePass | BidirectionalPass] = []
    for number, layer in enumerate(layers):
        state = None if initial is None else initial[number]
        if isinstance(layer, Bidirectional):
            passes.append(forward_both(layer, inputs, state, lengths, compiled))
        else:
            passes.append(forward_through_time(layer, inputs, state, lengths, compiled=compiled))
        inputs = passes[-1].states
        if number < len(masks):
            inputs = inputs * masks[number]
    return StackPass(passes, masks)


def backward_stack(
    done: StackPass, of_states: FloatArray, of_final: Sequence[FloatArray] | None = None
) -> StackGradients:
    """Backpropagation through time, from the last layer to the first.

    Args:
        done: by `forward_stack`.
        of_states: the gradient of `done.states`.
        of_final: that of `done.final`; None of zeros.

    Example:
        >>> import numpy as np
        >>> from embedkit import SimpleRNNCell, backward_stack, forward_stack
        >>> layers = [SimpleRNNCell.initial(2, 2, np.random.default_rng(seed)) for seed in range(2)]
        >>> done = forward_stack(layers, np.ones((3, 1, 2), np.float32))
        >>> backward_stack(done, np.ones_like(done.states)).inputs.shape
        (3, 1, 2)
    """
    weights: NamedArrays = {}
    initial: list[FloatArray] = []
    for number in reversed(range(len(done.passes))):
        layer = done.passes[number]
        if number < len(done.masks):
            of_states = of_states * done.masks[number]
        of_end = None if of_final is None else of_final[number]
        if isinstance(layer, BidirectionalPass):
            found = backward_both(layer, of_states, of_end)
        else:
            found = backward_through_time(layer, of_states, of_end)
        of_states = found.inputs
        initial.insert(0, found.initial)
        weights |= {f"layer{number + 1}/{name}": value for name, value in found.weights.items()}
    return StackGradients(of_states, initial, weights)
