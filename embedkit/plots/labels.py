"""Labels of points that do not overlap, with emoji in color.

Texts are measured, placed, and joined to their points by a thin line where they stand far away. Of a label
with emoji a text is measured with blanks in their place, which the pictures then replace.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from embedkit.arrays import Doubles2d
from embedkit.plots.canvas import figure_of
from embedkit.plots.fonts import choose_fonts, missing_glyphs_told
from embedkit.plots.label_placement import far, place_labels
from embedkit.text.emoji import find_emoji
from embedkit.text.formats.encodings import replace_surrogates

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

MAX_CHARACTERS = 40  # of a label; longer ones are cut
LINE, DARK = "#aaaaaa", "#222222"
BLANK = "\N{EM SPACE}\N{EM SPACE}"  # as wide as an emoji, roughly
EMOJI = 1.25  # an emoji's size, in sizes of the font


def draw_labels(
    ax: Axes,
    positions: Doubles2d,
    labels: Sequence[str],
    size: float,
    strong: Collection[int] = (),
    obstacles: Doubles2d | None = None,
) -> None:
    """Write labels beside positions (n, 2) of axes to which nothing is added any more, so that none overlap.

    The fonts of the whole figure are chosen here, as they decide how wide a label is.

    Args:
        ax: where; its limits stay.
        positions: the points.
        labels: one of each.
        size: of the font, in points.
        strong: the numbers of labels in bold, which are placed first.
        obstacles: other positions that labels shall not cover, (m, 2).
    """
    shown = [shortened(replace_surrogates(label)) for label in labels]
    order = sorted(range(len(shown)), key=lambda place: place not in strong)
    texts = [
        ax.text(
            positions[place, 0],
            positions[place, 1],
            _with_blanks(shown[place]),
            fontsize=size,
            fontweight="bold" if place in strong else "normal",
            color=DARK,
            parse_math=False,
            ha="center",
            va="center",
            zorder=4,
        )
        for place in order
    ]
    figure = figure_of(ax)
    for text in texts:
        text.set_in_layout(False)
    choose_fonts(figure)
    with missing_glyphs_told():
        figure.draw_without_rendering()  # the layout
        sizes = np.array([text.get_window_extent().size for text in texts]) * (scale := 72 / figure.dpi)
    points = ax.transData.transform(positions[order]) * scale
    area = np.array(ax.get_window_extent().extents) * scale
    others = np.empty((0, 2)) if obstacles is None else ax.transData.transform(obstacles) * scale
    centers = place_labels(points, sizes, area, others)
    placed = ax.transData.inverted().transform(centers / scale)
    joined = far(points, centers, sizes)
    for text, place, center, is_far in zip(texts, order, placed, joined, strict=True):
        text.set_position(center)
        if is_far:
            style: dict[str, Any] = {"arrowstyle": "-", "color": LINE, "lw": 0.6, "shrinkB": 3}
            style["patchA"] = text
            ax.annotate("", positions[place], center, arrowprops=style, zorder=1)
        if any(find_emoji(shown[place])):
            _draw_with_emoji(ax, text, shown[place])


def shortened(label: str) -> str:
    """A label of at most `MAX_CHARACTERS`: the rest of a longer one is "…".

    Example:
        >>> shortened("a" * 100) == "a" * 39 + "…"
        True
    """
    return label if len(label) <= MAX_CHARACTERS else label[: MAX_CHARACTERS - 1] + "…"


def _parts(label: str) -> list[tuple[str, bool]]:
    """The label cut into emoji and what is between them: each part, and whether it is an emoji."""
    parts, place = [], 0
    for begin, end, emoji in find_emoji(label):
        parts += [(label[place:begin], False), (emoji, True)]
        place = end
    return [(part, is_emoji) for part, is_emoji in [*parts, (label[place:], False)] if part]


def _with_blanks(label: str) -> str:
    """The label with blanks in the place of emoji that can be drawn."""
    return "".join(BLANK if emoji and _drawing(part, 1) else part for part, emoji in _parts(label))


def _drawing(emoji: str, size: float) -> Any:
    from embedkit.plots.glyphs import drawing

    return drawing(emoji, size)


def _draw_with_emoji(ax: Axes, text: Text, label: str) -> None:
    """Replace a text that was moved to its place by a row of texts and pictures."""
    from matplotlib.offsetbox import AnnotationBbox, HPacker, TextArea

    size = float(text.get_fontsize())
    style: dict[str, Any] = {"color": DARK, "fontsize": size, "parse_math": False}
    style |= {"fontfamily": text.get_fontfamily(), "fontweight": text.get_fontweight()}
    boxes = [
        (_drawing(part, EMOJI * size) if emoji else None) or TextArea(part, textprops=style)
        for part, emoji in _parts(label)
    ]
    row = HPacker(children=boxes, align="center", pad=0, sep=1)
    box = AnnotationBbox(row, text.get_position(), frameon=False, pad=0, annotation_clip=False, zorder=4)
    box.set_in_layout(False)
    ax.add_artist(box)
    text.set_visible(False)
