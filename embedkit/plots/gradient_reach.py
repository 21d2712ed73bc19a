"""The norm of gradients by the number of steps that they went back, a line a cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embedkit.arrays import Doubles1d
from embedkit.errors import InputError
from embedkit.plots.bars import COLORS
from embedkit.plots.canvas import new_figure, write_figure

SIZE = 6.4, 4.0  # inches, across and up
LOWEST = 1e-12  # of what is drawn


def write_gradient_reach(path: Path, reaches: Sequence[tuple[str, Doubles1d]], title: str) -> None:
    """Draw the norms of cells on a logarithmic axis, and write a file.

    Args:
        path: the file.
        reaches: the name of each cell, and the norm of the gradient k steps back, k from 0.
        title: above the picture.

    Raises:
        InputError: more cells than colors, or a path that cannot be written.
        DependencyError: matplotlib is not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "gradients.png")
        ...     write_gradient_reach(path, [("RNN", np.array([1, 0.5, 0.25]))], "Gradients")
        ...     path.read_bytes()[1:4]
        b'PNG'
    """
    if len(reaches) > len(COLORS):
        raise InputError(f"expected at most {len(COLORS)} cells to draw, got {len(reaches)}")
    figure = new_figure(*SIZE)
    figure.suptitle(title, parse_math=False)
    ax = figure.subplots()
    for (name, norms), color in zip(reaches, COLORS, strict=False):
        shown = np.where(norms < LOWEST, np.nan, norms)
        ax.plot(np.arange(len(shown)), shown, color=color, label=name)
    ax.axhline(1, color="#999999", linewidth=0.8)
    ax.set(yscale="log", xlabel="steps back", ylabel="norm of the gradient of the last state")
    ax.grid(visible=True, alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)
    for text in ax.legend(fontsize="small").get_texts():
        text.set_parse_math(False)
    write_figure(figure, path)
