"""The parameters of regressors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from embedkit.hyperparameters import hyperparameter

RegressionLoss = Literal["squared_error", "absolute_error", "huber"]


@dataclass(kw_only=True, eq=False, repr=False)
class RangeParameter:
    """Which numbers may be predicted."""

    bounded: bool = hyperparameter(
        True, "keep predictions within the range of the numbers that were learned, as those of ratings are"
    )


@dataclass(kw_only=True, eq=False, repr=False)
class RidgeParameter:
    """How `TfidfRegressor` learns."""

    alpha: float = hyperparameter(0.3, "L2 regularization strength of ridge regression", above=0)


@dataclass(kw_only=True, eq=False, repr=False)
class RegressionLossParameter:
    """What a network of numbers minimizes."""

    loss: RegressionLoss = hyperparameter(
        "squared_error",
        "loss function of standardized numbers; absolute_error and huber heed outliers less, and "
        "absolute_error aims at the median",
    )
