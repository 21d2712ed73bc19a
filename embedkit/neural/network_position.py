"""`NetworkPosition`: how far the training of a network has come, which is saved between batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from embedkit.arrays import FloatArray
from embedkit.saver import Saved, Saver, fingerprint

Item = TypeVar("Item")
PassedEpoch = TypeVar("PassedEpoch", bound=tuple[Any, ...])
Arrays = dict[str, FloatArray]


class TrainingPart(Protocol):
    """What changes in training beside the weights, such as an optimizer."""

    def state(self) -> tuple[Any, Arrays]:
        """All of it: numbers that JSON can hold, and arrays by name."""

    def restore(self, numbers: Any, arrays: Arrays) -> None:
        """Become what `state` told."""


class NetworkPosition(Generic[PassedEpoch]):
    """Where the training of a network is; it begins where the saver has it.

    Args:
        saver: saves it when that is due.
        weights: what is trained, in place.
        parts: what else changes, by name.
        generator: of all that is drawn, if that depends on what was drawn before.
        kind: of the epochs.
        planned: how many of them there are at most.

    Attributes:
        epochs: how those went that are over.
        items: how many tokens or texts were read in this epoch.
        sums: of the losses in it, and of what else is added up.
        rate: the last learning rate.
        carried: arrays that a batch hands on to the next.
    """

    def __init__(
        self,
        saver: Saver,
        weights: Mapping[str, FloatArray],
        parts: Mapping[str, TrainingPart],
        generator: np.random.Generator | None,
        kind: Callable[..., PassedEpoch],
        planned: int,
    ) -> None:
        self._saver, self._weights, self._parts = saver, weights, parts
        self._generator, self._planned = generator, planned
        self.epochs: list[PassedEpoch] = []
        self.rate = 0.0
        self.items, self.sums = 0, list[float]()
        self.carried: Sequence[FloatArray] = ()
        self._batches, self._begin, self._now = 0, self._drawn(), self._drawn()
        if saved := saver.take():
            self._restore(saved, kind)

    @property
    def numbers(self) -> Iterator[int]:
        """The numbers of the epochs that are still to come, from 1; each begins with the next."""
        for number in range(len(self.epochs) + 1, self._planned + 1):
            yield number
            self.items, self.sums, self.carried, self._batches = 0, [], (), 0

    def add(self, items: int, *amounts: float) -> None:
        """Count what was learned: so many items, and their loss, the first of the amounts."""
        self.items += items
        before = self.sums or [0.0] * len(amounts)
        self.sums = [sum(pair) for pair in zip(before, amounts, strict=True)]

    @property
    def loss(self) -> float:
        """The sum of the losses in this epoch."""
        return self.sums[0] if self.sums else 0.0

    def batches(self, batches: Callable[[], Iterator[Item]], total: int) -> Iterator[Item]:
        """The batches of an epoch of so many items that are still to be learned.

        When one is learned and the next is asked for, the training is saved if that is due.
        """
        if self._batches:
            self._draw_from(self._begin)
        self._begin = self._drawn()
        upcoming = batches()
        if self._batches:
            self._draw_from(self._now)
        for batch in islice(upcoming, self._batches, None):
            yield batch
            self._batches += 1
            if self._saver.due():
                self._save(total)

    def _save(self, total: int) -> None:
        arrays = {f"weights/{name}": weight for name, weight in self._weights.items()}
        arrays |= {f"carried/{place}": array for place, array in enumerate(self.carried)}
        numbers = {}
        for part, each in self._parts.items():
            numbers[part], own = each.state()
            arrays |= {f"{part}/{name}": array for name, array in own.items()}
        state = {
            "epochs": self.epochs,
            "items": self.items,
            "sums": self.sums,
            "rate": self.rate,
            "batches": self._batches,
            "begin": self._begin,
            "now": self._drawn(),
            "parts": numbers,
        }
        passed = len(self.epochs) + self.items / max(1, total)
        where = f"epoch {len(self.epochs) + 1} of {self._planned}"
        self._saver.save(where, passed / self._planned, state, arrays)

    def _restore(self, saved: Saved, kind: Callable[..., PassedEpoch]) -> None:
        state, arrays = saved
        self.epochs = [kind(*epoch) for epoch in state["epochs"]]
        self.items, self.sums, self._batches = state["items"], state["sums"], state["batches"]
        self.rate, self._begin, self._now = state["rate"], state["begin"], state["now"]
        self.carried = list(_named(arrays, "carried").values())
        for name, weight in _named(arrays, "weights").items():
            self._weights[name][...] = weight
        for part, each in self._parts.items():
            each.restore(state["parts"][part], _named(arrays, part))

    def _drawn(self) -> Any:
        """The state of the generator."""
        return self._generator and self._generator.bit_generator.state

    def _draw_from(self, state: Any) -> None:
        if self._generator:
            self._generator.bit_generator.state = state


def network_job(
    trainer: str, settings: Mapping[str, Any], weights: Mapping[str, FloatArray], *data: Any
) -> dict[str, Any]:
    """All that decides what comes out of a training: settings, the weights it begins with, and its data."""
    begin = fingerprint(*(weights[name] for name in sorted(weights)))
    versions = {name: version(name) for name in ("numpy", "numba")}
    job = {"trainer": trainer, "settings": settings, "begin": begin, "data": fingerprint(*data)}
    return {**job, "versions": versions}


def _named(arrays: Mapping[str, FloatArray], part: str) -> Arrays:
    """The arrays of a part by their names in it, as copies."""
    begin = f"{part}/"
    return {name.removeprefix(begin): each.copy() for name, each in arrays.items() if name.startswith(begin)}
