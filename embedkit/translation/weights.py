"""The weights of a network by name: their shapes, how they begin, and the cells that they belong to.

`vectors` are tables of tokens; cells stand under `encoder/1/forward`, `encoder/1/backward`, `decoder/1` and
so on; `bridge/1` makes the decoder's first state of the encoder's last ones; `attention` is described in
`embedkit.neural.attention`; `combine` makes of context and state what tokens are scored by.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from embedkit.arrays import FloatArray, Ints2d
from embedkit.neural.attention import ATTENTIONS
from embedkit.neural.cells.cell import RecurrentCell
from embedkit.neural.cells.kinds import CELLS
from embedkit.neural.initializers import glorot_uniform
from embedkit.translation.parameters import Seq2SeqLayers

NamedWeights = dict[str, FloatArray]

SOURCE, TARGET, OUTPUT = "source/vectors", "target/vectors", "output/vectors"
DIRECTIONS = ("forward", "backward")


def initial_weights(layers: Seq2SeqLayers, sources: int, targets: int, seed: int) -> NamedWeights:
    """NamedWeights drawn at random, float32, for so many tokens of each side.

    Kernels are those of Glorot and Bengio (2010), recurrent ones orthogonal; vectors are normal with the
    deviation 1 / sqrt(size), so that tied ones give scores of the size of one.
    """
    generator = np.random.default_rng(seed)
    size, units = layers.vector_size, layers.units
    scale = np.float32(size**-0.5)
    tables = {SOURCE: sources, TARGET: targets} | ({} if layers.tied else {OUTPUT: targets})
    weights: NamedWeights = {
        name: generator.standard_normal((rows, size), np.float32) * scale for name, rows in tables.items()
    }
    cell, read = CELLS[layers.cell], size
    for number in range(1, layers.recurrent_layers + 1):
        parts = {f"encoder/{number}/{side}": (read, units // 2) for side in DIRECTIONS}
        parts[f"decoder/{number}"] = (decoder_input(layers) if number == 1 else units, units)
        for name, shape in parts.items():
            drawn = cell.initial(*shape, generator).weights()
            weights |= {f"{name}/{part}": weight for part, weight in drawn.items()}
        read = units
        weights[f"bridge/{number}/kernel"] = np.stack(
            [glorot_uniform(generator, (units, units), 2 * units) for _ in range(cell.state_parts)]
        )
        weights[f"bridge/{number}/bias"] = np.zeros((cell.state_parts, 1, units), np.float32)
    for name, size_of in ATTENTIONS[layers.attention].shapes(units, units).items():
        weights[f"attention/{name}"] = glorot_uniform(generator, size_of, sum(size_of))
    weights["combine/kernel"] = glorot_uniform(generator, (2 * units, size), 2 * units + size)
    weights["combine/bias"] = np.zeros(size, np.float32)
    weights["output/bias"] = np.zeros(targets, np.float32)
    return weights


def weight_shapes(layers: Seq2SeqLayers, sources: int, targets: int) -> dict[str, tuple[int, ...]]:
    """The shape of each weight, for so many tokens of each side."""
    size, units, cell = layers.vector_size, layers.units, CELLS[layers.cell]
    shapes: dict[str, tuple[int, ...]] = {SOURCE: (sources, size), TARGET: (targets, size)}
    if not layers.tied:
        shapes[OUTPUT] = (targets, size)
    for number in range(1, layers.recurrent_layers + 1):
        read = size if number == 1 else units
        for side in DIRECTIONS:
            shapes |= _cell_shapes(f"encoder/{number}/{side}", cell, read, units // 2)
        read = decoder_input(layers) if number == 1 else units
        shapes |= _cell_shapes(f"decoder/{number}", cell, read, units)
        shapes[f"bridge/{number}/kernel"] = (cell.state_parts, units, units)
        shapes[f"bridge/{number}/bias"] = (cell.state_parts, 1, units)
    for name, shape in ATTENTIONS[layers.attention].shapes(units, units).items():
        shapes[f"attention/{name}"] = shape
    shapes |= {"combine/kernel": (2 * units, size), "combine/bias": (size,)}
    return shapes | {"output/bias": (targets,)}


def decoder_input(layers: Seq2SeqLayers) -> int:
    """How many numbers the first layer of the decoder reads: the vector of a token, and what is fed."""
    return layers.vector_size * (2 if layers.input_feeding else 1)


def _cell_shapes(name: str, cell: type[RecurrentCell], read: int, units: int) -> dict[str, tuple[int, ...]]:
    width = cell.gates * units
    return {
        f"{name}/kernel": (read, width),
        f"{name}/recurrent_kernel": (units, width),
        f"{name}/bias": (2, width) if cell is CELLS["gru"] else (width,),
    }


def cell_of(layers: Seq2SeqLayers, weights: Mapping[str, FloatArray], name: str) -> RecurrentCell:
    """The cell whose weights stand under a name."""
    return CELLS[layers.cell](**within(weights, name))


def within(weights: Mapping[str, FloatArray], name: str) -> NamedWeights:
    """The weights under a name, by what follows it."""
    return {
        key.removeprefix(f"{name}/"): weight for key, weight in weights.items() if key.startswith(f"{name}/")
    }


def add_under(gradients: NamedWeights, name: str, found: Mapping[str, FloatArray]) -> None:
    """Add gradients to those under a name."""
    for part, gradient in found.items():
        gradients[f"{name}/{part}"] += gradient


def add_rows(table: FloatArray, numbers: Ints2d, gradients: FloatArray) -> None:
    """Add the gradients (..., D) of rows that were read to those of the table (V, D).

    Example:
        >>> import numpy as np
        >>> from embedkit.translation.weights import add_rows
        >>> table = np.zeros((3, 1))
        >>> add_rows(table, np.array([2, 0, 2]), np.array([[1.0], [5], [2]]))
        >>> table.ravel().tolist()
        [5.0, 0.0, 3.0]
    """
    flat = numbers.ravel()
    order = np.argsort(flat, kind="stable")
    rows, begins = np.unique(flat[order], return_index=True)
    table[rows] += np.add.reduceat(gradients.reshape(-1, gradients.shape[-1])[order], begins)
