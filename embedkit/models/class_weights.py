"""Class weights: none, balanced, or a mapping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from embedkit.errors import InputError
from embedkit.models.targets import Targets

ClassWeight = Literal["balanced"] | Mapping[Any, float] | None


def check_class_weight(class_weight: Any, targets: Targets) -> None:
    """Raise `InputError` for class weights that cannot be."""
    if class_weight is None or class_weight == "balanced":
        return
    if not isinstance(class_weight, Mapping) or targets.task == "multilabel":
        allowed = "None or 'balanced'" + (
            " where texts have several labels" if targets.task == "multilabel" else ", or a weight a class"
        )
        raise InputError(f"class_weight must be {allowed}, got {class_weight!r:.80}")
    class_numbers(class_weight, targets)


def class_numbers(class_weight: Mapping[Any, float], targets: Targets) -> dict[int, float]:
    """Weights by the numbers of classes, which are given by the classes."""
    places = {label: number for number, label in enumerate(targets.classes.tolist())}
    unknown = [label for label in class_weight if label not in places]
    if unknown:
        raise InputError(f"class_weight names {unknown[0]!r}, which is none of {list(places)}")
    if wrong := [weight for weight in class_weight.values() if not _can_weigh(weight)]:
        raise InputError(f"class_weight must have finite numbers of more than 0, got {wrong[0]!r}")
    return {places[label]: weight for label, weight in class_weight.items()}


def _can_weigh(weight: Any) -> bool:
    number = isinstance(weight, int | float | np.number) and not isinstance(weight, bool)
    return number and bool(0 < weight < np.inf)
