"""How far training is: what was done, and the report of each interval."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from embedkit.progress import Progress

INTERVAL = 0.2  # seconds between reports


class Done(NamedTuple):
    """An amount of training: positions passed, predictions made, and the sum of their losses."""

    words: int = 0
    predictions: int = 0
    loss: float = 0.0

    @property
    def mean_loss(self) -> float | None:
        """The mean loss of a prediction, None if there was none."""
        return self.loss / self.predictions if self.predictions else None

    def plus(self, more: Done) -> Done:
        """Both together."""
        return Done(self.words + more.words, self.predictions + more.predictions, self.loss + more.loss)

    def since(self, earlier: Done) -> Done:
        """What was done after `earlier`."""
        return self.plus(Done(-earlier.words, -earlier.predictions, -earlier.loss))


class Meter:
    """Adds up what is done, and reports speed, loss and learning rate of each interval."""

    def __init__(self, rate: Callable[[int], float], progress: Progress) -> None:
        self.done = Done()
        self._rate, self._progress = rate, progress  # the learning rate after so many words
        self._reported, self._time = self.done, time.monotonic()

    def add(self, more: Done) -> None:
        """Count `more`, and report if the last report is old enough."""
        self.done = self.done.plus(more)
        now = time.monotonic()
        if (seconds := now - self._time) < INTERVAL:
            return
        recent = self.done.since(self._reported)
        speed, rate = recent.words / seconds / 1e6, self._rate(self.done.words)
        loss = "" if recent.mean_loss is None else f"loss {recent.mean_loss:.3f}, "
        self._progress.update(self.done.words, f"{speed:.2f} M words/s, {loss}rate {rate:.4f}")
        self._reported, self._time = self.done, now
