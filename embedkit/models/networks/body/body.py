"""`Body`: the layers between the vectors of words and the scores of classes, drawn at random."""

from __future__ import annotations

from typing import Any

from embedkit.models.layers.layers import (
    Attention,
    Conv1D,
    Dense,
    Dropout,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    LastState,
    MaxPooling1D,
    RecurrentLayer,
)
from embedkit.models.layers.stack import OUTPUT, LayerStack, PlacedLayer
from embedkit.models.networks.body.base import BodyLayer, Maker, Steps
from embedkit.models.networks.body.convolution import ConvBody, MaxPoolingBody
from embedkit.models.networks.body.pooling import (
    AttentionBody,
    GlobalAverageBody,
    GlobalMaxBody,
    LastStateBody,
)
from embedkit.models.networks.body.recurrent import RecurrentBody
from embedkit.models.networks.body.rows import DenseBody, DropoutBody

BODY_LAYERS: dict[type[Any], type[BodyLayer]] = {
    Attention: AttentionBody,
    Conv1D: ConvBody,
    Dense: DenseBody,
    Dropout: DropoutBody,
    GlobalAveragePooling1D: GlobalAverageBody,
    GlobalMaxPooling1D: GlobalMaxBody,
    LastState: LastStateBody,
    MaxPooling1D: MaxPoolingBody,
}


class Body:
    """The layers of a network.

    Args:
        stack: what it is built of.
        size: dimensions of the vectors of words.
        columns: how many scores a text gets.
        seed: of the weights, and of what dropout leaves out.
        precision: a Keras policy; scores are float32 in any case.

    Attributes:
        layers: all but the output layer, `scores`.
        named_weights: the Keras variables of all layers, all of them trained, by the names of
            `LayerStack.weight_shapes`.
    """

    def __init__(self, stack: LayerStack, size: int, columns: int, *, seed: int, precision: str) -> None:
        self.precision = precision
        make = Maker(seed, precision)
        self.stack = stack
        self.layers = [_body_layer(place, make) for place in stack.placed(size)]
        self.scores = make.dense(OUTPUT, stack.width(size), columns, dtype="float32")
        self.named_weights: dict[str, Any] = {
            f"{layer.place.name}/{name}": weight
            for layer in self.layers
            for name, weight in layer.weights.items()
        }
        self.named_weights |= {f"{OUTPUT}/kernel": self.scores.kernel, f"{OUTPUT}/bias": self.scores.bias}

    def __call__(self, words: Any, places: Any, lengths: Any, training: bool = False) -> Any:
        """The scores of texts, float32 (n, columns).

        Args:
            words: their vectors, float32 (m, D).
            places: the words of the texts, int32 (n, T).
            lengths: how many of them are there, int32 (n,): the first ones of each text, at least one.
            training: whether dropout leaves out some.
        """
        state: Any = Steps(words, places, lengths)
        for layer in self.layers:
            state = layer(state, training)
        return self.scores(state)

    @property
    def weights(self) -> list[Any]:
        """The Keras variables of all layers."""
        return list(self.named_weights.values())

    @property
    def variables(self) -> list[Any]:
        """The Keras variables of all layers, those among them that hold the state of what is drawn."""
        return [*self.weights, *(each for layer in self.layers for each in layer.variables)]

    @property
    def compiled(self) -> bool:
        """Whether some layers are computed by compiled code."""
        return any(layer.compiled for layer in self.layers)

    def compile(self) -> None:
        """Compile what `compiled` layers need, or load it from disk."""
        for layer in self.layers:
            layer.compile()


def _body_layer(place: PlacedLayer, make: Maker) -> BodyLayer:
    kind = RecurrentBody if isinstance(place.layer, RecurrentLayer) else BODY_LAYERS[type(place.layer)]
    return kind(place, make)
