"""What trainings of networks share from epoch to epoch: the learning rate, the best weights, divergence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from embedkit.arrays import FloatArray
from embedkit.errors import DivergenceError
from embedkit.hyperparameters import MAX_EPOCHS, hyperparameter

FAR = 1.0  # beyond what nothing learned costs, as a loss of a token


def epochs_field(default: int) -> Any:
    """A dataclass field for the number of epochs."""
    return hyperparameter(default, "maximum number of epochs", minimum=1, maximum=MAX_EPOCHS)


def learning_rate_field(default: float) -> Any:
    """A dataclass field for the learning rate that `cosine_rate` begins with."""
    told = "initial learning rate of Adam, which falls to 0 along a cosine"
    return hyperparameter(default, told, above=0, maximum=1e3)


def saved_epoch(epoch: NamedTuple) -> dict[str, Any]:
    """What a file keeps of an epoch: all but its seconds, as equal trainings give equal files."""
    return {name: value for name, value in epoch._asdict().items() if name != "seconds"}


def cosine_rate(initial: float, passed: float, epochs: int) -> float:
    """The learning rate after so many epochs of all: it falls to 0 along a cosine.

    Example:
        >>> from embedkit.neural.epochs import cosine_rate
        >>> [round(cosine_rate(0.1, passed, 2), 3) for passed in (0, 1, 2)]
        [0.1, 0.05, 0.0]
    """
    return initial * (1 + math.cos(math.pi * passed / epochs)) / 2


def check_loss(loss: float, epoch: int, learning_rate: float) -> None:
    """Raise `DivergenceError` for a loss that is not finite."""
    if not math.isfinite(loss):
        raise DivergenceError(
            f"training diverged in epoch {epoch}: the loss is {loss}; lower learning_rate, which is "
            f"{learning_rate:g}"
        )


def check_learned(loss: float, tokens: int, epoch: int, learning_rate: float) -> None:
    """Raise `DivergenceError` if the mean loss of an epoch is far beyond that of drawing from all tokens."""
    if loss > (drawn := math.log(tokens)) + FAR:
        raise DivergenceError(
            f"training diverged in epoch {epoch}: the loss of a token is {loss:.4g}, where that of drawing "
            f"from all tokens is {drawn:.4g}; lower learning_rate, which is {learning_rate:g}"
        )


class BestEpoch:
    """The weights of the epoch with the lowest cost.

    Args:
        weights: in training, by name; a copy is made at each epoch that is better than those before.
        patience: epochs that are not better, until training is to end.

    Example:
        >>> import numpy as np
        >>> from embedkit.neural.epochs import BestEpoch
        >>> weights = {"w": np.zeros(1)}
        >>> best = BestEpoch(weights, patience=2)
        >>> for cost in (3.0, 1.0, 2.0, 5.0):
        ...     weights["w"][:] = cost
        ...     ended = best.ends_after(cost)
        >>> best.take()
        >>> ended, weights["w"].tolist()
        (True, [1.0])
    """

    def __init__(self, weights: Mapping[str, FloatArray], patience: int) -> None:
        self._weights, self._patience = weights, patience
        self._kept: dict[str, FloatArray] = {}
        self._waited = 0
        self.cost = math.inf

    def ends_after(self, cost: float, anyway: bool = False) -> bool:
        """Whether training is to end after an epoch of this cost, which is taken for the best `anyway`."""
        self._waited += 1
        if cost < self.cost or anyway:
            self.cost, self._waited = cost, 0
            self._kept = {name: weight.copy() for name, weight in self._weights.items()}
        return self._waited >= self._patience

    def state(self) -> tuple[tuple[float, int], dict[str, FloatArray]]:
        """The lowest cost, the epochs since then and its weights, for a checkpoint."""
        return (self.cost, self._waited), self._kept

    def restore(self, numbers: tuple[float, int], arrays: Mapping[str, FloatArray]) -> None:
        """Go on from what `state` told."""
        (self.cost, self._waited), self._kept = numbers, dict(arrays)

    def take(self) -> None:
        """Let the weights be those of the best epoch; of none they stay as they are."""
        for name, weight in self._kept.items():
            self._weights[name][...] = weight
