"""Horizontal bar charts with confidence intervals, one panel per benchmark or metric.

Every axis begins at 0, or the lengths of bars would mislead. The colors are those of Okabe and Ito (2008),
"Color Universal Design", which people with any form of color blindness can tell apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from embedkit.errors import InputError
from embedkit.plots.canvas import axes_or_new, figure_of, new_figure, write_figure
from embedkit.plots.fonts import choose_fonts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
WIDTH = 8.0  # inches
LEGEND_COLUMNS = 2
FILLED = 0.8  # of the room of a label, what its bars take


class Bar(NamedTuple):
    """A value and its interval; None for a value that is not known, and for the ends if there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Panel:
    """The bars of one axis.

    Args:
        title: above it.
        axis: what the numbers are.
        labels: where bars stand, from the top.
        series: for each name in the legend a bar a label; all panels of a picture have the same names.
        form: how numbers are written, as in `format(0.25, ".0%")`.
    """

    title: str
    axis: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[Bar]]
    form: str = ".2f"

    def __post_init__(self) -> None:
        if not self.labels or not self.series:
            raise InputError(f"{self.title}: expected bars, got none")
        if len(self.series) > len(COLORS):
            raise InputError(f"expected bars of at most {len(COLORS)} colors, got {len(self.series)}")
        for name, bars in self.series.items():
            if len(bars) != len(self.labels):
                raise InputError(
                    f"{self.title}: expected {len(self.labels)} bars of {name!r}, got {len(bars)}"
                )

    @property
    def height(self) -> float:
        """The inches it needs."""
        return 0.7 + len(self.labels) * (0.12 + 0.17 * len(self.series))

    @property
    def limits(self) -> tuple[float, float]:
        """The ends of the axis: 0 and, with room for figures, whatever bars and intervals reach."""
        bars = [bar for bars in self.series.values() for bar in bars]
        reached = [number for bar in bars for number in bar if number is not None]
        return 1.05 * min([0, *reached]), 1.08 * (max([0, *reached]) or 1)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw it on axes, or on new ones of pyplot, and return them.

        Raises:
            DependencyError: matplotlib is not installed.

        Example:
            >>> panel = Panel("men", "spearman", ["total"], {"mine": [Bar(0.7, 0.65, 0.74)]})
            >>> panel.plot().get_xlabel()
            'spearman'
        """
        ax = axes_or_new(ax, WIDTH, self.height + 0.4)
        _draw(ax, self)
        choose_fonts(figure_of(ax))
        return ax


def write_bars(path: Path, panels: Sequence[Panel], title: str) -> None:
    """Draw panels, one below the other, and write them to a file.

    Raises:
        InputError: no panel, or a path that cannot be written; what stood there stays.
        DependencyError: matplotlib is not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> panel = Panel("men", "spearman", ["total"], {"mine": [Bar(0.7, 0.65, 0.74)]})
        >>> with TemporaryDirectory() as folder:
        ...     write_bars(Path(folder, "bars.png"), [panel], "Similarity")
        ...     Path(folder, "bars.png").read_bytes()[1:4]
        b'PNG'
    """
    if not panels:
        raise InputError("expected something to plot, got nothing")
    heights = [panel.height for panel in panels]
    legend = ceil(len(panels[0].series) / LEGEND_COLUMNS)
    figure = new_figure(WIDTH, sum(heights) + 0.4 + 0.25 * legend)
    figure.suptitle(title, parse_math=False)
    axes = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)[:, 0]
    for ax, panel in zip(axes, panels, strict=True):
        _draw(ax, panel)
    if len(panels[0].series) > 1:
        bars, names = list(axes[0].containers), list(panels[0].series)
        shown = figure.legend(bars, names, loc="outside lower center", ncols=LEGEND_COLUMNS, frameon=False)
        _take_literally(shown.get_texts())
    write_figure(figure, path)


def _draw(ax: Axes, panel: Panel) -> None:
    """One panel: the first label on top, and of a label the first series."""
    thickness = FILLED / len(panel.series)
    for position, bars in enumerate(panel.series.values()):
        offset = (position + 0.5) * thickness - FILLED / 2
        places = [label + offset for label in range(len(panel.labels))]
        ax.barh(places, [bar.value or 0 for bar in bars], 0.9 * thickness, color=COLORS[position])
        _draw_intervals(ax, places, bars)
        for place, bar in zip(places, bars, strict=True):
            _write_value(ax, place, bar, panel.form)
    ax.set_yticks(range(len(panel.labels)), panel.labels)
    _take_literally(ax.get_yticklabels())
    ax.set_ylim(len(panel.labels) - 0.5, -0.5)
    ax.set_xlim(panel.limits)
    ax.set_title(panel.title, loc="left", fontsize="medium", fontweight="bold", parse_math=False)
    ax.set_xlabel(panel.axis, parse_math=False)
    ax.xaxis.set_major_formatter(lambda value, _: format(value, panel.form))
    ax.tick_params(axis="y", length=0)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.grid(axis="x", color="#dddddd", linewidth=0.8)
    ax.set_axisbelow(True)
    ax.axvline(0, color="black", linewidth=0.8)


def _draw_intervals(ax: Axes, places: Sequence[float], bars: Sequence[Bar]) -> None:
    """The intervals of bars as lines over their ends, in one go: a call a line is slow."""
    drawn = [
        (place, bar.low, bar.high)
        for place, bar in zip(places, bars, strict=True)
        if bar.low is not None and bar.high is not None
    ]
    if drawn:
        heights, lows, highs = zip(*drawn, strict=True)
        ax.hlines(heights, lows, highs, color="black", linewidth=1.2, capstyle="butt")


def _take_literally(texts: Iterable[Text]) -> None:
    """Have a $ in names drawn as such, not as the beginning of a formula."""
    for text in texts:
        text.set_parse_math(False)


def _write_value(ax: Axes, place: float, bar: Bar, form: str) -> None:
    """The value of a bar in figures, to the right of it and of its interval."""
    text = "no value" if bar.value is None else format(bar.value, form)
    right = max(0, bar.value or 0, bar.high or 0)
    ax.annotate(
        text, (right, place), (4, 0), textcoords="offset points", va="center_baseline", fontsize="x-small"
    )
