"""The parameters of text encoders, for their functions, their estimator and the options of commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from embedkit.hyperparameters import MAX_DIMENSIONS, hyperparameter

TextWeighting = Literal["mean", "sif", "usif", "tfidf"]


@dataclass(kw_only=True, eq=False, repr=False)
class EncodingParameters:
    """How a text becomes a vector; each field is an option of the commands that encode texts."""

    weights: TextWeighting = hyperparameter(
        "sif",
        "weights of words: equal (mean), by inverse frequency in the text behind the vectors (sif, usif), or "
        "by inverse frequency among the texts encoded (tfidf)",
    )
    components: int = hyperparameter(
        0,
        "number of principal components of the texts to take out of their vectors",
        minimum=0,
        maximum=MAX_DIMENSIONS,
    )
    smoothing: float = hyperparameter(
        1e-3, "the a of smooth inverse frequency, a / (a + p) for a word of probability p; sif only", above=0
    )
