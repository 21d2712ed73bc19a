"""Convolutions and maximum pooling over the windows of texts."""

from __future__ import annotations

from typing import Any

from embedkit.models.layers.layers import Conv1D, MaxPooling1D
from embedkit.models.layers.stack import PlacedLayer
from embedkit.models.layers.windows import window_count, window_start
from embedkit.models.networks.body.base import LOWEST, BodyLayer, Maker, Steps


class ConvBody(BodyLayer):
    """A convolution: one at every token, of which the windows that are asked for are kept."""

    def __init__(self, place: PlacedLayer, make: Maker) -> None:
        super().__init__(place, make)
        layer: Any = place.layer
        self._layer = make.keras.layers.Conv1D(
            layer.filters,
            layer.kernel_size,
            padding="same",
            activation=layer.activation,
            kernel_initializer=make.glorot(),
            dtype=make.precision,
            name=place.name,
        )
        self._layer.build((None, None, place.size))
        self.weights = {"kernel": self._layer.kernel, "bias": self._layer.bias}

    def __call__(self, state: Steps, training: bool) -> Steps:
        """A sequence of windows."""
        tf, layer = self.tf, self.place.layer
        assert isinstance(layer, Conv1D)  # noqa: S101 - see `LAYERS`
        hidden, size = tf.where(state.mask[..., None], state.hidden, 0.0), layer.kernel_size
        if layer.padding == "same" and layer.strides == 1:
            return Steps.of(self._layer(hidden), state.lengths)
        missing = tf.maximum(size - tf.shape(hidden)[1], 0)
        convolved = self._layer(tf.pad(hidden, [[0, 0], [0, missing], [0, 0]]))
        windows = size, layer.strides, layer.padding
        counts = window_count(tf, state.lengths, *windows)
        center = window_start(tf, state.lengths, *windows) + (size - 1) // 2
        at = center[:, None] + tf.range(tf.reduce_max(counts)) * layer.strides
        at = tf.minimum(at, tf.shape(convolved)[1] - 1)
        return Steps.of(tf.gather(convolved, at, axis=1, batch_dims=1), counts)


class MaxPoolingBody(BodyLayer):
    """The maximum of each window."""

    def __call__(self, state: Steps, training: bool) -> Steps:
        """A sequence of windows."""
        tf, layer = self.tf, self.place.layer
        assert isinstance(layer, MaxPooling1D)  # noqa: S101 - see `LAYERS`
        strides = layer.strides or layer.pool_size
        windows = layer.pool_size, strides, layer.padding
        counts = window_count(tf, state.lengths, *windows)
        first = window_start(tf, state.lengths, *windows)
        starts = first[:, None] + tf.range(tf.reduce_max(counts)) * strides
        at = starts[..., None] + tf.range(layer.pool_size)
        there = (at >= 0) & (at < state.lengths[:, None, None])
        seen = tf.clip_by_value(at, 0, tf.shape(state.places)[1] - 1)
        hidden = tf.gather(state.hidden, seen, axis=1, batch_dims=1)
        return Steps.of(tf.reduce_max(tf.where(there[..., None], hidden, LOWEST), axis=2), counts)
