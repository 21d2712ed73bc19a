"""Texts with the labels that a classifier gives them, as text, JSON or TSV."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from embedkit_cli.classifiers.highlighting import marked
from embedkit_cli.query.output import DIGITS, cells, padded, plain

if TYPE_CHECKING:
    from embedkit.models.assessment.occlusion import Occlusion
    from embedkit.models.estimator import TextEstimator

SHOWN = 60  # signs of a text that are printed beside its label


class Labelling(NamedTuple):
    """A text, its labels with their probabilities, the likeliest first, and its share of unknown words.

    `words` says of each word what it adds to the log-odds of the likeliest label, if that was asked for.
    """

    text: str
    labels: Sequence[tuple[str, float]]
    unknown: float
    width: int  # of the longest label of the model, in columns of a terminal
    words: Sequence[Occlusion] | None = None


def predict(
    model: TextEstimator, texts: list[str], top: int | None, explain: bool = False
) -> Iterator[Labelling]:
    """The labels of texts: the `top` likeliest; None for the likeliest, or all above 1/2 of several.

    If they are to be explained, the words' effects are those on the likeliest label.
    """
    names = list(map(str, model.classes_.tolist()))
    width = max(map(cells, names))
    likely, shares = model.proba_and_unknown(texts)
    order = np.argsort(-likely, axis=1, kind="stable")
    if explain:
        from embedkit.models.assessment.occlusion import occlusions
    several = model.targets_.task == "multilabel"
    for text, row, places, unknown in zip(texts, likely, order, shares, strict=True):
        chosen = (
            [place for place in places if row[place] > 0.5] if several and top is None else places[: top or 1]
        )
        words = occlusions(model, text, int(places[0])) if explain else None
        labels = [(names[place], float(row[place])) for place in chosen]
        yield Labelling(text, labels, float(unknown), width, words)


def as_text(labelling: Labelling, alone: bool) -> str:
    """Labels and probabilities; beside or, if there are several, above them the text if it is not `alone`."""
    lines = [f"{padded(plain(label), labelling.width)}  {likely:.4f}" for label, likely in labelling.labels]
    lines = lines or ["(no label)"]
    if labelling.words is not None:
        return "\n".join([*lines, f"  {marked(labelling.text, labelling.words)}"])
    if alone:
        return "\n".join(lines)
    text = plain(shorten(labelling.text[: 4 * SHOWN], SHOWN, placeholder=" ..."))
    return f"{lines[0]}  {text}" if len(lines) == 1 else "\n".join([text, *(f"  {line}" for line in lines)])


def as_json(labelling: Labelling, _: bool) -> str:
    """One object on one line."""
    labels = [{"label": label, "probability": round(likely, DIGITS)} for label, likely in labelling.labels]
    found = {"text": labelling.text, "labels": labels, "unknown_words": round(labelling.unknown, DIGITS)}
    if labelling.words is not None:
        found["words"] = [
            {"word": labelling.text[begin:end], "effect": round(effect, DIGITS)}
            for begin, end, effect in labelling.words
        ]
    return json.dumps(found, ensure_ascii=False)


def as_tsv(labelling: Labelling, _: bool) -> str:
    """A line a label: text, label, probability; a text without labels has an empty one."""
    text = plain(labelling.text)
    labels = [(plain(label), f"{likely:.{DIGITS}f}") for label, likely in labelling.labels] or [("", "")]
    return "\n".join(f"{text}\t{label}\t{likely}" for label, likely in labels)


RENDERERS: dict[str, Callable[[Labelling, bool], str]] = {"text": as_text, "json": as_json, "tsv": as_tsv}
