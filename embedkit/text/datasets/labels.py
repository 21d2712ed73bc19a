"""Labels in tables: one per text, or several as a list or with a separator."""

from __future__ import annotations

import json
import math
from typing import Any

MISSING = {"", "nan", "null"}  # in lower case

Label = str | tuple[str, ...]


def label_of(cell: Any, separator: str | None = None, end: str | None = None) -> Label | None:
    """The label or the labels that a cell holds, None if it holds nothing that could be one.

    With a separator, or if the cell is a list (in a text cell: a JSON list), there are several, and there may
    be none: "a; b" gives ("a", "b") and [] gives (). Numbers become text: 1 and 1.0 give "1". Of each label
    only what stands before `end` is kept: with ":" the label "a:b" is "a".
    """
    labels = _whole(cell, separator)
    if not end or labels is None:
        return labels
    if isinstance(labels, str):
        return _one(labels.partition(end)[0])
    return _several([label.partition(end)[0] for label in labels])


def _whole(cell: Any, separator: str | None) -> Label | None:
    """The labels of a cell, each in full."""
    if separator is not None and isinstance(cell, str):
        return _several([part for part in cell.split(separator) if part.strip()])
    if isinstance(cell, str) and cell.strip().startswith("["):
        cell = _parsed(cell)
    if isinstance(cell, list | tuple):
        return _several(cell)
    return _one(cell)


def as_labels(label: Label) -> tuple[str, ...]:
    """The labels of a text as a tuple, a single one too: "a" gives ("a",)."""
    return (label,) if isinstance(label, str) else label


def _several(parts: Any) -> tuple[str, ...] | None:
    labels = [_one(part) for part in parts]
    known = [label for label in labels if label is not None]
    return tuple(dict.fromkeys(known)) if len(known) == len(labels) else None


def _one(cell: Any) -> str | None:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return None if math.isnan(cell) else f"{cell:g}"
    if isinstance(cell, int):
        return str(cell)
    if not isinstance(cell, str) or cell.strip().lower() in MISSING:
        return None
    return cell.strip()


def _parsed(cell: str) -> Any:
    """The list that a cell holds as JSON, the cell itself if it is none."""
    try:
        content = json.loads(cell)
    except (ValueError, RecursionError):
        return cell
    return content if isinstance(content, list) else cell
