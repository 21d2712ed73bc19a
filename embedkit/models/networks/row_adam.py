"""Lazy Adam (Kingma and Ba 2015, algorithm 1): a step updates only the embedding rows that it read.

Only the rows that were read change, and only their moments: "lazy" Adam, with the bias correction of the
step. The dense algorithm would rewrite three matrices of the size of the table at every step.
"""

from __future__ import annotations

from typing import Any

from embedkit.models.networks.backend import load_backend, release, rows_variable

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-7


class RowAdam:
    """The moments of a table, `tf.Variable` float32 (V, D)."""

    def __init__(self, table: Any) -> None:
        self._tf, _ = load_backend()
        self._table = table
        self._mean, self._square = (rows_variable(self._tf.zeros_like(table)) for _ in range(2))
        self._step = self._tf.Variable(0.0)

    def apply(self, rows: Any, gradient: Any, rate: Any) -> None:
        """Take a step.

        Args:
            rows: which were read, int32 (m,), each once.
            gradient: float32 (m, D).
            rate: the learning rate.
        """
        tf = self._tf
        step = self._step.assign_add(1.0)
        mean = BETA1 * tf.gather(self._mean, rows) + (1 - BETA1) * gradient
        square = BETA2 * tf.gather(self._square, rows) + (1 - BETA2) * gradient**2
        self._mean.scatter_update(tf.IndexedSlices(mean, rows))
        self._square.scatter_update(tf.IndexedSlices(square, rows))
        corrected = rate * tf.sqrt(1 - BETA2**step) / (1 - BETA1**step)
        self._table.scatter_sub(tf.IndexedSlices(corrected * mean / (tf.sqrt(square) + EPSILON), rows))

    def release(self) -> None:
        """Give back the memory of the moments, after which no step can be taken."""
        release(self._mean)
        release(self._square)
