"""Layers that see one row at a time, of a word, a token or a text: dropout and dense layers."""

from __future__ import annotations

from typing import Any

from embedkit.models.layers.stack import PlacedLayer
from embedkit.models.networks.body.base import BodyLayer, Maker, Steps


class DropoutBody(BodyLayer):
    """Dropout on each row, or on each text."""

    def __init__(self, place: PlacedLayer, make: Maker) -> None:
        super().__init__(place, make)
        self._layer = make.keras.layers.Dropout(
            place.layer.rate,  # type: ignore[attr-defined]
            seed=make.seed,
            dtype=make.precision,
            name=place.name,
        )

    def __call__(self, state: Any, training: bool) -> Any:
        """The same with some numbers left out, if in training."""
        return on_rows(lambda rows: self._layer(rows, training=training), state)


class DenseBody(BodyLayer):
    """A fully connected layer."""

    def __init__(self, place: PlacedLayer, make: Maker) -> None:
        super().__init__(place, make)
        layer: Any = place.layer
        self._layer = make.dense(place.name, place.size, layer.units, activation=layer.activation)
        self.weights = {"kernel": self._layer.kernel, "bias": self._layer.bias}

    def __call__(self, state: Any, training: bool) -> Any:
        """What it makes of each row, or of each text."""
        return on_rows(self._layer, state)


def on_rows(function: Any, state: Any) -> Any:
    """What a function makes of all rows of `Steps`, or of a vector a text."""
    return state._replace(rows=function(state.rows)) if isinstance(state, Steps) else function(state)
