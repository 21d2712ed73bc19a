"""The weights of a recurrent language model by name: their shapes, how they begin, and their cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.language_models.parameters import RecurrentLayers
from embedkit.neural.cells.cell import RecurrentCell
from embedkit.neural.cells.kinds import CELLS

VECTORS, OUTPUT, BIAS = "vectors", "output", "output_bias"
VECTOR_RANGE = 0.1  # vectors begin within it, as in Zaremba et al. (2014)
NetworkWeights = dict[str, NDArray[np.float32]]


def layer_units(layers: RecurrentLayers) -> list[int]:
    """The units of each recurrent layer."""
    units = layers.units or layers.vector_size
    return [*[units] * (layers.recurrent_layers - 1), layers.vector_size if layers.tied else units]


def initial_network(
    layers: RecurrentLayers, counts: NDArray[np.integer], generator: np.random.Generator
) -> NetworkWeights:
    """Weights drawn at random; before it learns, a network predicts tokens by how often each occurs, (V,)."""
    size = len(counts)
    weights: NetworkWeights = {VECTORS: _uniform(generator, (size, layers.vector_size))}
    width = layers.vector_size
    for number, units in enumerate(layer_units(layers), 1):
        cell = CELLS[layers.cell].initial(width, units, generator)
        weights |= {f"layer{number}/{name}": weight for name, weight in cell.weights().items()}
        width = units
    if not layers.tied:
        weights[OUTPUT] = _uniform(generator, (size, width))
    weights[BIAS] = np.log((counts + 0.5) / (counts.sum() + 0.5 * size)).astype(np.float32)
    return weights


def _uniform(generator: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.float32]:
    return generator.uniform(-VECTOR_RANGE, VECTOR_RANGE, shape).astype(np.float32)


def network_shapes(layers: RecurrentLayers, size: int) -> dict[str, tuple[int, ...]]:
    """The shape of each weight."""
    shapes: dict[str, tuple[int, ...]] = {VECTORS: (size, layers.vector_size)}
    width, gates = layers.vector_size, CELLS[layers.cell].gates
    for number, units in enumerate(layer_units(layers), 1):
        shapes[f"layer{number}/kernel"] = width, gates * units
        shapes[f"layer{number}/recurrent_kernel"] = units, gates * units
        shapes[f"layer{number}/bias"] = (2, gates * units) if layers.cell == "gru" else (gates * units,)
        width = units
    if not layers.tied:
        shapes[OUTPUT] = size, width
    shapes[BIAS] = (size,)
    return shapes


def network_cells(layers: RecurrentLayers, weights: Mapping[str, NDArray[Any]]) -> list[RecurrentCell]:
    """The cells of the recurrent layers, the first first."""
    names = ("kernel", "recurrent_kernel", "bias")
    return [
        CELLS[layers.cell](**{name: weights[f"layer{number}/{name}"] for name in names})
        for number in range(1, layers.recurrent_layers + 1)
    ]


def output_table(weights: Mapping[str, NDArray[Any]]) -> str:
    """The name of the vectors that tokens are predicted by."""
    return OUTPUT if OUTPUT in weights else VECTORS
