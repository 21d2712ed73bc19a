"""`Architecture`: the layers of a network and the shapes of its weights, for training and prediction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from embedkit.hyperparameters import hyperparameter

TABLE = "vectors"  # the name of the table of word vectors among the weights
Weights = Mapping[str, NDArray[np.float32]]  # by name, see `weight_shapes`
GATES = {"lstm": 4, "gru": 3, "rnn": 1}


@dataclass(kw_only=True, eq=False, repr=False)
class Architecture:
    """What a network is built of, from the vectors of words to the scores of classes."""

    cell: Literal["lstm", "gru", "rnn", "conv"] = hyperparameter(
        "lstm", "type of the layers: recurrent cells or convolutions"
    )
    layers: int = hyperparameter(1, "number of layers", minimum=1, maximum=100)
    units: int = hyperparameter(64, "hidden units per direction", minimum=1, maximum=16384)
    bidirectional: bool = hyperparameter(True, "bidirectional recurrent layers")
    width: int = hyperparameter(5, "kernel width of convolutions, in tokens", minimum=1, maximum=1000)
    pooling: Literal["last", "max", "mean", "attention"] = hyperparameter(
        "attention", "pooling over time: the last state, or the maximum, mean or attention over all tokens"
    )
    vector_dropout: float = hyperparameter(0.4, "dropout rate on the word vectors", minimum=0, maximum=0.95)
    layer_dropout: float = hyperparameter(0.0, "dropout rate between layers", minimum=0, maximum=0.95)
    dropout: float = hyperparameter(0.5, "dropout rate before the output layer", minimum=0, maximum=0.95)


def weight_shapes(architecture: Architecture, size: int, columns: int) -> dict[str, tuple[int, ...]]:
    """The shapes of all weights but the table, for vectors of `size` dimensions."""
    units = architecture.units
    shapes: dict[str, tuple[int, ...]] = {}
    for number in range(1, architecture.layers + 1):
        name = f"layer{number}"
        if architecture.cell == "conv":
            shapes[f"{name}/kernel"] = (architecture.width, size, units)
            shapes[f"{name}/bias"] = (units,)
        for direction in directions(architecture):
            gates = GATES[architecture.cell] * units
            shapes[f"{name}/{direction}/kernel"] = (size, gates)
            shapes[f"{name}/{direction}/recurrent_kernel"] = (units, gates)
            shapes[f"{name}/{direction}/bias"] = (2, gates) if architecture.cell == "gru" else (gates,)
        size = units * max(1, len(directions(architecture)))
    if architecture.pooling == "attention":
        shapes |= {"attention/kernel": (size, units), "attention/bias": (units,)}
        shapes["attention_query/kernel"] = (units, 1)
    return {**shapes, "scores/kernel": (size, columns), "scores/bias": (columns,)}


def directions(architecture: Architecture) -> tuple[str, ...]:
    """In which directions the layers read; none of convolutions."""
    if architecture.cell == "conv":
        return ()
    return ("forward", "backward") if architecture.bidirectional else ("forward",)
