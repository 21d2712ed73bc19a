"""What the header of a model file says, checked in form before any of it is believed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, get_args

from embedkit.errors import FormatError
from embedkit.models.number_targets import NumberScale
from embedkit.models.targets import LabelForm, Task

FORM: Mapping[str, type] = {
    "kind": str,
    "parameters": dict,
    "labels": list,
    "task": str,
    "form": str,
    "tokenizer": dict,
    "words": int,
    "facts": dict,
    "metadata": dict,
}
PART: Mapping[str, type] = {"kind": str, "parameters": dict, "tokenizer": dict, "facts": dict}


def check_content(content: Any) -> None:
    """Raise `FormatError` for content of another form than that of models.

    Example:
        >>> check_content({"kind": "tfidf", "parameters": 3})
        Traceback (most recent call last):
            ...
        embedkit.errors.FormatError: its content is malformed: expected parameters as dict, got 3
    """
    _check_form(content, FORM, "content")
    if content["words"] < 0:
        raise FormatError(f"its content is malformed: expected a number of words, got {content['words']}")
    if content["task"] == "regression":
        _check_scale(content)
    else:
        _check_labels(content["labels"], content["task"], content["form"])
    parts = content["facts"].get("parts", [])
    if not isinstance(parts, list):
        raise FormatError(f"its content is malformed: expected parts as list, got {parts!r:.80}")
    _check_history(content["facts"])
    for part in parts:
        _check_form(part, PART, "a part")
        _check_history(part["facts"])
        weight = part.get("weight")
        if not isinstance(weight, int | float) or not math.isfinite(weight):
            raise FormatError(f"its content is malformed: expected the weight of a part, got {weight!r:.80}")


def _check_form(content: Any, form: Mapping[str, type], whole: str) -> None:
    """Raise `FormatError` unless the content is a mapping with values of these types."""
    if not isinstance(content, dict):
        raise FormatError(f"its content is malformed: expected {whole} as dict, got {content!r:.80}")
    for name, kind in form.items():
        if name not in content:
            raise FormatError(f"its content is malformed: it lacks {name}")
        if not isinstance(value := content[name], kind) or isinstance(value, bool):
            raise FormatError(
                f"its content is malformed: expected {name} as {kind.__name__}, got {value!r:.80}"
            )


def _check_history(facts: Mapping[str, Any]) -> None:
    """Raise `FormatError` unless the epochs, if there are any, are numbers by name, or lists of 0.1.0."""
    history = facts.get("history", [])
    if not isinstance(history, list) or not all(map(_holds_numbers, history)):
        raise FormatError(
            f"its content is malformed: expected epochs as numbers by name, got {history!r:.80}"
        )


def _holds_numbers(epoch: Any) -> bool:
    values = epoch.values() if isinstance(epoch, dict) else epoch if isinstance(epoch, list) else ["none"]
    return all(isinstance(number, int | float | None) for number in values)


def _check_scale(content: Mapping[str, Any]) -> None:
    """Raise `FormatError` unless a model of numbers has their scale, and no labels."""
    scale = content.get("scale")
    if content["labels"] or content["form"] != "numbers" or not isinstance(scale, dict):
        raise FormatError("its content is malformed: expected the scale of numbers, and no labels")
    low, high = scale.get("low"), scale.get("high")
    numbers = [scale.get("mean"), scale.get("deviation"), *(() if low is high is None else (low, high))]
    plain = all(type(number) in (int, float) and math.isfinite(number) for number in numbers)
    if scale.keys() != {*NumberScale._fields} or not plain:
        raise FormatError(f"its content is malformed: expected the scale of numbers, got {scale!r:.120}")
    if scale["deviation"] <= 0 or (low is not None and low > high):
        raise FormatError(f"its content is malformed: numbers cannot have the scale {scale!r:.120}")


def _check_labels(labels: list[Any], task: str, form: str) -> None:
    """Raise `FormatError` unless labels are classes as `embedkit.models.targets.read_targets` makes them."""
    if task not in get_args(Task) or form not in get_args(LabelForm):
        raise FormatError(f"its content is malformed: no task {task!r:.80} of the form {form!r:.80}")
    if form == "numbers":
        raise FormatError(f"its content is malformed: no task {task!r:.80} of numbers")
    counts = {"binary": len(labels) == 2, "multiclass": len(labels) > 2, "multilabel": len(labels) > 0}
    if not counts[task]:
        raise FormatError(f"its content is malformed: {len(labels)} labels are not {task}")
    kinds = {
        bool if isinstance(label, bool) else str if isinstance(label, str) else float for label in labels
    }
    plain = len(kinds) == 1 and all(
        isinstance(label, str) or (isinstance(label, int | float) and math.isfinite(label))
        for label in labels
    )
    if not plain or sorted(set(labels)) != labels:
        raise FormatError(f"its content is malformed: expected labels, sorted, each once, got {labels!r:.80}")
