"""Learning curves and scores of one classifier or several."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from embedkit.arrays import Longs2d
from embedkit.errors import InputError
from embedkit.plots.bars import COLOURS, Bar
from embedkit.plots.canvas import new_figure, write_png
from embedkit.plots.confusion import draw_confusion, size_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANEL = 4.4, 3.4  # inches of curves, across and up


class Curve(NamedTuple):
    """A model's loss and accuracy after each epoch; what was held out may be nothing.

    A single entry is of a model without epochs, and is drawn as a line from end to end.
    """

    name: str
    loss: Sequence[float]
    accuracy: Sequence[float]
    validation_loss: Sequence[float]
    validation_accuracy: Sequence[float]


class ModelScore(NamedTuple):
    """How good a model is on texts that it did not learn from."""

    name: str
    accuracy: Bar


class Confusion(NamedTuple):
    """How often a model took texts of each class (row) for which (column), int64 (K, K)."""

    name: str
    matrix: Longs2d
    names: Sequence[str]


def write_learning(
    path: Path,
    curves: Sequence[Curve],
    results: Sequence[ModelScore],
    title: str,
    metric: str = "accuracy",
    confusion: Confusion | None = None,
) -> None:
    """Draw what is known, and write it as a PNG: curves above, accuracies and the confusion matrix below.

    Args:
        path: the file.
        curves: of the models that learn in epochs.
        results: of all models, on the same texts.
        title: above the picture.
        metric: what the accuracy is called.
        confusion: of one of the models.

    Raises:
        InputError: nothing to draw, more models than colours, or a path that cannot be written.
        DependencyError: matplotlib is not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> curve = Curve("lstm", [0.6, 0.4], [0.7, 0.8], [0.7, 0.5], [0.6, 0.75])
        >>> score = ModelScore("lstm", Bar(0.77, 0.72, 0.81))
        >>> with TemporaryDirectory() as folder:
        ...     write_learning(Path(folder, "learning.png"), [curve], [score], "Reviews")
        ...     Path(folder, "learning.png").read_bytes()[1:4]
        b'PNG'
    """
    if not (curves or results) or max(len(curves), len(results)) > len(COLOURS):
        raise InputError(f"expected 1 to {len(COLOURS)} models to draw, got {len(results) or len(curves)}")
    names = [result.name for result in results] or [curve.name for curve in curves]
    colours = dict(zip(names, COLOURS, strict=False))
    width, height = PANEL
    below = size_of(confusion.names) if confusion else (width, height)
    rows = bool(curves) + bool(results or confusion)
    figure = new_figure(
        max(2 * width, width + below[0]), height * bool(curves) + below[1] * bool(results or confusion)
    )
    figure.suptitle(title, parse_math=False)
    parts = figure.subfigures(rows, 1, squeeze=False, height_ratios=[height, below[1]][-rows:]).ravel()
    if curves:
        loss, accuracy = parts[0].subplots(1, 2)
        _draw_curves(loss, curves, colours, "loss")
        _draw_curves(accuracy, curves, colours, metric)
        for text in loss.legend(fontsize="small").get_texts():
            text.set_parse_math(False)
    if results or confusion:
        shares = [width] * bool(results) + [below[0]] * bool(confusion)
        axes = parts[-1].subplots(1, len(shares), squeeze=False, width_ratios=shares)[0]
        if results:
            _draw_results(axes[0], results, colours, metric)
        if confusion:
            draw_confusion(axes[-1], confusion.matrix, confusion.names)
            axes[-1].set_title(confusion.name, fontsize="medium", parse_math=False)
    write_png(figure, path)


def _draw_curves(ax: Axes, curves: Sequence[Curve], colours: dict[str, str], measure: str) -> None:
    """A line for the texts learnt from, dashed, and one for those held out, whose best epoch has a dot."""
    from matplotlib.ticker import MaxNLocator

    for curve in curves:
        trained, held = (
            (curve.loss, curve.validation_loss)
            if measure == "loss"
            else (curve.accuracy, curve.validation_accuracy)
        )
        colour, epochs = colours.get(curve.name, COLOURS[0]), range(1, len(trained) + 1)
        if len(trained) == 1:
            ax.axhline(trained[0], linestyle="--", color=colour, alpha=0.7, label=f"{curve.name}, training")
            for value in held:
                ax.axhline(value, color=colour, label=f"{curve.name}, validation")
            continue
        ax.plot(epochs, trained, "--", color=colour, alpha=0.7, label=f"{curve.name}, training")
        if held:
            best = int(np.argmin(curve.validation_loss))
            ax.plot(epochs, held, color=colour, label=f"{curve.name}, validation")
            ax.plot(best + 1, held[best], "o", color=colour)
    ax.set(xlabel="epoch", ylabel=measure)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if measure != "loss":
        ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.4g}%")
    ax.grid(visible=True, axis="y", alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)


def _draw_results(ax: Axes, results: Sequence[ModelScore], colours: dict[str, str], metric: str) -> None:
    """A dot a model with its interval, the first at the top."""
    for place, (name, (value, low, high)) in enumerate(results):
        if value is None:
            continue
        if low is not None and high is not None:
            ax.plot([low, high], [place, place], color=colours[name], linewidth=2)
        ax.plot(value, place, "o", color=colours[name])
        ax.annotate(f"{value:.1%}", (value, place), (0, 6), textcoords="offset points", ha="center")
    ax.set_yticks(range(len(results)), [result.name for result in results])
    for text in ax.get_yticklabels():
        text.set_parse_math(False)
    ax.set_ylim(len(results) - 0.4, -0.6)
    ax.set_xlabel(f"{metric} on texts not learnt from, 95 % interval")
    ax.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.4g}%")
    ax.grid(visible=True, axis="x", alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)
