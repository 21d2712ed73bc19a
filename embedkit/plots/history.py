"""Learning curves of any models: a panel for each measure, a color for each model.

`learning.py` draws classifiers with their scores; this draws whatever numbers an epoch has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from embedkit.errors import InputError
from embedkit.plots.bars import COLORS
from embedkit.plots.canvas import axes_or_new, check_picture, new_figure, write_figure
from embedkit.plots.learning import STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EpochEntry = TypeVar("EpochEntry")
CurveColumns = Mapping[str, Sequence[float | None]]  # a number an epoch, None where there is none

PANEL = 4.6, 3.4  # inches, across and up
PREFIXES = {"held_out_": "held out", "validation_": "validation"}
WHOLE = {"validation": ("perplexity", "validation")}  # names that are a measure and a style at once
TIMES = "seconds"  # in names of what is no measure of learning
LAST = "learning_rate"


class History(list[EpochEntry]):
    """The epochs of a training, each a named tuple, as a list that can be drawn.

    Example:
        >>> from typing import NamedTuple
        >>> class Step(NamedTuple):
        ...     epoch: int
        ...     loss: float
        >>> History([Step(1, 0.7), Step(2, 0.5)]).plot().get_ylabel()
        'loss'
    """

    def plot(self, measure: str = "loss", ax: Axes | None = None) -> Axes:
        """Draw a measure by epoch, on all that it was taken of, on axes or new ones of pyplot.

        Raises:
            InputError: no epoch, or none that has this measure.
            DependencyError: matplotlib is not installed.
        """
        columns = columns_of([entry._asdict() for entry in self])  # type: ignore[attr-defined]
        if measure not in measures_of([columns]):
            raise InputError(
                f"expected one of {', '.join(measures_of([columns])) or 'no measures'}, got {measure!r}"
            )
        ax = axes_or_new(ax, *PANEL)
        _draw(ax, measure, {"": columns})
        if len(ax.lines) > 1:
            ax.legend(fontsize="small", frameon=False)
        return ax


def columns_of(epochs: Iterable[Mapping[str, Any]]) -> dict[str, list[float | None]]:
    """The numbers of epochs by name, those of time left out.

    Example:
        >>> columns_of([{"epoch": 1, "loss": 0.5, "seconds": 3.1}, {"epoch": 2, "loss": 0.4}])
        {'loss': [0.5, 0.4]}
    """
    listed = list(epochs)
    names = dict.fromkeys(name for epoch in listed for name in epoch)
    shown = [name for name in names if name != "epoch" and TIMES not in name]
    columns = {name: [_number(epoch.get(name)) for epoch in listed] for name in shown}
    return {name: column for name, column in columns.items() if any(value is not None for value in column)}


def measures_of(histories: Iterable[CurveColumns]) -> list[str]:
    """What was measured, each once, the learning rate last, and only where it changes."""
    found = {_measure(name)[0]: None for columns in histories for name in columns}
    rates = [columns.get(LAST, ()) for columns in histories]
    found.pop(LAST, None)
    return [*found, *([LAST] if any(len({*rate}) > 1 for rate in rates) else [])]


def write_histories(path: Path, histories: Mapping[str, CurveColumns], title: str) -> None:
    """Draw the curves of models, a panel a measure, and write them to a file.

    Args:
        path: of the picture.
        histories: the numbers of each model by name, one an epoch; names that begin with "validation_" or
            "held_out_" stand in the panel of what they end with.
        title: above the picture.

    Raises:
        InputError: nothing to draw, more models than colors, or a path that cannot be written.
        DependencyError: matplotlib is not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "curves.svg")
        ...     write_histories(path, {"lstm": {"loss": [0.7, 0.5], "validation_loss": [0.6, 0.6]}}, "Curves")
        ...     path.read_bytes()[:5]
        b'<?xml'
    """
    check_picture(path)
    measures = measures_of(list(histories.values()))
    if not measures or len(histories) > len(COLORS):
        raise InputError(f"expected curves of 1 to {len(COLORS)} models to draw, got {len(histories)}")
    across = min(3, len(measures))
    rows = -(-len(measures) // across)
    figure = new_figure(max(5.5, PANEL[0] * across), PANEL[1] * rows + 0.3 * (1 + len(histories)))
    figure.suptitle(title, parse_math=False)
    panels = figure.subplots(rows, across, squeeze=False).ravel()
    for ax, measure in zip(panels, measures, strict=False):
        _draw(ax, measure, histories)
    for ax in panels[len(measures) :]:
        ax.set_axis_off()
    handles = {line.get_label(): line for ax in panels for line in ax.lines}
    shown = figure.legend(handles.values(), handles, loc="outside lower left", ncols=2, frameon=False)
    for text in shown.get_texts():
        text.set_parse_math(False)
    write_figure(figure, path)


def _draw(ax: Axes, measure: str, histories: Mapping[str, CurveColumns]) -> None:
    """The lines of a measure, each model in its color; the number of an epoch is its place, from 1."""
    from matplotlib.ticker import MaxNLocator

    for (name, columns), color in zip(histories.items(), COLORS, strict=False):
        for column, values in columns.items():
            found, style = _measure(column)
            if found == measure:
                marker = "o" if len(values) == 1 else ""
                label = ", ".join(filter(None, (name, style)))
                numbers = [float("nan") if value is None else value for value in values]
                epochs = range(1, len(values) + 1)
                ax.plot(epochs, numbers, linestyle=STYLES[style], marker=marker, color=color, label=label)
    ax.set(xlabel="epoch", ylabel=measure.replace("_", " "))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(visible=True, axis="y", alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)


def _measure(column: str) -> tuple[str, str]:
    """What a column measures, and on what: "validation_loss" gives ("loss", "validation")."""
    if column in WHOLE:
        return WHOLE[column]
    for prefix, style in PREFIXES.items():
        if column.startswith(prefix):
            return column.removeprefix(prefix), style
    return column, "training"


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
