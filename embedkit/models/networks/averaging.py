"""Exponential moving averages of a network's weights (Polyak and Juditsky 1992).

After step t a weight's average moves towards it by 1 - min(decay, t / (9 + t)), so that a short training is
not judged by the weights it began with, as TensorFlow's `ExponentialMovingAverage` has it with `num_updates`.
Averages of rows of the table that a step did not read are brought up to date when the rows are read next, or
asked for: of what an average was off by, the product of the decays is left while its row stands still.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from embedkit.models.networks.backend import load_backend, release, rows_variable
from embedkit.models.networks.keras_network import Network

RAMP = 9  # steps after which the decay is 1/2


class WeightAverages:
    """The averages of all weights of a network, which begin with the weights that it has.

    Args:
        network: what is averaged.
        decay: how much of an average stays in a late step, 0 to 1.
    """

    def __init__(self, network: Network, decay: float) -> None:
        tf, _ = load_backend()
        self._tf, self._network, self._decay = tf, network, decay
        self._table = rows_variable(tf.identity(network.table))
        self._body = [tf.Variable(weight.value) for weight in network.body.weights]
        self._steps = tf.Variable(0.0, dtype=tf.float64)
        self._total = tf.Variable(0.0, dtype=tf.float64)  # the logarithm of the product of all decays
        self._seen = rows_variable(
            tf.zeros(len(network.table.numpy()), tf.float64)
        )  # that total, of each row

    @property
    def variables(self) -> list[Any]:
        """All that a step changes."""
        return [self._table, *self._body, self._steps, self._total, self._seen]

    def before_step(self, rows: Any) -> None:
        """Bring the averages of rows int32 (m,) up to date, each once, which the next step will change."""
        tf = self._tf
        row, average = tf.gather(self._network.table, rows), tf.gather(self._table, rows)
        left = self._left(tf.gather(self._seen, rows))
        self._table.scatter_update(tf.IndexedSlices(row + left * (average - row), rows))
        self._seen.scatter_update(tf.IndexedSlices(tf.fill(tf.shape(rows), self._total.read_value()), rows))

    def after_step(self) -> None:
        """Take in the weights of the layers, and count the step."""
        tf, step = self._tf, self._steps.assign_add(1)
        decay = tf.minimum(tf.cast(self._decay, tf.float64), step / (RAMP + step))
        self._total.assign_add(tf.math.log(decay))
        moved = tf.cast(1 - decay, tf.float32)
        for average, weight in zip(self._body, self._network.body.weights, strict=True):
            average.assign_add(moved * (weight.value - average))

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Let the network have the averages in the place of its weights."""
        tf, network = self._tf, self._network
        table = network.table.numpy()
        body = [weight.numpy() for weight in network.body.weights]
        left = self._left(self._seen)
        network.table.assign(table + left * (self._table - table))
        for weight, average in zip(network.body.weights, self._body, strict=True):
            weight.assign(tf.identity(average))
        try:
            yield
        finally:
            network.table.assign(table)
            for weight, kept in zip(network.body.weights, body, strict=True):
                weight.assign(kept)

    def restart(self) -> None:
        """Begin anew with the weights that the network has."""
        self._table.assign(self._network.table)
        for average, weight in zip(self._body, self._network.body.weights, strict=True):
            average.assign(weight.value)
        self._seen.assign(self._tf.fill(self._tf.shape(self._seen), self._total.read_value()))

    def release(self) -> None:
        """Give back the memory of the table's averages."""
        release(self._table)
        release(self._seen)

    def _left(self, seen: Any) -> Any:
        """What is left, float32 (m, 1), of what averages were off by that were last right at these totals."""
        return self._tf.cast(self._tf.exp(self._total - seen), self._tf.float32)[:, None]
