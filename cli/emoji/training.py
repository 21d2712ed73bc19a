"""Emojifiers in training: their options, the versions beside one another, and what they got wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from textwrap import shorten
from types import NoneType
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_type_hints

import click

from embedkit.errors import InputError
from embedkit.plots.learning import Curve
from embedkit.progress import Progress
from embedkit.text.datasets.dataset import Labelled
from embedkit.text.emoji import list_emoji
from embedkit_cli.classifiers.data import judge
from embedkit_cli.classifiers.models import EMOJIFY, GROUPS, make_model
from embedkit_cli.classifiers.plot import curve_of
from embedkit_cli.classifiers.tables import Trained
from embedkit_cli.classifiers.training import train
from embedkit_cli.options import click_type
from embedkit_cli.shared.tables import Column, Table

if TYPE_CHECKING:
    from embedkit.emoji.emojifier import Emojifier

SHOWN = 60  # signs of a text in the table of mistakes
COMPARED = (1, 2)  # versions that any other stands beside
SHARED = ("embeddings", "components", "unlabelled", "contrasts", "seed")  # by versions beside one another
WITHOUT = ("validation_fraction", "patience")  # an emojifier judges no epochs by texts held out
HINTS = {name: hint for kind in GROUPS for name, hint in get_type_hints(kind).items() if name not in WITHOUT}


class Mistake(NamedTuple):
    """A text that was given another emoji than its own, and the probability of that other."""

    text: str
    expected: str
    predicted: str
    probability: float


def emoji_of_numbers(text: str) -> list[str]:
    """The emoji of --labels, which stand for 0, 1, 2 and so on."""
    if not (found := list_emoji(text)):
        raise InputError(
            f"expected --labels as emoji, or names such as :red_heart:, parted by spaces, got {text!r:.80}"
        )
    return found


def network_of(settings: Sequence[str]) -> dict[str, Any]:
    """The parameters of a network that --set gave, as "units=64" says.

    Raises:
        InputError: a setting of another form, of something that a network does not have, or given twice.
        click.BadParameter: a value of another type.
    """
    values: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = (part.strip() for part in setting.partition("="))
        name = name.replace("-", "_")
        if not equals or name not in HINTS:
            raise InputError(f"a network accepts NAME=VALUE with {', '.join(HINTS)}; got {setting!r}")
        if name in values:
            raise InputError(f"{name} is set twice; give it once")
        if text == "none" and NoneType in get_args(HINTS[name]):
            values[name] = None
            continue
        try:
            values[name] = click.types.convert_type(click_type(HINTS[name])).convert(text, None, None)
        except click.BadParameter as error:
            raise InputError(f"--set {setting}: {error.message}") from None
    return values


def make_emojifier(version: int, **parameters: Any) -> Emojifier:
    """A version of the emojifier, not yet fitted."""
    return make_model(EMOJIFY, {"version": version, **parameters})  # type: ignore[return-value]


def train_beside(
    model: Emojifier, data: Labelled, held_out: Labelled, progress: Progress
) -> Iterator[tuple[Emojifier, Trained]]:
    """Versions 1 and 2, if they are not that of the model, learning from the same texts and vectors."""
    for version in COMPARED:
        if version != model.version:
            same = ("embeddings", "seed") if version == 1 else SHARED
            other = make_emojifier(version, **{name: getattr(model, name) for name in same})
            seconds = train(f"version {version}", other, data, progress, watched=held_out)
            yield other, Trained(f"version {version}", judge(other, held_out, progress), seconds)


def with_emoji(data: Labelled, model: Emojifier) -> Labelled:
    """The texts with their labels as the emoji that these stand for."""
    try:
        return replace(data, labels=model.emoji_of(data.labels))
    except InputError as error:
        raise InputError(f"{data.name}: {error}") from None


def mistakes_of(model: Emojifier, data: Labelled) -> list[Mistake]:
    """The texts whose emoji is not the one predicted, the surest mistakes first."""
    likely, classes = model.predict_proba(data.texts), model.classes_.tolist()
    found = [
        Mistake(text, label, classes[place], float(row[place]))  # type: ignore[arg-type]
        for text, label, row, place in zip(
            data.texts, data.labels, likely, likely.argmax(axis=1).tolist(), strict=True
        )
        if label != classes[place]
    ]
    return sorted(found, key=lambda mistake: -mistake.probability)


def mistake_table(mistakes: Sequence[Mistake]) -> Table:
    """A row a mistake."""
    columns = (
        Column("mislabelled text"),
        Column("expected"),
        Column("predicted"),
        Column("probability", True),
    )
    rows = [
        (shorten(text[: 4 * SHOWN], SHOWN, placeholder=" ..."), expected, predicted, f"{likely:.4f}")
        for text, expected, predicted, likely in mistakes
    ]
    return Table(columns, rows)


def curves_of(models: Mapping[str, Emojifier], data: Labelled, held_out: Labelled | None) -> list[Curve]:
    """How versions learnt `data`, if one of them has epochs, networks with texts of contrast beside it.

    One without epochs has a single point: what it says of `data`, which it has learnt, and of `held_out`.
    """
    if not any(model.history_ for model in models.values()):
        return []
    return [
        curve_of(name, model) if model.history_ else _point(name, model, data, held_out)
        for name, model in models.items()
    ]


def _point(name: str, model: Emojifier, data: Labelled, held_out: Labelled | None) -> Curve:
    learnt = _loss_and_accuracy(model, data)
    return Curve(name, *learnt, *(_loss_and_accuracy(model, held_out) if held_out else ([], [])))


def _loss_and_accuracy(model: Emojifier, data: Labelled) -> tuple[list[float], list[float]]:
    """Of the texts whose label the model knows; nothing if it knows none."""
    from sklearn.metrics import log_loss

    known = {*model.classes_.tolist()}
    pairs = [(text, label) for text, label in zip(data.texts, data.labels, strict=True) if label in known]
    if not pairs:
        return [], []
    texts, labels = map(list, zip(*pairs, strict=True))
    loss = log_loss(labels, model.predict_proba(texts), labels=model.classes_)
    return [float(loss)], [model.score(texts, labels)]
