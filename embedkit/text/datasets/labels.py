"""Labels in tables: one per text, or several as a list or with a separator."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from embedkit.text.datasets.label_lists import parsed_list
from embedkit.text.datasets.label_values import label_text

MISSING = {"", "nan", "null"}  # in lower case

Label = str | tuple[str, ...]


def label_of(cell: Any, separator: str | None = None, end: str | None = None) -> Label | None:
    """The label or the labels that a cell holds, None if it holds nothing that could be one.

    With a separator, or if the cell is a list (in a text cell: one of JSON or as Python writes it), there are
    several, and there may be none: "a; b" gives ("a", "b") and [] gives (). One value is one label in all
    forms: 1, 1.0 and "1.0" give "1". Of each label only what stands before `end` is kept: with ":" the label
    "a:b" is "a".
    """
    return (
        _kept(cell, separator, end)
        if isinstance(cell, str | int | float)
        else _label_of(cell, separator, end)
    )


def _label_of(cell: Any, separator: str | None, end: str | None) -> Label | None:
    labels = _whole(cell, separator)
    if not end or labels is None:
        return labels
    if isinstance(labels, str):
        return _one(labels.partition(end)[0])
    return _several([label.partition(end)[0] for label in labels])


_kept = lru_cache(1 << 14, typed=True)(_label_of)  # the same few labels come again and again


def as_labels(label: Label) -> tuple[str, ...]:
    """The labels of a text as a tuple, a single one too: "a" gives ("a",)."""
    return (label,) if isinstance(label, str) else label


def _whole(cell: Any, separator: str | None) -> Label | None:
    """The labels of a cell, each in full."""
    if isinstance(cell, str):
        if separator is not None:
            return _several([part for part in cell.split(separator) if part.strip()])
        listed = parsed_list(cell)
        cell = cell if listed is None else listed
    if isinstance(cell, list | tuple):
        return _several(cell)
    return _one(cell)


def _several(parts: Any) -> tuple[str, ...] | None:
    labels = [_one(part) for part in parts]
    known = [label for label in labels if label is not None]
    return tuple(dict.fromkeys(known)) if len(known) == len(labels) else None


def _one(cell: Any) -> str | None:
    label = label_text(cell)
    return None if label is None or label.lower() in MISSING else label
