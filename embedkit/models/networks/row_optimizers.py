"""Lazy optimizers of a table of vectors: a step updates only the rows that it read.

Each is its Keras namesake on the rows that were read. The rest, and the moments of the rest, stay as they
are: the dense algorithms would rewrite matrices of the size of the table at every step.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from embedkit.models.networks.backend import load_backend, release, rows_variable

BETA1, BETA2, RHO, EPSILON = 0.9, 0.999, 0.9, 1e-7  # Keras' defaults


class RowOptimizer(ABC):
    """An optimizer of a table, `tf.Variable` float32 (V, D), with the moments it needs, of the same shape."""

    moments: ClassVar[int]

    def __init__(self, table: Any) -> None:
        self._tf, _ = load_backend()
        self._table = table
        self._moments = [rows_variable(self._tf.zeros_like(table)) for _ in range(self.moments)]

    @abstractmethod
    def apply(self, rows: Any, gradient: Any, rate: Any) -> None:
        """Take a step.

        Args:
            rows: which were read, int32 (m,), each once.
            gradient: float32 (m, D).
            rate: the learning rate.
        """

    @property
    def variables(self) -> list[Any]:
        """All that a step changes beside the table."""
        return self._moments

    def release(self) -> None:
        """Give back the memory of the moments, after which no step can be taken."""
        for moment in self._moments:
            release(moment)

    def _decayed(self, number: int, share: float, rows: Any, new: Any) -> Any:
        """A moment of these rows, of which `share` is left and `new` added."""
        moment = self._moments[number]
        changed = share * self._tf.gather(moment, rows) + new
        moment.scatter_update(self._tf.IndexedSlices(changed, rows))
        return changed

    def _subtract(self, change: Any, rows: Any) -> None:
        self._table.scatter_sub(self._tf.IndexedSlices(change, rows))


class RowAdam(RowOptimizer):
    """Lazy Adam (Kingma and Ba 2015, algorithm 1), with the bias correction of the step."""

    moments = 2

    def __init__(self, table: Any) -> None:
        super().__init__(table)
        self._step = self._tf.Variable(0.0)

    @property
    def variables(self) -> list[Any]:
        """The moments and the number of steps."""
        return [*self._moments, self._step]

    def apply(self, rows: Any, gradient: Any, rate: Any) -> None:
        """Take a step."""
        tf, step = self._tf, self._step.assign_add(1.0)
        mean = self._decayed(0, BETA1, rows, (1 - BETA1) * gradient)
        square = self._decayed(1, BETA2, rows, (1 - BETA2) * gradient**2)
        corrected = rate * tf.sqrt(1 - BETA2**step) / (1 - BETA1**step)
        self._subtract(corrected * mean / (tf.sqrt(square) + EPSILON), rows)


class RowRMSprop(RowOptimizer):
    """Lazy RMSprop (Tieleman and Hinton 2012)."""

    moments = 1

    def apply(self, rows: Any, gradient: Any, rate: Any) -> None:
        """Take a step."""
        square = self._decayed(0, RHO, rows, (1 - RHO) * gradient**2)
        self._subtract(rate * gradient / self._tf.sqrt(square + EPSILON), rows)


class RowSGD(RowOptimizer):
    """Lazy stochastic gradient descent with momentum: `momentum` of the last step is taken once more."""

    def __init__(self, table: Any, momentum: float) -> None:
        self.moments = 1 if momentum else 0  # type: ignore[misc]
        self._momentum = momentum
        super().__init__(table)

    def apply(self, rows: Any, gradient: Any, rate: Any) -> None:
        """Take a step."""
        step = rate * gradient
        self._subtract(self._decayed(0, self._momentum, rows, step) if self._momentum else step, rows)
