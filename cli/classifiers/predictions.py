"""Texts with their labels as text, JSON or TSV."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from textwrap import shorten
from typing import TYPE_CHECKING

from embedkit_cli.classifiers.highlighting import highlighted
from embedkit_cli.shared.text import DIGITS, cells, json_line, padded, plain

if TYPE_CHECKING:
    from embedkit.models.inference.predictor import Predictor
    from embedkit.models.predictions import Prediction

SHOWN = 60  # characters of a text that are printed beside its label
PredictionRenderer = Callable[["Prediction"], str]


def renderer(style: str, predictor: Predictor, alone: bool) -> PredictionRenderer:
    """What prints predictions in a style; of a text that is `alone`, text style repeats nothing."""
    width = max(cells(str(name)) for name in predictor.classes.tolist())
    renderers: dict[str, PredictionRenderer] = {
        "text": partial(as_text, width=width, alone=alone),
        "json": as_json,
        "tsv": as_tsv,
    }
    return renderers[style]


def as_text(prediction: Prediction, width: int, alone: bool) -> str:
    """Labels and probabilities; beside or, if there are several, above them the text if it is not `alone`."""
    lines = [f"{padded(plain(label), width)}  {probability:.4f}" for label, probability in prediction.labels]
    lines = lines or ["(no label)"]
    if prediction.words is not None:
        return "\n".join([*lines, f"  {highlighted(prediction.text, prediction.words)}"])
    if alone:
        return "\n".join(lines)
    text = plain(shorten(prediction.text[: 4 * SHOWN], SHOWN, placeholder=" ..."))
    return f"{lines[0]}  {text}" if len(lines) == 1 else "\n".join([text, *(f"  {line}" for line in lines)])


def as_json(prediction: Prediction) -> str:
    """One object on one line."""
    labels = [
        {"label": label, "probability": round(probability, DIGITS)}
        for label, probability in prediction.labels
    ]
    entry = {"text": prediction.text, "labels": labels, "unknown_words": round(prediction.unknown, DIGITS)}
    if prediction.words is not None:
        entry["words"] = [
            {"word": prediction.text[begin:end], "effect": round(effect, DIGITS)}
            for begin, end, effect in prediction.words
        ]
    return json_line(entry)


def as_tsv(prediction: Prediction) -> str:
    """A line a label: text, label, probability; a text without labels has an empty one."""
    text = plain(prediction.text)
    labels = [(plain(label), f"{probability:.{DIGITS}f}") for label, probability in prediction.labels] or [
        ("", "")
    ]
    return "\n".join(f"{text}\t{label}\t{probability}" for label, probability in labels)
