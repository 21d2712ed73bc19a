"""`LayerStack`: layers that fit one another, and the shapes of all weights of a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.errors import InputError
from embedkit.hyperparameters import described
from embedkit.models.layers.layers import (
    Attention,
    Conv1D,
    Dense,
    Dropout,
    LastState,
    Layer,
    RecurrentLayer,
)
from embedkit.models.layers.spec import Layers, read_layers, write_layers

TABLE = "vectors"  # the name of the table of word vectors among the weights
OUTPUT = "scores"  # the name of the output layer
DEFAULT = "dropout:0.4 bilstm:64 attention:64 dropout:0.5"
MAX_LAYERS = 200
Weights = Mapping[str, NDArray[np.float32]]  # by name, see `LayerStack.weight_shapes`
Shapes = dict[str, tuple[int, ...]]


@dataclass(kw_only=True, eq=False, repr=False)
class LayersParameter:
    """The layers between the word vectors and the output layer, as estimators take them."""

    layers: Layers = described(
        DEFAULT,
        "layers from the word vectors to the output layer: lstm, bilstm, gru, bigru, rnn or birnn:UNITS, "
        "conv:FILTERS:WIDTH, maxpool:SIZE, one of max, mean, last and attention:UNITS over time, "
        "dropout:RATE, dense:UNITS:ACTIVATION",
    )


class PlacedLayer(NamedTuple):
    """A layer at its place in a network.

    Args:
        name: under which its weights stand, "layer1" for the first.
        layer: what it is.
        size: how many numbers it reads, of a token or of a text.
        width: how many it gives.
        sequence: whether it reads a sequence.
        backward: how many of the numbers that it reads, the last ones, a recurrent layer gave that reads
            backwards: its last state is that of the first token.
    """

    name: str
    layer: Layer
    size: int
    width: int
    sequence: bool
    backward: int


class LayerStack:
    """Layers in order, checked to fit.

    `LastState` is put behind a recurrent layer after which nothing reads a sequence.

    Args:
        layers: in words, or as layers.

    Raises:
        InputError: no layers, or layers that do not fit one another.

    Example:
        >>> from embedkit.models.layers.stack import LayerStack
        >>> LayerStack("bilstm:64 dense:16:relu").layers[1]
        LastState()
        >>> LayerStack("max lstm:8")
        Traceback (most recent call last):
            ...
        embedkit.errors.InputError: layer 2, lstm:8, reads a sequence, but max before it leaves one vector \
a text; move it in front, or leave max out
    """

    def __init__(self, layers: Layers) -> None:
        given = read_layers(layers)
        if not given:
            raise InputError(f'expected at least one layer, got none; the default is "{DEFAULT}"')
        if len(given) > MAX_LAYERS:
            raise InputError(f"expected at most {MAX_LAYERS} layers, got {len(given)}")
        _check_order(given)
        self.layers = tuple(_pooled(given))

    def placed(self, size: int) -> Iterator[PlacedLayer]:
        """All layers at their places, for word vectors of `size` dimensions."""
        sequence, backward = True, 0
        for number, layer in enumerate(self.layers, 1):
            width = _width(layer, size)
            yield PlacedLayer(f"layer{number}", layer, size, width, sequence, backward)
            size, sequence = width, sequence and layer.gives != "vector"
            if not isinstance(layer, Dropout):
                both = isinstance(layer, RecurrentLayer) and layer.bidirectional
                backward = width // 2 if both else 0

    def merged(self, size: int) -> Iterator[tuple[PlacedLayer, bool]]:
        """All layers but a `LastState` behind a recurrent one, and of each whether it gives that itself."""
        places = list(self.placed(size))
        for number, place in enumerate(places):
            recurrent = [
                isinstance(other.layer, RecurrentLayer) for other in places[max(number - 1, 0) : number + 1]
            ]
            if not (isinstance(place.layer, LastState) and recurrent[0]):
                after = places[min(number + 1, len(places) - 1)].layer
                yield place, recurrent[-1] and isinstance(after, LastState)

    def width(self, size: int) -> int:
        """How many numbers of a text the output layer reads, for word vectors of `size` dimensions."""
        return [size, *(place.width for place in self.placed(size))][-1]

    def weight_shapes(self, size: int, columns: int) -> Shapes:
        """The shapes of all weights but the table, for vectors of `size` dimensions and so many scores."""
        shapes: Shapes = {}
        for place in self.placed(size):
            shapes |= {f"{place.name}/{name}": shape for name, shape in _shapes(place).items()}
        return {**shapes, f"{OUTPUT}/kernel": (self.width(size), columns), f"{OUTPUT}/bias": (columns,)}


def _width(layer: Layer, size: int) -> int:
    if isinstance(layer, RecurrentLayer):
        return layer.units * len(layer.directions)
    if isinstance(layer, Conv1D):
        return layer.filters
    return layer.units if isinstance(layer, Dense) else size


def _shapes(place: PlacedLayer) -> Shapes:
    """The shapes of the weights of a layer, by the names they have in it."""
    layer, size = place.layer, place.size
    if isinstance(layer, RecurrentLayer):
        gates = layer.gates * layer.units
        return {
            f"{direction}/{name}": shape
            for direction in layer.directions
            for name, shape in {
                "kernel": (size, gates),
                "recurrent_kernel": (layer.units, gates),
                "bias": (2, gates) if layer.cell == "gru" else (gates,),
            }.items()
        }
    if isinstance(layer, Conv1D):
        return {"kernel": (layer.kernel_size, size, layer.filters), "bias": (layer.filters,)}
    if isinstance(layer, Attention):
        return {"kernel": (size, layer.units), "bias": (layer.units,), "query": (layer.units, 1)}
    return {"kernel": (size, layer.units), "bias": (layer.units,)} if isinstance(layer, Dense) else {}


def _check_order(layers: tuple[Layer, ...]) -> None:
    """Raise `InputError` for a layer that reads a sequence where none is left, or an end that is none."""
    pooling: Layer | None = None
    for number, layer in enumerate(layers, 1):
        if layer.reads == "sequence" and pooling is not None:
            raise InputError(
                f"layer {number}, {write_layers([layer])}, reads a sequence, but {write_layers([pooling])} "
                f"before it leaves one vector a text; move it in front, or leave "
                f"{write_layers([pooling])} out"
            )
        pooling = layer if layer.gives == "vector" else pooling
    last = layers[-1]
    if isinstance(last, Dense) and last.units == 1 and last.activation == "sigmoid":
        raise InputError("the output layer is added for the labels; leave dense:1:sigmoid at the end out")
    reading = [layer for layer in layers if layer.reads == "sequence"]
    if pooling is None and not (reading and isinstance(reading[-1], RecurrentLayer)):
        raise InputError(
            f'"{write_layers(layers)}" leaves a vector of each token; add max, mean or attention, which '
            "make one of the text"
        )


def _pooled(layers: tuple[Layer, ...]) -> Iterator[Layer]:
    """The layers, with `LastState` behind a recurrent one after which nothing reads a sequence."""
    for number, layer in enumerate(layers):
        yield layer
        later = layers[number + 1 :]
        if isinstance(layer, RecurrentLayer) and all(other.reads != "sequence" for other in later):
            yield LastState()
