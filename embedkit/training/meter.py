"""Training progress: amounts of work, losses, and a report per interval."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from embedkit.progress import Progress

INTERVAL = 0.2  # seconds between reports


class Done(NamedTuple):
    """An amount of training: items passed (positions), predictions made, and the sum of their losses."""

    items: int = 0
    predictions: int = 0
    loss: float = 0.0

    @property
    def mean_loss(self) -> float | None:
        """The mean loss of a prediction, None if there was none."""
        return self.loss / self.predictions if self.predictions else None

    def plus(self, more: Done) -> Done:
        """Both together."""
        return Done(self.items + more.items, self.predictions + more.predictions, self.loss + more.loss)

    def since(self, earlier: Done) -> Done:
        """What was done after `earlier`."""
        return self.plus(Done(-earlier.items, -earlier.predictions, -earlier.loss))


class Meter:
    """Adds up what is done, and reports the speed and mean loss of each interval.

    Args:
        progress: where to report.
        unit: what an item is.
        loss: what the loss is called.
        rate: the learning rate after so many items, to be reported too.
    """

    def __init__(
        self,
        progress: Progress,
        unit: str = "words",
        loss: str = "loss",
        rate: Callable[[int], float] | None = None,
    ) -> None:
        self.done = Done()
        self._progress, self._unit, self._loss, self._rate = progress, unit, loss, rate
        self._reported, self._time = self.done, time.monotonic()

    def add(self, more: Done) -> None:
        """Count `more`, and report if the last report is old enough."""
        self.done = self.done.plus(more)
        now = time.monotonic()
        if (seconds := now - self._time) < INTERVAL:
            return
        recent = self.done.since(self._reported)
        figures = [f"{recent.items / seconds / 1e6:.2f} M {self._unit}/s"]
        if recent.mean_loss is not None:
            figures.append(f"{self._loss} {recent.mean_loss:.3f}")
        if self._rate:
            figures.append(f"rate {self._rate(self.done.items):.4f}")
        self._progress.update(self.done.items, ", ".join(figures))
        self._reported, self._time = self.done, now
