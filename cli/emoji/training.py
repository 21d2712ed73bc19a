"""Training emojifiers on the command line: labels, misclassified texts and learning curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, cast

from embedkit.errors import InputError
from embedkit.plots.learning import Curve
from embedkit.text.datasets.dataset import Labeled
from embedkit.text.emoji import list_emoji
from embedkit_cli.classifiers.plot import curve_of, plot_training
from embedkit_cli.shared.tables import Column, Table, text_table

if TYPE_CHECKING:
    from embedkit.emoji.comparison import Mistake
    from embedkit.emoji.emojifier import Emojifier
    from embedkit.models.comparison import TrainedModel

SHOWN = 60  # characters of a text in the table of mistakes


def emoji_of_numbers(text: str) -> list[str]:
    """The emoji of --labels, which stand for 0, 1, 2 and so on."""
    if not (emoji := list_emoji(text)):
        raise InputError(
            f"expected --labels as emoji, or names such as :red_heart:, parted by spaces, got {text!r:.80}"
        )
    return emoji


def mistakes_listed(model: Emojifier, held_out: Labeled, most: int) -> str:
    """The surest mistakes as a table, with a blank line before it; nothing if there are none to list."""
    from embedkit.emoji.comparison import mistakes_of

    mistakes = mistakes_of(model, held_out)
    if not mistakes or not most:
        return ""
    lines = ["", text_table(mistake_table(mistakes[:most])), ""]
    if len(mistakes) > most:
        lines.insert(2, f"and {len(mistakes) - most:,} more; --mistakes N lists N")
    return "\n".join(lines)


def mistake_table(mistakes: Sequence[Mistake]) -> Table:
    """A row a mistake."""
    columns = (
        Column("mislabeled text"),
        Column("expected"),
        Column("predicted"),
        Column("probability", True),
    )
    rows = [
        (shorten(text[: 4 * SHOWN], SHOWN, placeholder=" ..."), expected, predicted, f"{probability:.4f}")
        for text, expected, predicted, probability in mistakes
    ]
    return Table(columns, rows)


def plot_versions(
    path: Path,
    model: Emojifier,
    trained: Sequence[TrainedModel],
    data: Labeled,
    held_out: Labeled | None,
    name_of_data: str,
) -> None:
    """Draw how a model learned `data`, beside the versions that it was compared with."""
    name = trained[0].name if trained else f"version {model.version}"
    others = {other.name: cast("Emojifier", other.model) for other in trained[1:]}
    curves = curves_of({name: model, **others}, data, held_out)
    plot_training(path, {name: model}, trained, name_of_data, curves)


def curves_of(models: Mapping[str, Emojifier], data: Labeled, held_out: Labeled | None) -> list[Curve]:
    """How versions learned `data`, if one of them has epochs, networks with contrastive examples beside it.

    One without epochs has a single point: what it says of `data`, which it has learned, and of `held_out`.
    """
    if not any(model.history_ for model in models.values()):
        return []
    return [
        curve_of(name, model) if model.history_ else _point(name, model, data, held_out)
        for name, model in models.items()
    ]


def _point(name: str, model: Emojifier, data: Labeled, held_out: Labeled | None) -> Curve:
    from embedkit.models.assessment.evaluation import loss_and_accuracy

    parts = [loss_and_accuracy(model, part) if part else None for part in (data, held_out)]
    return Curve(name, *([value] if part else [] for part in parts for value in part or (0, 0)))
