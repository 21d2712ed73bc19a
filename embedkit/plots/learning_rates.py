"""The loss of a network while its learning rate grows, and the rate that this suggests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embedkit.plots.bars import COLORS
from embedkit.plots.canvas import new_figure, write_figure

SIZE = 6.4, 4.0  # inches, across and up
SHOWN = 1.5  # times the first loss, up to which losses are drawn


def write_learning_rates(
    path: Path,
    rates: Sequence[float],
    losses: Sequence[float],
    smoothed: Sequence[float],
    suggestion: float | None,
    title: str,
) -> None:
    """Draw losses as dots and their mean as a line on a logarithmic axis of rates, and write a file.

    Args:
        path: the file.
        rates: the learning rates, (n,), rising.
        losses: one of each.
        smoothed: their mean.
        suggestion: a rate that gets an upright line; None for none.
        title: above the picture.

    Raises:
        InputError: a path that cannot be written.
        DependencyError: matplotlib is not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "rates.png")
        ...     write_learning_rates(path, [0.01, 0.1, 1], [0.7, 0.5, 2], [0.7, 0.6, 1], 0.01, "Reviews")
        ...     path.read_bytes()[1:4]
        b'PNG'
    """
    figure = new_figure(*SIZE)
    figure.suptitle(title, parse_math=False)
    ax = figure.subplots()
    ax.plot(rates, losses, ".", markersize=4, alpha=0.5, color=COLORS[0], label="loss of a batch")
    ax.plot(rates, smoothed, color=COLORS[0], label="mean")
    if suggestion is not None:
        ax.axvline(suggestion, linestyle="--", color=COLORS[1], label=f"suggested: {suggestion:.2g}")
    lowest, highest = float(np.min(losses)), max(SHOWN * losses[0], float(np.median(losses)))
    ax.set(xscale="log", xlabel="learning rate", ylabel="loss", ylim=(0.9 * lowest, highest))
    ax.grid(visible=True, alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(fontsize="small")
    write_figure(figure, path)
