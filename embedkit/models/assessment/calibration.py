"""Calibration: reliability bins, expected calibration error, log loss and Brier score.

The expected calibration error is that of Guo et al. (2017), "On calibration of modern neural networks",
eq. 3: in bins of equal width the distance between the mean probability and the share that came true,
weighted by how many fell into the bin. The Brier score is that of Brier (1950), "Verification of forecasts
expressed in terms of probability", halved, so that it lies between 0 and 1 and is, of two classes, the mean
squared error of the probability.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bools1d, Doubles1d

BINS = 10
MIN_PROBABILITY = float(np.finfo(float).eps)  # so that a logarithm stays finite, as scikit-learn has it


class Bin(NamedTuple):
    """Predictions whose probability lies above `low` and is at most `high` (the first bin has 0 too)."""

    low: float
    high: float
    predictions: int
    probability: float | None  # their mean
    share: float | None  # of them that came true


def reliability(probabilities: Doubles1d, happened: Bools1d) -> list[Bin]:
    """The bins of predictions: their probabilities (n,) and whether they came true (n,)."""
    edges = np.linspace(0, 1, BINS + 1)
    places = np.clip(np.searchsorted(edges, probabilities, side="left") - 1, 0, BINS - 1)
    counts = np.bincount(places, minlength=BINS)
    sums = (np.bincount(places, weights, minlength=BINS) for weights in (probabilities, happened))
    with np.errstate(invalid="ignore"):
        means, shares = (total / counts for total in sums)
    known = [
        (mean, happened) if count else (None, None)
        for count, mean, happened in zip(counts, means.tolist(), shares.tolist(), strict=True)
    ]
    ends = zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), known, strict=True)
    return [Bin(low, high, count, *pair) for low, high, count, pair in ends]


def calibration_error(bins: list[Bin]) -> float:
    """The expected calibration error, NaN of nothing."""
    gaps = [
        abs(one.probability - one.share) * one.predictions
        for one in bins
        if one.probability is not None and one.share is not None
    ]
    total = sum(one.predictions for one in bins)
    return sum(gaps) / total if total else np.nan


def log_loss(probabilities: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """The mean negative log probability of the truth: of n texts (n, K), of n decisions (n,)."""
    said = np.where(truth, probabilities, 1 - probabilities) if truth.ndim == 1 else probabilities[truth]
    return float(-np.log(np.maximum(said, MIN_PROBABILITY)).mean()) if said.size else np.nan


def brier(probabilities: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """Half the mean squared distance (n, K) from the truth; of decisions (n,) the mean squared error."""
    squares = (probabilities - truth) ** 2
    if not squares.size:
        return np.nan
    return float(squares.mean() if squares.ndim == 1 else squares.sum(axis=1).mean() / 2)
