"""Confusion matrices, normalized by class.

Classes that are emoji are drawn in color; one that cannot be drawn is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import numpy as np

from embedkit.arrays import Longs2d
from embedkit.errors import InputError
from embedkit.plots.canvas import new_figure, write_figure
from embedkit.text.emoji import list_emoji, name_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.offsetbox import DrawingArea

FIGURES = 20  # classes up to which every cell has its number written in it
MAX_CLASSES = 100  # classes that a picture has room for
CELL, SMALL_CELL = 0.55, 0.28  # inches of a cell with a number and without
SIGN = 0.09  # inches of a sign of a name
EMOJI, GAP = 16, 4  # points of an emoji, and between it and the matrix
LIGHT, DARK = "white", "#222222"


def write_confusion(path: Path, matrix: Longs2d, names: Sequence[str], title: str) -> None:
    """Draw a confusion matrix (K, K), a row a true class, and write it to a file.

    Cells are colored by the share of the row, that is, of the texts of a class; the numbers in them are of
    texts. Beyond `FIGURES` classes only colors are drawn.

    Raises:
        InputError: a matrix that does not fit the names, too many classes, or a path that cannot be written.
        DependencyError: matplotlib is not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "confusion.png")
        ...     write_confusion(path, np.array([[8, 2], [1, 9]]), ["negative", "positive"], "Reviews")
        ...     path.read_bytes()[1:4]
        b'PNG'
    """
    width, height = size_of(names)
    figure = new_figure(width, height)
    figure.suptitle(title, parse_math=False)
    draw_confusion(figure.subplots(), matrix, names)
    write_figure(figure, path)


def size_of(names: Sequence[str]) -> tuple[float, float]:
    """The inches that the matrix of these classes needs, across and up."""
    side = len(names) * (CELL if len(names) <= FIGURES else SMALL_CELL)
    longest = SIGN * _longest(names)
    return max(4.2, side + longest + 2.2), max(3.2, side + longest + 0.9)


def draw_confusion(ax: Axes, matrix: Longs2d, names: Sequence[str]) -> None:
    """Draw a confusion matrix, as `write_confusion` does, on axes of a figure; errors are the same."""
    classes = len(names)
    if matrix.shape != (classes, classes) or not 0 < classes <= MAX_CLASSES:
        raise InputError(
            f"expected a row and a column for each of 1 to {MAX_CLASSES} classes, "
            f"got {matrix.shape} for {classes}"
        )
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    image = ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    _name(ax, names, turned=SIGN * _longest(names) > CELL / 2)
    if classes <= FIGURES:
        for (row, column), share in np.ndenumerate(shares):
            color, number = LIGHT if share > 0.5 else DARK, f"{matrix[row, column]:,}"
            ax.text(column, row, number, ha="center", va="center", color=color, fontsize="small")
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.8, label="share of the actual class")
    bar.ax.yaxis.set_major_formatter(lambda value, _: format(value, ".0%"))
    bar.outline.set_visible(False)


def _name(ax: Axes, names: Sequence[str], turned: bool) -> None:
    """Write the names beside the rows and, `turned` if they are long, below the columns; draw emoji."""
    written = ["" if _drawing(name) else name_of(name) for name in names]
    ax.set_yticks(range(len(names)), written)
    ax.set_xticks(range(len(names)), written)
    if turned:
        ax.tick_params(axis="x", labelrotation=45)
        for text in ax.get_xticklabels():
            text.set(ha="right", rotation_mode="anchor")
    for text in (*ax.get_xticklabels(), *ax.get_yticklabels()):
        text.set_parse_math(False)
    if "" in written:
        _draw_emoji(ax, names)
    room = EMOJI + GAP if not any(written) else GAP
    ax.set_xlabel("predicted", labelpad=room)
    ax.set_ylabel("actual", labelpad=room)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def _draw_emoji(ax: Axes, names: Sequence[str]) -> None:
    """Draw the emoji among the names beside their rows and below their columns."""
    from matplotlib.offsetbox import AnnotationBbox

    across, up = ax.get_xaxis_transform(), ax.get_yaxis_transform()
    for place, name in enumerate(names):
        sides = (
            ((place, 0), across, (0, -GAP), (0.5, 1)),
            ((0, place), up, (-GAP, 0), (1, 0.5)),
        )
        for point, coordinates, offset, alignment in sides:
            if (picture := _drawing(name)) is not None:
                box = AnnotationBbox(
                    picture,
                    point,
                    xycoords=coordinates,
                    xybox=offset,
                    boxcoords="offset points",
                    box_alignment=alignment,
                    frameon=False,
                    pad=0,
                    annotation_clip=False,
                )
                ax.add_artist(box)


def _drawing(name: str) -> DrawingArea | None:
    """The picture of a name that is an emoji, None if it is none or cannot be drawn."""
    emoji = list_emoji(name)
    if len(emoji) != 1:
        return None
    from embedkit.plots.glyphs import drawing

    return drawing(emoji[0], EMOJI)


def _longest(names: Sequence[str]) -> int:
    """The width of the longest name in letters; an emoji that is drawn is as wide as two."""
    return max((2 if _drawing(name) else _width(name_of(name)) for name in names), default=0)


def _width(text: str) -> int:
    """The width of a text in letters, of which Chinese characters and their like have two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
