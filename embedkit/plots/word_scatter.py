"""`WordScatter`: words as points of a plane, in groups, with lines and arrows between them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embedkit.arrays import Doubles2d
from embedkit.errors import InputError
from embedkit.plots.bars import COLORS
from embedkit.plots.canvas import axes_or_new, check_picture, new_figure, write_figure
from embedkit.plots.labels import DARK, draw_labels, shortened
from embedkit.text.emoji import name_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIDE, MAX_SIDE = 7.0, 24.0  # inches of the picture of few words, and of many
ROOMY = 60  # words that the smallest picture has room for
MAX_WORDS = 1000  # that a picture has room for
FONT, SMALL_FONT = 9.0, 7.0  # points
MARKERS = "os^DvP"  # of groups beyond as many as there are colors
MAX_GROUPS = len(COLORS) * len(MARKERS)
ON_LINE = 60  # points of a line that labels shall not cover
MARGIN = 0.1  # of the extent of the points, on each side


@dataclass(frozen=True, eq=False)
class WordScatter:
    """Words at their positions in a plane.

    Args:
        words: n words; one may stand there several times, as at several times.
        positions: (n, 2).
        groups: the group of each, which decides its color; none for one color.
        strong: the numbers of words written in bold.
        arrows: pairs of numbers of words, joined by an arrow.
        links: pairs of numbers of words, joined by a dashed line.
        axes: what stands below and beside the picture.
        title: above it.

    Raises:
        InputError: no words, more than a picture has room for, or positions or groups that do not fit them.

    Example:
        >>> import numpy as np
        >>> scatter = WordScatter(["cat", "dog"], np.array([[0, 0], [1, 0.5]]), title="Animals")
        >>> scatter.plot().get_title()
        'Animals'
    """

    words: Sequence[str]
    positions: Doubles2d
    groups: Sequence[str] = ()
    strong: Collection[int] = ()
    arrows: Sequence[tuple[int, int]] = ()
    links: Sequence[tuple[int, int]] = ()
    axes: tuple[str, str] = ("", "")
    title: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(self.words) <= MAX_WORDS:
            raise InputError(f"expected 1 to {MAX_WORDS:,} words to draw, got {len(self.words):,}")
        if self.positions.shape != (len(self.words), 2) or len(self.groups) not in (0, len(self.words)):
            raise InputError(f"expected a position, and a group or none, of each of {len(self.words)} words")
        if len({*self.groups}) > MAX_GROUPS:
            raise InputError(f"expected at most {MAX_GROUPS} groups, got {len({*self.groups})}")

    @property
    def side(self) -> float:
        """The inches of a side of the picture."""
        return min(MAX_SIDE, SIDE * sqrt(max(1, len(self.words) / ROOMY)))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw it on axes, or on new ones of pyplot, and return them.

        Raises:
            DependencyError: matplotlib is not installed.
        """
        ax = axes_or_new(ax, 1.25 * self.side, self.side)
        for (start, end), is_arrow in [
            *product(self.links, [False]),
            *product(self.arrows, [True]),
        ]:
            self._join(ax, start, end, is_arrow)
        self._draw_points(ax)
        ax.margins(MARGIN)
        ax.set_aspect("equal", adjustable="datalim")  # so that angles are true
        ax.set_title(name_of(self.title), parse_math=False, color=DARK)
        ax.set(xticks=[], yticks=[])
        ax.set_xlabel(self.axes[0], color=DARK, fontsize="small")
        ax.set_ylabel(self.axes[1], color=DARK, fontsize="small")
        ax.spines[:].set_color("#cccccc")
        size = FONT if self.side < MAX_SIDE else SMALL_FONT
        draw_labels(ax, self.positions, self.words, size, self.strong, self._on_lines())
        return ax

    def write(self, path: Path) -> None:
        """Draw it and write a PNG, SVG or PDF.

        Raises:
            InputError: another suffix, or a path that cannot be written.
            DependencyError: matplotlib is not installed.
        """
        check_picture(path)
        figure = new_figure(1.25 * self.side, self.side)
        self.plot(figure.subplots())
        write_figure(figure, path)

    def _draw_points(self, ax: Axes) -> None:
        """The points of each group, in the order of first appearance, and a legend if there are several."""
        groups = list(self.groups) or [""] * len(self.words)
        names = list(dict.fromkeys(groups))
        styles = [(color, marker) for marker in MARKERS for color in COLORS]
        for name, (color, marker) in zip(names, styles, strict=False):
            places = np.array([place for place, group in enumerate(groups) if group == name])
            label = shortened(name_of(name)) or "others"
            x, y = self.positions[places].T
            ax.scatter(
                x, y, s=26, color=color, marker=marker, edgecolors="white", lw=0.5, zorder=3, label=label
            )
        if len(names) > 1:
            style = {"fontsize": "small", "frameon": False, "loc": "center left", "bbox_to_anchor": (1, 0.5)}
            for text in ax.legend(**style).get_texts():
                text.set_parse_math(False)

    def _on_lines(self) -> Doubles2d:
        """Points on lines and arrows, which labels shall not cover either, (m, 2)."""
        shares = np.linspace(0, 1, ON_LINE)[:, None]
        lines = [
            (1 - shares) * self.positions[start] + shares * self.positions[end]
            for start, end in [*self.arrows, *self.links]
        ]
        return np.concatenate([np.empty((0, 2)), *lines])

    def _join(self, ax: Axes, start: int, end: int, is_arrow: bool) -> None:
        """A line or an arrow between two words."""
        if is_arrow:
            line = {"arrowstyle": "-|>", "color": "#555555", "lw": 1.3, "shrinkA": 4, "shrinkB": 4}
        else:
            line = {"arrowstyle": "-", "color": "#999999", "lw": 0.9, "ls": (0, (4, 3))}
        ax.annotate("", self.positions[end], self.positions[start], arrowprops=line, zorder=2)
