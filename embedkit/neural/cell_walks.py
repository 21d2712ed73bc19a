"""`CellWalk`: a cell of a trained model with what it reads; its gates, and how far its gradients reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Floats2d, Floats3d
from embedkit.errors import InputError
from embedkit.neural.cells.cell import RecurrentCell
from embedkit.neural.cells.kinds import kind_shown
from embedkit.neural.cells.sequence import forward_through_time
from embedkit.neural.gradient_reach import GradientReach, gradient_norms


class CellWalk(NamedTuple):
    """A cell and the sequences that it reads.

    Args:
        name: of the layer, and of the direction where there are two, such as "layer2/forward".
        cell: that reads.
        inputs: (T, n, F), in the order of the text.
        backward: from the last token to the first.
    """

    name: str
    cell: RecurrentCell
    inputs: Floats3d
    backward: bool = False

    @property
    def states(self) -> Floats3d:
        """What the cell shows at each token, (T, n, units)."""
        return forward_through_time(self.cell, self.inputs, reverse=self.backward).states


class TextWalks(NamedTuple):
    """The tokens that a model reads of a text, and its cells over them."""

    tokens: Sequence[str]
    walks: Sequence[CellWalk]


class GateValues(NamedTuple):
    """A gate at each token of a text.

    Args:
        layer: its name and direction, such as "layer2/forward".
        gate: its name: input, forget or output of an LSTM, update or reset of a GRU.
        values: between 0 and 1, (T, units), in the order of the text.
    """

    layer: str
    gate: str
    values: Floats2d


class TextGates(NamedTuple):
    """The tokens that a model reads of a text, and all gates at them."""

    tokens: Sequence[str]
    gates: Sequence[GateValues]


def gates_over(read: TextWalks) -> TextGates:
    """The gates of cells over a text.

    Raises:
        InputError: none of the cells has gates.

    Example:
        >>> import numpy as np
        >>> from embedkit import GRUCell
        >>> from embedkit.neural.cell_walks import CellWalk, TextWalks, gates_over
        >>> cell = GRUCell(np.zeros((1, 6)), np.zeros((2, 6)), np.zeros((2, 6)))
        >>> walk = CellWalk("layer1", cell, np.ones((3, 1, 1)))
        >>> update, reset = gates_over(TextWalks(["a", "b", "c"], [walk])).gates
        >>> update.gate, update.values[0].tolist()
        ('update', [0.5, 0.5])
    """
    gates = [found for walk in read.walks for found in _gates(walk)]
    if not gates:
        raise InputError("the model has no LSTM and no GRU, so there are no gates to show")
    return TextGates(read.tokens, gates)


def _gates(walk: CellWalk) -> Iterator[GateValues]:
    done = forward_through_time(walk.cell, walk.inputs, reverse=walk.backward)
    steps = [walk.cell.gates_in(kept) for kept in done.kept]
    for gate in steps[0]:
        values = np.concatenate([step[gate] for step in steps])
        yield GateValues(walk.name, gate, values[::-1] if walk.backward else values)


def reach_over(walks: Iterable[CellWalk], generator: np.random.Generator) -> list[GradientReach]:
    """How far gradients reach in cells, over the sequences that these read.

    Raises:
        InputError: no cell.
    """
    reaches = [
        GradientReach(
            f"{walk.name} {kind_shown(walk.cell)}",
            gradient_norms(walk.cell, walk.inputs[::-1] if walk.backward else walk.inputs, generator),
        )
        for walk in walks
    ]
    if not reaches:
        raise InputError("the model has no recurrent layers, so gradients do not go through time")
    return reaches
