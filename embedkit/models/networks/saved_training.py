"""What is saved of a network in training: variables of TensorFlow, the best weights, and whose they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from numpy.typing import NDArray

from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.config import TrainingConfig
from embedkit.models.networks.examples import Examples
from embedkit.neural.network_position import Arrays
from embedkit.saver import fingerprint


class TrainedVariables:
    """Variables of TensorFlow, each once: weights, moments, averages and the states of what is drawn."""

    def __init__(self, variables: Sequence[Any]) -> None:
        self._variables = list({id(variable): variable for variable in variables}.values())

    def state(self) -> tuple[None, Arrays]:
        """Their values, by their numbers."""
        return None, {str(number): each.numpy() for number, each in enumerate(self._variables)}

    def restore(self, numbers: None, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take the values that `state` gave."""
        for number, variable in enumerate(self._variables):
            variable.assign(arrays[str(number)].reshape(variable.numpy().shape))  # files have no shape ()


@dataclass
class BestWeights:
    """The weights of the best epoch so far.

    Args:
        weights: by name.
        loss: by which it was the best.
        waited: epochs since then.
        factor: what is left of the learning rate since then.
    """

    weights: Arrays
    loss: float = math.inf
    waited: int = 0
    factor: float = 1.0

    def state(self) -> tuple[Any, Arrays]:
        """The numbers and the weights, for a checkpoint."""
        return (self.loss, self.waited, self.factor), self.weights

    def restore(self, numbers: Any, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what `state` told."""
        (self.loss, self.waited, self.factor), self.weights = numbers, dict(arrays)


def training_job(
    config: TrainingConfig, network: Sequence[Any], given: Sequence[NDArray[Any]], *examples: Examples | None
) -> dict[str, Any]:
    """All that decides what a network learns: how it is trained and built, given weights, the texts.

    Vectors that training begins with by learning them from the texts are not always the same, and not given.
    """
    data = [
        part
        for each in examples
        if each
        for part in (each.sequences.ids, each.sequences.offsets, each.rows, each.targets, each.weights)
    ]
    begin = fingerprint(*given) if given else None
    return {
        "trainer": "network",
        "settings": asdict(config),
        "network": list(map(repr, network)),
        "begin": begin,
        "data": fingerprint(*data),
        "versions": backend_versions(),
    }


def backend_versions() -> dict[str, str]:
    """The versions of what computes networks of TensorFlow."""
    tf, keras = load_backend()
    return {"tensorflow": tf.__version__, "keras": keras.__version__}
