"""A trained network as a plain Keras model, made of Keras' own layers and operations alone.

The model reads ids as `TextClassifier.token_ids` gives them: 0 is padding, and stands behind the words. A
network of recurrent layers, dense layers, dropout and means becomes a `Sequential`, through which Keras
carries the mask of the padding; other layers read the mask from operations between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embedkit.models.layers.layers import (
    Attention,
    Conv1D,
    Dense,
    Dropout,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    LastState,
    Layer,
    MaxPooling1D,
    RecurrentLayer,
)
from embedkit.models.layers.stack import OUTPUT, TABLE, LayerStack, PlacedLayer, Weights
from embedkit.models.layers.windows import window_count
from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.body.recurrent import KERAS_NAMES
from embedkit.models.targets import Task

ACTIVATIONS = {"multiclass": "softmax", "regression": "linear"}  # of the output layer, by task
LOWEST = -1e9  # stands for minus infinity


def to_keras(stack: LayerStack, weights: Weights, task: Task) -> Any:
    """A Keras model from ids, integers (n, T), to probabilities (n, columns), or to the scores of numbers.

    Convolutions and pooling with `padding="same"` and strides above 1 are those of Keras, which depend on how
    far texts are padded; on texts of one length they are ours.

    Args:
        stack: the layers.
        weights: of all of them, and the table of vectors.
        task: whose probabilities the output layer gives.
    """
    _, keras = load_backend()
    table = weights[TABLE]
    layers, places = keras.layers, list(stack.merged(table.shape[1]))
    embedding = layers.Embedding(*table.shape, mask_zero=True, name=TABLE)
    columns = len(weights[f"{OUTPUT}/bias"])
    activation = ACTIVATIONS.get(task, "sigmoid")
    output = layers.Dense(columns, activation=activation, name=OUTPUT)
    made = [(place, _keras_layer(place, last)) for place, last in places]
    if all(
        isinstance(place.layer, (RecurrentLayer, Dense, Dropout, GlobalAveragePooling1D)) for place, _ in made
    ):
        model = keras.Sequential(
            [keras.Input((None,), dtype="int32"), embedding, *(own for _, own in made), output]
        )
    else:
        model = _functional(keras, embedding, made, output)
    embedding.set_weights([table])
    output.set_weights([weights[f"{OUTPUT}/kernel"], weights[f"{OUTPUT}/bias"]])
    for place, layer in made:
        _set_weights(place, layer, weights)
    return model


def _keras_layer(place: PlacedLayer, last: bool) -> Any:
    """The Keras layers of a layer: one, or two of attention, or none of a last state."""
    layers, layer, name = load_backend()[1].layers, place.layer, place.name
    if isinstance(layer, RecurrentLayer):
        one = getattr(layers, KERAS_NAMES[layer.cell])(
            layer.units,
            return_sequences=not last,
            recurrent_dropout=layer.recurrent_dropout,
            **({} if layer.bidirectional else {"name": name}),
        )
        return layers.Bidirectional(one, name=name) if layer.bidirectional else one
    if isinstance(layer, Conv1D):
        return layers.Conv1D(
            layer.filters,
            layer.kernel_size,
            strides=layer.strides,
            padding=layer.padding,
            activation=layer.activation,
            name=name,
        )
    if isinstance(layer, MaxPooling1D):
        return layers.MaxPooling1D(layer.pool_size, layer.strides, layer.padding, name=name)
    if isinstance(layer, Attention):
        query = layers.Dense(1, use_bias=False, name=f"{name}_query")
        return layers.Dense(layer.units, activation="tanh", name=name), query
    if isinstance(layer, Dense):
        return layers.Dense(layer.units, activation=layer.activation, name=name)
    if isinstance(layer, Dropout):
        return layers.Dropout(layer.rate, name=name)
    kinds: dict[type[Layer], Any] = {
        GlobalMaxPooling1D: layers.GlobalMaxPooling1D,
        GlobalAveragePooling1D: layers.GlobalAveragePooling1D,
    }
    return kinds[type(layer)](name=name) if type(layer) in kinds else None


@dataclass
class MaskedTensor:
    """A symbolic tensor (n, T, D), or (n, D) once it is pooled, and the lengths (n, 1) of its sequences."""

    values: Any
    lengths: Any

    @property
    def mask(self) -> Any:
        """Which tokens are there, (n, T)."""
        ops = load_backend()[1].ops
        return ops.cumsum(ops.ones_like(self.values[..., 0], dtype="int32"), axis=1) <= self.lengths

    def filled(self, value: float) -> Any:
        """The values, and this number behind the end of texts."""
        ops = load_backend()[1].ops
        return ops.where(ops.expand_dims(self.mask, -1), self.values, value)


def _functional(keras: Any, embedding: Any, made: list[tuple[PlacedLayer, Any]], output: Any) -> Any:
    """A model whose layers get their masks by operations."""
    ids = keras.Input((None,), dtype="int32")
    lengths = keras.ops.sum(keras.ops.cast(ids != 0, "int32"), axis=1, keepdims=True)
    state = MaskedTensor(keras.layers.Identity(name="words")(embedding(ids)), lengths)
    for place, layer in made:
        state = _applied(keras.ops, place, layer, state)
    return keras.Model(ids, output(state.values))


def _applied(ops: Any, place: PlacedLayer, made: Any, state: MaskedTensor) -> MaskedTensor:
    """What a layer makes of a state."""
    layer, lengths = place.layer, state.lengths
    if isinstance(layer, RecurrentLayer | GlobalAveragePooling1D):
        return MaskedTensor(made(state.values, mask=state.mask), lengths)
    if isinstance(layer, Conv1D | MaxPooling1D):
        size = layer.kernel_size if isinstance(layer, Conv1D) else layer.pool_size
        beyond = 0.0 if isinstance(layer, Conv1D) else LOWEST
        counts = window_count(ops, lengths, size, layer.strides or size, layer.padding)
        values = state.filled(beyond)
        if layer.padding == "valid":  # of texts shorter than a window, too
            values = ops.pad(values, ((0, 0), (0, size - 1), (0, 0)), constant_values=beyond)
        return MaskedTensor(made(values), counts)
    if isinstance(layer, GlobalMaxPooling1D):
        return MaskedTensor(made(state.filled(LOWEST)), lengths)
    if isinstance(layer, Attention):
        seen, query = made
        logits = ops.where(state.mask, query(seen(state.values))[..., 0], LOWEST)
        return MaskedTensor(ops.sum(state.values * ops.softmax(logits)[..., None], axis=1), lengths)
    if isinstance(layer, LastState):
        last = ops.take_along_axis(state.values, lengths[..., None] - 1, axis=1)[:, 0]
        if place.backward:
            first = state.values[:, 0, -place.backward :]
            last = ops.concatenate([last[:, : -place.backward], first], axis=1)
        return MaskedTensor(last, lengths)
    return MaskedTensor(made(state.values), lengths)


def _set_weights(place: PlacedLayer, layer: Any, weights: Weights) -> None:
    """Give a Keras layer the weights of a layer, which stand in Keras' order."""
    own = [weight for name, weight in weights.items() if name.startswith(f"{place.name}/")]
    if isinstance(layer, tuple):
        layer[0].set_weights(own[:2])
        layer[1].set_weights(own[2:])
    elif own:
        layer.set_weights([np.asarray(weight) for weight in own])
