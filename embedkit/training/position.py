"""`TrainingPosition`: how far a training in epochs has come, which is saved between pieces of work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TypeVar

from embedkit.saver import Saver, Tensors
from embedkit.training.meter import Done, Meter

Item = TypeVar("Item")


class TrainingPosition:
    """Where a training is, which begins where its saver says.

    Args:
        saver: saves it when that is due.
        tensors: the arrays that change in training; they become what was saved of them.
        epochs: how many there are.
        items: that an epoch passes.
        meter: counts what is done.

    Attributes:
        losses: the mean loss of each epoch that is over, None for one without a prediction.
    """

    def __init__(self, saver: Saver, tensors: Tensors, epochs: int, items: int, meter: Meter) -> None:
        self._saver, self._tensors, self._meter = saver, tensors, meter
        self._epochs, self._items = epochs, items
        self.losses: list[float | None] = []
        self._pieces = 0  # of this epoch that are done
        self._before = Done()  # what the epochs before have done
        if state := saver.restore(tensors):
            self.losses, self._pieces = state["losses"], state["pieces"]
            self._before, meter.done = Done(*state["before"]), Done(*state["done"])

    def parts(self, pieces: Iterable[Item], together: int = 1) -> Iterator[tuple[int, Iterator[Item]]]:
        """The pieces of an epoch that are still to be done, in parts, and the number of the first of each.

        A part ends with the epoch, or where a checkpoint is due, after so many pieces `together` or some
        times as many. When all of them are done, and no thread is at work, the training is saved.
        """
        upcoming = islice(pieces, self._pieces, None)
        for first in upcoming:
            yield self._pieces, self._counted(first, upcoming, together)
            if self._saver.due():
                self._save()

    def end_epoch(self, loss: float | None) -> None:
        """Go on to the next epoch."""
        self.losses.append(loss)
        self._pieces, self._before = 0, self._meter.done

    @property
    def done(self) -> Done:
        """What is done in this epoch."""
        return self._meter.done.since(self._before)

    def _counted(self, first: Item, upcoming: Iterator[Item], together: int) -> Iterator[Item]:
        for piece in self._saver.until_due(chain([first], upcoming), together):
            self._pieces += 1
            yield piece

    def _save(self) -> None:
        state = {
            "losses": self.losses,
            "pieces": self._pieces,
            "before": self._before,
            "done": self._meter.done,
        }
        where = f"epoch {len(self.losses) + 1} of {self._epochs}"
        share = self._meter.done.items / max(1, self._epochs * self._items)
        self._saver.save(where, share, state, self._tensors)
