"""How far gradients reach: why there are gates.

The gradient of the last state with respect to the state k steps before is a product of k factors, one a step
(Pascanu et al. 2013, equation 5): in a simple network it vanishes, or explodes, exponentially with k. Gated
cells pass their memory on by a sum (Hochreiter and Schmidhuber 1997, section 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Doubles1d, Floats3d
from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter
from embedkit.neural.cells.cell import RecurrentCell
from embedkit.neural.cells.kinds import CELLS
from embedkit.neural.cells.sequence import forward_through_time
from embedkit.neural.recall import SIZE, recall_batch, train_to_recall

MAX_DISTANCE, MAX_UNITS, MAX_SEQUENCES = 10_000, 4096, 4096
MEASURED = 50  # last batches of a training whose share of right answers is told


@dataclass(frozen=True, kw_only=True)
class ReachParameters:
    """What cells are compared on."""

    distance: int = hyperparameter(100, "steps that gradients go back", minimum=1, maximum=MAX_DISTANCE)
    units: int = hyperparameter(32, "units of each cell", minimum=1, maximum=MAX_UNITS)
    sequences: int = hyperparameter(
        32, "sequences whose norms are averaged", minimum=1, maximum=MAX_SEQUENCES
    )
    recurrent_scale: float = hyperparameter(
        1.0, "factor of the recurrent weights, which are orthogonal with 1", above=0, maximum=100
    )
    forget_bias: float = hyperparameter(
        2.0, "bias of forget gates (LSTM) and update gates (GRU)", minimum=-100, maximum=100
    )
    updates: int = hyperparameter(
        0,
        "batches of training to recall the first symbol of a sequence after so many steps; 0: random weights",
        minimum=0,
        maximum=1_000_000,
    )

    def __post_init__(self) -> None:
        check(self)


class GradientReach(NamedTuple):
    """The norms of a cell.

    Args:
        name: of the cell.
        norms: of the gradient with respect to the state k steps before, k from 0, (distance + 1,).
        recalled: the share of right answers at the end of the training; None without.
    """

    name: str
    norms: Doubles1d
    recalled: float | None = None

    @property
    def label(self) -> str:
        """What it is called in a picture."""
        return self.name if self.recalled is None else f"{self.name}, recalls {100 * self.recalled:.0f} %"


def compare_reach(parameters: ReachParameters, cells: Sequence[str], seed: int) -> list[GradientReach]:
    """The reach of gradients in cells of the names rnn, lstm and gru (in any case), at random or trained.

    Raises:
        InputError: no cell, or one of another name.

    Example:
        >>> from embedkit.neural.gradient_reach import ReachParameters, compare_reach
        >>> [found] = compare_reach(ReachParameters(distance=2), ["rnn"], seed=1)
        >>> found.name, found.norms.shape, bool(found.norms[2] < found.norms[0])
        ('RNN', (3,), True)
    """
    cells = [name.lower() for name in cells]
    if not cells or (unknown := set(cells) - CELLS.keys()):
        raise InputError(f"expected cells of {', '.join(CELLS)}, got {', '.join(sorted(unknown)) or 'none'}")
    return [_reach(name, parameters, seed) for name in cells]


def _reach(name: str, parameters: ReachParameters, seed: int) -> GradientReach:
    generator, steps, units = np.random.default_rng(seed), parameters.distance + 1, parameters.units
    cell = CELLS[name].initial(SIZE, units, generator)
    cell.recurrent_kernel[...] *= parameters.recurrent_scale
    if name == "lstm":
        cell.bias[units : 2 * units] = parameters.forget_bias
    elif name == "gru":
        cell.bias[0, :units] = parameters.forget_bias
    recalled = None
    if parameters.updates:
        right = train_to_recall(cell, steps, parameters.updates, generator, compiled=True)
        recalled = float(np.mean(right[-MEASURED:]))
    inputs, _ = recall_batch(steps, parameters.sequences, generator)
    return GradientReach(name.upper(), gradient_norms(cell, inputs, generator), recalled)


def gradient_norms(cell: RecurrentCell, inputs: Floats3d, generator: np.random.Generator) -> Doubles1d:
    """The mean norm of the gradient of the last state with respect to that k steps before, k from 0, (T,).

    What is derived is a random direction of what the cell shows last, of length 1, one a sequence; states are
    all that the cell hands on, the memory of an LSTM too.

    Args:
        cell: any.
        inputs: (T, n, F), of n sequences whose norms are averaged.
        generator: draws the directions.

    Example:
        >>> import numpy as np
        >>> from embedkit import SimpleRNNCell, gradient_norms
        >>> cell = SimpleRNNCell(np.ones((1, 1)), np.full((1, 1), 0.5), np.zeros(1))
        >>> gradient_norms(cell, np.zeros((4, 1, 1)), np.random.default_rng(1)).tolist()
        [1.0, 0.5, 0.25, 0.125]
    """
    done = forward_through_time(cell, inputs)
    of_state = np.zeros_like(done.final)
    of_state[0] = generator.standard_normal(of_state[0].shape)
    of_state[0] /= np.linalg.norm(of_state[0], axis=1, keepdims=True)
    unused = {name: np.zeros_like(weight) for name, weight in cell.weights().items()}
    norms = []
    for kept in reversed(done.kept):
        norms.append(float(np.sqrt((of_state.astype(np.float64) ** 2).sum(axis=(0, 2))).mean()))
        _, of_state = cell.step_back(of_state, kept, unused)
    return np.array(norms)
