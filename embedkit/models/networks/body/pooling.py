"""Pooling over time: one vector a text."""

from __future__ import annotations

from typing import Any

from embedkit.models.layers.stack import PlacedLayer
from embedkit.models.networks.body.base import LOWEST, BodyLayer, Maker, Steps


class GlobalMaxBody(BodyLayer):
    """The maximum over all tokens."""

    def __call__(self, state: Steps, training: bool) -> Any:
        """A vector a text."""
        return self.tf.reduce_max(self.tf.where(state.mask[..., None], state.hidden, LOWEST), axis=1)


class GlobalAverageBody(BodyLayer):
    """The mean over all tokens."""

    def __call__(self, state: Steps, training: bool) -> Any:
        """A vector a text, float32."""
        shares = self.tf.cast(state.mask, self.tf.float32)
        return _weighted(self.tf, state, shares)


class AttentionBody(BodyLayer):
    """A mean weighted by additive attention."""

    def __init__(self, place: PlacedLayer, make: Maker) -> None:
        super().__init__(place, make)
        units = place.layer.units  # type: ignore[attr-defined]
        self._seen = make.dense(place.name, place.size, units, activation="tanh", dtype="float32")
        self._query = make.dense(f"{place.name}_query", units, 1, use_bias=False, dtype="float32")
        self.weights = {
            "kernel": self._seen.kernel,
            "bias": self._seen.bias,
            "query": self._query.kernel,
        }

    def __call__(self, state: Steps, training: bool) -> Any:
        """A vector a text, float32."""
        logits = self.tf.gather(self._query(self._seen(state.rows))[:, 0], state.places)
        logits = self.tf.where(state.mask, logits, LOWEST)
        return _weighted(self.tf, state, self.tf.exp(logits - self.tf.reduce_max(logits, 1, keepdims=True)))


def _weighted(tf: Any, state: Steps, weights: Any) -> Any:
    """The means of the rows of texts, weighted (n, T)."""
    shares = weights / tf.reduce_sum(weights, axis=1, keepdims=True)
    return tf.reduce_sum(tf.cast(state.hidden, tf.float32) * shares[..., None], axis=1)


class LastStateBody(BodyLayer):
    """The last state in the direction of reading."""

    def __call__(self, state: Steps, training: bool) -> Any:
        """A vector a text."""
        tf, places, backward = self.tf, state.places, self.place.backward
        last = tf.gather(state.rows, tf.gather(places, state.lengths - 1, axis=1, batch_dims=1))
        if not backward:
            return last
        first = tf.gather(state.rows, places[:, 0])
        return tf.concat([last[:, :-backward], first[:, -backward:]], axis=1)
