"""Learning curves and scores of one classifier or several."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from embedkit.arrays import Longs2d
from embedkit.errors import InputError
from embedkit.plots.bars import COLORS, Bar
from embedkit.plots.canvas import new_figure, write_figure
from embedkit.plots.confusion import draw_confusion, size_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import SubFigure

PANEL = 4.4, 3.4  # inches of curves, across and up
LINE = 0.2  # inches of a line of the legend
GREY = "#444444"
NUMBERS = ("loss", "R²")  # measures that are no percentages
STYLES = {"training": "--", "held out": ":", "validation": "-"}  # of lines


class Curve(NamedTuple):
    """A model's loss and accuracy after each epoch; there may be none but in training.

    A single entry is of a model without epochs, and is drawn as a line from end to end. `kept` is the place
    of the epoch whose weights the model has.
    """

    name: str
    loss: Sequence[float]
    accuracy: Sequence[float]
    validation_loss: Sequence[float]
    validation_accuracy: Sequence[float]
    held_out_loss: Sequence[float] = ()
    held_out_accuracy: Sequence[float] = ()
    kept: int | None = None


class ModelScore(NamedTuple):
    """How good a model is on texts that it did not learn from, and how long it trained."""

    name: str
    accuracy: Bar
    seconds: float | None = None


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
    """Draw what is known, and write it to a file: curves above, accuracies and the confusion matrix below.

    Args:
        path: the file.
        curves: of the models that learn in epochs.
        results: of all models, on the same texts.
        title: above the picture.
        metric: what the accuracy is called; all but R² are shares, shown as percentages.
        confusion: of one of the models.

    Raises:
        InputError: nothing to draw, more models than colors, or a path that cannot be written.
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
    if not (curves or results) or max(len(curves), len(results)) > len(COLORS):
        raise InputError(f"expected 1 to {len(COLORS)} models to draw, got {len(results) or len(curves)}")
    names = [result.name for result in results] or [curve.name for curve in curves]
    colors = dict(zip(names, COLORS, strict=False))
    width, height = PANEL
    top = height + LINE * (len(curves) + 1)  # with room for the legend
    below = size_of(confusion.names) if confusion else (width, height)
    rows = bool(curves) + bool(results or confusion)
    figure = new_figure(
        max(2 * width, width + below[0]), top * bool(curves) + below[1] * bool(results or confusion)
    )
    figure.suptitle(title, parse_math=False)
    parts = figure.subfigures(
        rows, 1, squeeze=False, height_ratios=[top, below[1]][-rows:] if not curves or rows > 1 else [top]
    ).ravel()
    if curves:
        loss, accuracy = parts[0].subplots(1, 2)
        _draw_curves(loss, curves, colors, "loss", _styles(curves))
        _draw_curves(accuracy, curves, colors, metric, _styles(curves))
        _explain(parts[0], curves, colors)
    if results or confusion:
        shares = [width] * bool(results) + [below[0]] * bool(confusion)
        axes = parts[-1].subplots(1, len(shares), squeeze=False, width_ratios=shares)[0]
        if results:
            _draw_results(axes[0], results, colors, metric)
        if confusion:
            draw_confusion(axes[-1], confusion.matrix, confusion.names)
            axes[-1].set_title(confusion.name, fontsize="medium", parse_math=False)
    write_figure(figure, path)


def _lines(curve: Curve, measure: str) -> dict[str, Sequence[float]]:
    """The lines of a curve by the names of `STYLES`, those that there are."""
    if measure == "loss":
        values = curve.loss, curve.held_out_loss, curve.validation_loss
    else:
        values = curve.accuracy, curve.held_out_accuracy, curve.validation_accuracy
    return {name: line for name, line in zip(STYLES, values, strict=True) if len(line)}


def _styles(curves: Sequence[Curve]) -> list[str]:
    """Which lines are drawn; those of texts held out are left out if several models had three lines each."""
    there = {name for curve in curves for name in _lines(curve, "loss")}
    crowded = len(curves) > 1 and "validation" in there
    return [name for name in STYLES if name in there and not (crowded and name == "held out")]


def _draw_curves(
    ax: Axes, curves: Sequence[Curve], colors: dict[str, str], measure: str, styles: Sequence[str]
) -> None:
    """A line for the texts learned from, and for others; the epoch that is kept has a dot on the last."""
    from matplotlib.ticker import MaxNLocator

    for curve in curves:
        color, lines = colors.get(curve.name, COLORS[0]), _lines(curve, measure)
        lines = {name: lines[name] for name in styles if name in lines}
        for name, values in lines.items():
            style: dict[str, Any] = {
                "linestyle": STYLES[name],
                "color": color,
                "alpha": 0.7 if name == "training" else 1,
            }
            if len(curve.loss) == 1:
                ax.axhline(values[0], **style)
            else:
                ax.plot(range(1, len(values) + 1), values, **style)
        if curve.kept is not None and len(curve.loss) > 1:
            ax.plot(curve.kept + 1, list(lines.values())[-1][curve.kept], "o", color=color)
    ax.set(xlabel="epoch", ylabel=measure)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if measure not in NUMBERS:
        ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.4g}%")
    ax.grid(visible=True, axis="y", alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)


def _explain(part: SubFigure, curves: Sequence[Curve], colors: dict[str, str]) -> None:
    """The legend below the curves: a color a model, a style of line for what it is measured on."""
    from matplotlib.lines import Line2D

    models = [Line2D([], [], color=colors.get(c.name, COLORS[0]), linewidth=3, label=c.name) for c in curves]
    lines: dict[str, Any] = {name: {"label": name, "linestyle": STYLES[name]} for name in _styles(curves)}
    styles = [Line2D([], [], color=GREY, **line) for line in lines.values()]
    if any(curve.kept is not None for curve in curves):
        styles.append(Line2D([], [], color=GREY, linestyle="", marker="o", label="epoch that is kept"))
    small: dict[str, Any] = {"fontsize": "small", "frameon": False}
    named = part.legend(handles=models, loc="outside lower left", **small)
    part.legend(handles=styles, loc="outside lower right", **small)
    for text in named.get_texts():
        text.set_parse_math(False)


def _draw_results(ax: Axes, results: Sequence[ModelScore], colors: dict[str, str], metric: str) -> None:
    """A dot a model with its interval, the first at the top."""
    for place, (name, (value, low, high), _) in enumerate(results):
        if value is None:
            continue
        if low is not None and high is not None:
            ax.plot([low, high], [place, place], color=colors[name], linewidth=2)
        ax.plot(value, place, "o", color=colors[name])
        shown = f"{value:.3f}" if metric in NUMBERS else f"{value:.1%}"
        ax.annotate(shown, (value, place), (0, 6), textcoords="offset points", ha="center")
    names = [
        result.name if result.seconds is None else f"{result.name}\ntrained in {result.seconds:.1f} s"
        for result in results
    ]
    ax.set_yticks(range(len(results)), names, fontsize="small")
    for text in ax.get_yticklabels():
        text.set_parse_math(False)
    ax.set_ylim(len(results) - 0.4, -0.6)
    ax.set_xlabel(f"{metric} on texts not learned from, 95 % interval")
    if metric not in NUMBERS:
        ax.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.4g}%")
    ax.grid(visible=True, axis="x", alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)
