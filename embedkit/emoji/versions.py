"""The versions of `Emojifier`: which classifiers they are made of, with which parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

MEAN, NETWORK = "mean-vectors", "recurrent"
WEIGHTED: Mapping[str, Any] = {"C": 0.05, "smoothing": 3e-4}  # rare words weigh more


class Member(NamedTuple):
    """A classifier, and the weight of its scores in the average."""

    kind: str
    weight: float
    parameters: Mapping[str, Any]


VERSIONS: Mapping[int, Sequence[Member]] = {
    1: [Member(MEAN, 1.0, WEIGHTED)],
    2: [
        Member(
            NETWORK,
            1.0,
            {
                "cell": "lstm",
                "layers": 2,
                "units": 128,
                "bidirectional": False,
                "pooling": "last",
                "vector_dropout": 0.0,
                "layer_dropout": 0.5,
                "dropout": 0.5,
                "fine_tune": False,
                "epochs": 12,
                "batch_size": 32,
                "learning_rate": 2e-3,
                "decay": "cosine",
                "validation_fraction": 0.0,
            },
        )
    ],
    3: [
        Member(
            NETWORK,
            0.75,
            {
                "cell": "lstm",
                "units": 96,
                "pooling": "attention",
                "vector_dropout": 0.2,
                "dropout": 0.5,
                "fine_tune": False,
                "epochs": 7,
                "batch_size": 32,
                "learning_rate": 3e-3,
                "decay": "cosine",
                "validation_fraction": 0.0,
            },
        ),
        Member(MEAN, 0.25, WEIGHTED),
    ],
}
