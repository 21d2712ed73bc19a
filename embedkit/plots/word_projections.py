"""Projections of words on a bias direction, before and after debiasing.

Above, a stroke for each word. Below, a line a word for those at either end, each with a dot for before and,
if there is one, another for after, joined by a line that shows how far the word has moved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedkit.errors import InputError
from embedkit.plots.bars import COLORS
from embedkit.plots.canvas import new_figure, write_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

(BEFORE, AFTER), LINK, DARK = COLORS[:2], "#cfcfcf", "#333333"
SHOWN = 14  # words at either end
WIDTH, ROW = 8.0, 0.22  # inches of the picture, and of a line with a word
CROWD, REST = 0.34, 1.5  # inches of a row of strokes, and of titles and axis


@dataclass(frozen=True)
class WordProjections:
    """Where words lie.

    Args:
        before: the position of each word.
        after: the same after debiasing, for the same words; None if there is no after.
        ends: what a positive position means, and a negative one; the second is None if none is negative.
        title: above the picture.
        axis: what the projections are.
        names: what before and after are called.
    """

    before: Mapping[str, float]
    after: Mapping[str, float] | None
    ends: tuple[str, str | None]
    title: str
    axis: str
    names: tuple[str, str] = ("before", "after")

    def __post_init__(self) -> None:
        if len(self.before) < 2:
            raise InputError(f"expected at least 2 words to draw, got {len(self.before)}")
        if self.after is not None and set(self.after) != set(self.before):
            raise InputError("expected the same words after as before")

    @property
    def extremes(self) -> tuple[list[str], list[str]]:
        """The words at the positive end and at the other, the most extreme first and last; at most all."""
        ordered = sorted(self.before, key=lambda word: -self.before[word])
        count = min(SHOWN, len(ordered) // 2)
        return ordered[:count], ordered[len(ordered) - count :]

    @property
    def limits(self) -> tuple[float, float]:
        """The ends of the axis: as far to both sides, or from 0 if nothing is negative."""
        values = [*self.before.values(), *(self.after or {}).values()]
        reach = 1.08 * (max(map(abs, values)) or 1)
        return (-reach if self.ends[1] is not None else -0.02 * reach), reach


def write_word_projections(path: Path, shown: WordProjections) -> None:
    """Draw words along a direction, and write them to a file.

    Raises:
        InputError: a path that cannot be written; what stood there stays.
        DependencyError: matplotlib is not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> cosines = {"nurse": 0.4, "cook": 0.1, "captain": -0.5}
        >>> shown = WordProjections(cosines, None, ("female", "male"), "Gender", "cosine")
        >>> with TemporaryDirectory() as folder:
        ...     write_word_projections(Path(folder, "words.png"), shown)
        ...     Path(folder, "words.png").read_bytes()[1:4]
        b'PNG'
    """
    first, second = shown.extremes
    height = ROW * (len(first) + len(second) + 1)
    strokes = CROWD * (1 if shown.after is None else 2)
    figure = new_figure(WIDTH, REST + strokes + height)
    figure.suptitle(shown.title, parse_math=False, fontweight="bold", color=DARK)
    crowd, words = figure.subplots(2, 1, sharex=True, height_ratios=[strokes, height])
    _draw_crowd(crowd, shown)
    _draw_words(words, shown, first, second)
    write_figure(figure, path)


def _draw_crowd(ax: Axes, shown: WordProjections) -> None:
    """A stroke a word, before and below it after: where strokes are dense there are many words."""
    rows = [(shown.before, BEFORE), (shown.after, AFTER)]
    drawn = [(projections, color) for projections, color in rows if projections is not None]
    for row, (projections, color) in enumerate(drawn):
        ax.vlines(list(projections.values()), row - 0.38, row + 0.38, color=color, alpha=0.55, linewidth=1.2)
    names = shown.names if shown.after is not None else [f"all {len(shown.before):,} words"]
    ax.set_yticks(range(len(drawn)), names)
    ax.set_ylim(len(drawn) - 0.5, -0.5)
    if shown.after is not None:
        title = f"all {len(shown.before):,} words"
        ax.set_title(title, loc="left", fontsize="small", fontweight="bold", color=DARK)
    ax.axvline(0, color=DARK, linewidth=0.8, zorder=1)
    _tidy(ax)
    ax.tick_params(axis="x", length=0, labelbottom=False)


def _draw_words(ax: Axes, shown: WordProjections, first: Sequence[str], second: Sequence[str]) -> None:
    """A line a word, with a gap between the ends."""
    rows: list[str | None] = [*first, None, *second]
    places = [place for place, word in enumerate(rows) if word is not None]
    words = [*first, *second]
    before = [shown.before[word] for word in words]
    if shown.after is not None:
        after = [shown.after[word] for word in words]
        ax.hlines(places, before, after, color=LINK, linewidth=2, zorder=1)
        ax.scatter(after, places, s=30, color=AFTER, zorder=3)
    ax.scatter(before, places, s=30, color=BEFORE, zorder=2)
    ax.set_yticks(places, words)
    ax.set_ylim(len(rows) - 0.4, -1.6)
    ax.set_xlim(shown.limits)
    _name_ends(ax, shown.ends)
    ax.set_xlabel(shown.axis, parse_math=False, color=DARK)
    ax.axvline(0, color=DARK, linewidth=0.8, zorder=1)
    _tidy(ax)


def _tidy(ax: Axes) -> None:
    """Leave of an axis what is read: names as they are written, and faint lines to read projections by."""
    for text in ax.get_yticklabels():
        text.set(parse_math=False, fontsize="small", color=DARK)
    ax.tick_params(axis="x", colors=DARK, labelsize="small")
    ax.tick_params(axis="y", length=0)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.grid(axis="x", color="#e6e6e6", linewidth=0.8)
    ax.set_axisbelow(True)


def _name_ends(ax: Axes, ends: tuple[str, str | None]) -> None:
    """What lies to the right and what to the left, above the words."""
    style: dict[str, Any] = {
        "va": "top",
        "fontweight": "bold",
        "fontsize": "medium",
        "color": DARK,
        "parse_math": False,
    }
    ax.text(1, 1, f"{ends[0]} \N{RIGHTWARDS ARROW}", ha="right", transform=ax.transAxes, **style)
    if ends[1] is not None:
        ax.text(0, 1, f"\N{LEFTWARDS ARROW} {ends[1]}", ha="left", transform=ax.transAxes, **style)
