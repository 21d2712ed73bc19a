"""The loop over the epochs of training by predictions: progress, mean losses and speed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from embedkit.errors import DivergenceError
from embedkit.progress import Progress
from embedkit.saver import UNSAVED, Saver, Tensors
from embedkit.training.meter import Meter
from embedkit.training.position import TrainingPosition


class EpochLoop(NamedTuple):
    """How often so many items are trained on, by how many workers, and what else is told at the end."""

    epochs: int
    items: int
    workers: int
    told: str
    unit: str = "words"
    rate: Callable[[int], float] | None = None

    def run(
        self,
        train: Callable[[int, Meter, TrainingPosition], object],
        progress: Progress,
        after_epoch: Callable[[int, list[float | None]], None],
        tensors: Tensors,
        saver: Saver = UNSAVED,
    ) -> list[float | None]:
        """The mean loss of each epoch, None for one without a prediction.

        Args:
            train: trains on all items in an epoch, counted from 0, that are still to be done by the position,
                and adds what is done to a meter.
            progress: where to report.
            after_epoch: is given the number of epochs done, and their losses.
            tensors: what changes in training.
            saver: saves that, and has what was saved.
        """
        meter = Meter(progress, self.unit, rate=self.rate)
        position = TrainingPosition(saver, tensors, self.epochs, self.items, meter)
        begin, first = time.monotonic(), meter.done.items
        progress.start("training", self.epochs * self.items)
        progress.go_on(first)
        for epoch in range(len(position.losses), self.epochs):
            train(epoch, meter, position)
            position.end_epoch(position.done.mean_loss)
            loss = position.losses[-1]
            told = "no prediction" if loss is None else f"mean loss {loss:.4f}"
            progress.note(f"epoch {epoch + 1} of {self.epochs}: {told}")
            after_epoch(epoch + 1, list(position.losses))
        speed = (self.epochs * self.items - first) / (time.monotonic() - begin) / 1e6
        workers = f"{self.workers} worker{'s' * (self.workers > 1)}"
        progress.finish(f"{speed:.2f} M {self.unit}/s with {workers}, {self.told}")
        return position.losses


def diverged(epochs: int, learning_rate: float) -> DivergenceError:
    """What is raised for vectors that are no numbers any more after so many epochs."""
    return DivergenceError(
        f"training diverged in epoch {epochs}; learning_rate must be lower than {learning_rate}"
    )
