"""Labels that mean the same: strings that look alike, and a class in another type or spelling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from embedkit.text.datasets.label_values import label_text, visible

SEVERAL = (list, tuple, set, frozenset, np.ndarray)  # what several labels of a text are given as


def alike(entries: Sequence[Any]) -> list[Any]:
    r"""Labels, or lists of them, with the first of the strings that look the same in the place of all.

    Strings look the same that are so in Unicode's composed form without what is invisible; a string in which
    nothing is visible becomes "", which is no label.

    Example:
        >>> from embedkit.models.same_labels import alike
        >>> alike(["spam", "spam\u200b", ("ham", " spam"), 1])
        ['spam', 'spam', ['ham', 'spam'], 1]
    """
    first: dict[str, str] = {"": ""}
    found: dict[str, str] = {}

    def spelling(label: Any) -> Any:
        if not isinstance(label, str):
            return label
        if label not in found:
            found[label] = first.setdefault(visible(label), label)
        return found[label]

    return _each(spelling, entries)


def as_classes(entries: Sequence[Any], classes: Sequence[Any]) -> list[Any]:
    """Labels, or lists of them, each as the class of the same value; one that is none stays as it is.

    Example:
        >>> from embedkit.models.same_labels import as_classes
        >>> as_classes(["true", "False", True, "other"], [False, True])
        [True, False, True, 'other']
        >>> as_classes([1, 0.0, "1.0", "2"], ["0", "1"])
        ['1', '0', '1', '2']
    """
    by_value = {label_text(label): label for label in classes} | {label: label for label in classes}

    def class_of(label: Any) -> Any:
        value = label.item() if isinstance(label, np.generic) else label
        return by_value[value] if value in by_value else by_value.get(label_text(value), label)

    return _each(class_of, entries)


def _each(change: Callable[[Any], Any], entries: Sequence[Any]) -> list[Any]:
    return [[*map(change, entry)] if isinstance(entry, SEVERAL) else change(entry) for entry in entries]
