"""Recurrent layers in Keras; on a processor they are computed by compiled code.

They keep the activations that the fast kernels of a GPU ask for.
"""

from __future__ import annotations

from typing import Any

from embedkit.models.layers.stack import PlacedLayer
from embedkit.models.networks.backend import has_gpu
from embedkit.models.networks.body.base import BodyLayer, Maker, Steps
from embedkit.simd.compiling import can_compile

KERAS_NAMES = {"lstm": "LSTM", "gru": "GRU", "rnn": "SimpleRNN"}


class RecurrentBody(BodyLayer):
    """An LSTM, GRU or simple RNN layer, in one direction or both; compiled on a processor."""

    def __init__(self, place: PlacedLayer, make: Maker) -> None:
        super().__init__(place, make)
        layer: Any = place.layer
        self.compiled = make.precision == "float32" and not has_gpu() and can_compile()
        sides = [_one_direction(place, make, direction) for direction in layer.directions]
        self._layer = sides[0]
        if layer.bidirectional:
            self._layer = make.keras.layers.Bidirectional(
                sides[0], backward_layer=sides[1], dtype=make.precision, name=place.name
            )
            sides = [self._layer.forward_layer, self._layer.backward_layer]
        self._layer.build((None, None, place.size))
        self._sides = sides
        self.weights = {
            f"{direction}/{name}": getattr(side.cell, name)
            for direction, side in zip(layer.directions, sides, strict=True)
            for name in ("kernel", "recurrent_kernel", "bias")
        }

    def compile(self) -> None:
        """Compile the cell, or load it from disk."""
        if self.compiled:
            from embedkit.models.networks.recurrent_layers import compile_for

            compile_for(self.place.layer.cell)  # type: ignore[attr-defined]

    def __call__(self, state: Steps, training: bool) -> Steps:
        """The states at all tokens."""
        if not self.compiled:
            hidden = self._layer(state.hidden, mask=state.mask, training=training)
            return Steps.of(hidden, state.lengths)
        from embedkit.models.networks.recurrent_layers import states_of

        cell = self.place.layer.cell  # type: ignore[attr-defined]
        states = states_of(cell, self._sides, state.rows, state.places, state.lengths, training)
        return Steps.of(states, state.lengths)


def _one_direction(place: PlacedLayer, make: Maker, direction: str) -> Any:
    layer: Any = place.layer
    return getattr(make.keras.layers, KERAS_NAMES[layer.cell])(
        layer.units,
        return_sequences=True,
        go_backwards=direction == "backward",
        recurrent_dropout=layer.recurrent_dropout,
        kernel_initializer=make.glorot(),
        recurrent_initializer=make.keras.initializers.Orthogonal(seed=make.seed),
        seed=make.seed,
        dtype=make.precision,
        name=f"{place.name}_{direction}",
    )
