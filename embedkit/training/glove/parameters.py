"""The hyper-parameters of GloVe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from embedkit.hyperparameters import MAX_EPOCHS, MAX_WORKERS, check, hyperparameter, seed_field
from embedkit.training.counts.memory import parse_memory
from embedkit.training.counts.trainer_base import CountsTrainer

RESULT_INVARIANT = ("workers", "memory")  # parameters on which the result does not depend


@dataclass(frozen=True, kw_only=True)
class GloVeParameters(CountsTrainer):
    """The fields of `GloVe`, named as in its paper, checked together."""

    x_max: float = hyperparameter(
        100.0, "cut-off of the weighting function: this count and higher ones weigh 1", above=0
    )
    alpha: float = hyperparameter(
        0.75,
        "exponent of the weighting function: a count x below the cut-off weighs (x / x_max) ^ alpha",
        minimum=0,
        maximum=10,
    )
    epochs: int = hyperparameter(
        25, "number of epochs (passes over the counts)", minimum=1, maximum=MAX_EPOCHS
    )
    learning_rate: float = hyperparameter(0.05, "initial learning rate of AdaGrad", above=0, maximum=1e15)
    combine: Literal["sum", "word", "both"] = hyperparameter(
        "sum",
        "which vectors to keep: the sum of word and context vectors, word vectors, or both concatenated",
    )
    workers: int | None = hyperparameter(
        None,
        "number of threads; default: one per core; the result does not depend on it",
        minimum=1,
        maximum=MAX_WORKERS,
    )
    memory: str | int = hyperparameter(
        "4GB", "memory limit of counting and training; more data goes to temporary files"
    )
    seed: int = seed_field()

    def __post_init__(self) -> None:
        check(self)
        parse_memory(self.memory)

    def rates(self) -> tuple[np.float32, np.float32, np.float32]:
        """What the kernel takes: the learning rate, alpha, and the logarithm of x_max."""
        return np.float32(self.learning_rate), np.float32(self.alpha), np.float32(np.log(self.x_max))
