"""`NumberTargets`: numbers as regressors take and return them, standardized for what learns them."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles1d, Doubles2d, Longs1d
from embedkit.errors import InputError
from embedkit.models.columns import label_rows
from embedkit.models.targets import Targets
from embedkit.text.datasets.labels import Label
from embedkit.text.datasets.splitting import quantile_strata


class NumberScale(NamedTuple):
    """The mean and the standard deviation of numbers that were learned, and the range of predictions.

    `low` and `high` are None where predictions have no bounds; the deviation of equal numbers is 1.
    """

    mean: float
    deviation: float
    low: float | None
    high: float | None

    def in_units(self, scores: Doubles2d) -> Doubles1d:
        """Predicted numbers (n,) of standardized ones (n, 1)."""
        numbers: Doubles1d = self.mean + self.deviation * scores[:, 0].astype(np.float64)
        return numbers if self.low is None else np.clip(numbers, self.low, self.high)


@dataclass(frozen=True)
class NumberTargets(Targets):
    """A number a text; `encoded` float64 (n,) are the standardized ones.

    Args:
        scale: their mean, deviation and range.
    """

    scale: NumberScale

    @property
    def columns(self) -> int:
        """How many scores a text gets."""
        return 1

    @classmethod
    def of(cls, scale: NumberScale, encoded: NDArray[Any] | None = None) -> NumberTargets:
        """Targets of this scale; without texts, as a fitted model keeps them."""
        own = np.zeros(0) if encoded is None else encoded
        return cls(np.zeros(0), "regression", "numbers", own, scale)

    def standardized(self, numbers: Doubles1d) -> Doubles1d:
        """Numbers as they are learned."""
        standard: Doubles1d = (numbers - self.scale.mean) / self.scale.deviation
        return standard

    def strata(self) -> Longs1d:
        """The part of the range of all numbers in which each is, (n,), by quantiles."""
        return quantile_strata(self.encoded)


def read_numbers(numbers: Any, sample_weight: Doubles1d | None = None, bounded: bool = True) -> NumberTargets:
    """The targets of a regression.

    Args:
        numbers: n numbers, also as a column (n, 1).
        sample_weight: how much each counts for mean and deviation, (n,); None for 1. Those of 0 do not.
        bounded: whether predictions stay within the range of the numbers.

    Raises:
        InputError: what are no finite numbers, one a text.

    Warns:
        UserWarning: all numbers are equal.

    Example:
        >>> from embedkit.models.number_targets import read_numbers
        >>> targets = read_numbers([1, 2, 3, 6])
        >>> targets.scale.mean, targets.scale.low, targets.scale.high
        (3.0, 1.0, 6.0)
    """
    values = checked_numbers(numbers)
    if not len(values):
        raise InputError("expected numbers to learn from, got none")
    weights = np.ones(len(values)) if sample_weight is None else sample_weight
    counting = values[weights > 0]
    mean = float(np.average(values, weights=weights))
    deviation = float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))
    if counting.min() == counting.max():
        mean, deviation = float(counting[0]), 1.0
        warnings.warn(f"all texts have the number {mean:g}; there is nothing to learn", stacklevel=3)
    if not np.isfinite(deviation) or deviation == 0:
        raise InputError(
            f"expected numbers whose variance can be told, got some from {counting.min():g} to "
            f"{counting.max():g}; rescale them"
        )
    bounds = (float(counting.min()), float(counting.max())) if bounded else (None, None)
    targets = NumberTargets.of(NumberScale(mean, deviation, *bounds))
    return replace(targets, encoded=targets.standardized(values))


def checked_numbers(numbers: Any) -> Doubles1d:
    """Numbers as float64 (n,); `InputError` for what are none, one a text."""
    if numbers is None:
        raise InputError("expected numbers to learn from, got none")
    rows = label_rows(numbers)
    for place, value in enumerate(rows):
        if isinstance(value, bool | np.bool_) or not isinstance(
            value, int | float | np.integer | np.floating
        ):
            raise InputError(
                f"expected a number for each text, got {value!r:.40} for text {place} (counted from 0); "
                f"{_advice(value)}"
            )
    values = _as_floats(rows)
    wrong = np.flatnonzero(~np.isfinite(values))
    if len(wrong):
        raise InputError(
            f"expected finite numbers, got NaN or infinity for {len(wrong)} of {len(values)} texts, the "
            f"first of them text {wrong[0]} (counted from 0); leave these texts out"
        )
    return values


def numbers_from_text(labels: Sequence[Label]) -> Doubles1d:
    """Numbers that were read from a file, as text.

    Raises:
        InputError: what is none.

    Example:
        >>> from embedkit.models.number_targets import numbers_from_text
        >>> numbers_from_text(["4", "2.5"]).tolist()
        [4.0, 2.5]
    """
    values: list[float] = []
    for place, label in enumerate(labels):
        try:
            values.append(float(label))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise InputError(
                f"expected a number for each text, got {label!r:.40} for text {place} (counted from 0)"
            ) from None
    return checked_numbers(values)


def _as_floats(rows: list[Any]) -> Doubles1d:
    try:
        return np.asarray(rows, np.float64)
    except (OverflowError, TypeError, ValueError):  # a huge or a complex number
        raise InputError("expected numbers that float64 can hold") from None


def _advice(value: Any) -> str:
    """What to do about a target that is no number."""
    if isinstance(value, str):
        return "float() makes numbers of texts; of classes learns TextClassifier"
    if isinstance(value, list | tuple | np.ndarray):
        return "give one number a text"
    if isinstance(value, bool | np.bool_):
        return "truth values are classes, which TextClassifier learns"
    return "leave such texts out" if value is None else "float() makes numbers of others"
