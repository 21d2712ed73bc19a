"""`Steps`, the sequences that layers read, and `BodyLayer`, the base of layers in Keras and TensorFlow."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import count
from typing import Any, NamedTuple

from embedkit.models.layers.stack import PlacedLayer
from embedkit.models.networks.backend import load_backend

LOWEST = -1e4  # stands for minus infinity; float16 holds it


class Steps(NamedTuple):
    """Sequences of n texts: `rows` (m, D), `places` int32 (n, T) of tokens, `lengths` int32 (n,)."""

    rows: Any
    places: Any
    lengths: Any

    @classmethod
    def of(cls, hidden: Any, lengths: Any) -> Steps:
        """The sequences whose tokens have the rows `hidden` (n, T, D)."""
        tf, _ = load_backend()
        shape = tf.shape(hidden)[:2]
        places = tf.reshape(tf.range(tf.reduce_prod(shape)), shape)
        return cls(tf.reshape(hidden, [-1, hidden.shape[-1]]), places, lengths)

    @property
    def mask(self) -> Any:
        """Which tokens are there, bool (n, T)."""
        tf, _ = load_backend()
        return tf.sequence_mask(self.lengths, tf.shape(self.places)[1])

    @property
    def hidden(self) -> Any:
        """The rows of all tokens, (n, T, D), whatever stands behind the end of a text."""
        tf, _ = load_backend()
        return tf.gather(self.rows, self.places)


class Maker:
    """Makes Keras layers of one precision, their weights and dropout drawn from one seed."""

    def __init__(self, seed: int, precision: str) -> None:
        self.tf, self.keras = load_backend()
        self.precision = precision
        self._seeds: Iterator[int] = count(seed * 1000)

    @property
    def seed(self) -> int:
        """Another seed each time."""
        return next(self._seeds)

    def glorot(self) -> Any:
        """The initializer of kernels."""
        return self.keras.initializers.GlorotUniform(self.seed)

    def dense(self, name: str, size: int, units: int, **settings: Any) -> Any:
        """A built `Dense` layer."""
        settings = {"dtype": self.precision, **settings}
        made = self.keras.layers.Dense(units, kernel_initializer=self.glorot(), name=name, **settings)
        made.build((None, size))
        return made


class BodyLayer(ABC):
    """A layer of a body.

    Args:
        place: what and where it is.
        make: for what Keras has.

    Attributes:
        weights: Keras variables by their names in the layer.
    """

    compiled = False  # whether it is computed by compiled code

    def __init__(self, place: PlacedLayer, make: Maker) -> None:
        self.place, self.tf = place, make.tf
        self.weights: dict[str, Any] = {}

    @property
    def variables(self) -> list[Any]:
        """All Keras variables, those among them that hold the state of what is drawn."""
        made = getattr(self, "_layer", None)
        return [*self.weights.values(), *(made.variables if made else ())]

    def compile(self) -> None:  # noqa: B027 - most have nothing to compile
        """Compile what a `compiled` layer needs, or load it from disk."""

    @abstractmethod
    def __call__(self, state: Any, training: bool) -> Any:
        """What the layer makes of `Steps`, or of a vector a text (n, D)."""
