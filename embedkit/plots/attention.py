"""Attention as a picture: a row for each token that was written, a column for each that was read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from embedkit.arrays import Floats2d
from embedkit.errors import InputError
from embedkit.plots.canvas import new_figure, write_figure

CELL, SIGN = 0.3, 0.09  # inches of a cell, and of a sign of a token
MAX_TOKENS = 150  # of a side that a picture has room for
END = "\u23ce"  # stands for the end of a text


def write_attention(
    path: Path, weights: Floats2d, source: Sequence[str], target: Sequence[str], title: str
) -> None:
    """Draw the weights of attention (T, S), from 0 to 1, and write them to a file.

    Args:
        path: of the picture.
        weights: how much each of T tokens looked at each of S.
        source: those that were read; an empty one is the end.
        target: those that were written, the same.
        title: above the picture.

    Raises:
        InputError: weights that do not fit the tokens, too many of these, or a path that cannot be written.
        DependencyError: matplotlib is not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> import numpy as np
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "attention.png")
        ...     write_attention(path, np.eye(2, dtype=np.float32), ["yes", ""], ["oui", ""], "yes")
        ...     path.read_bytes()[1:4]
        b'PNG'
    """
    if weights.shape != (len(target), len(source)):
        raise InputError(f"expected weights of shape {(len(target), len(source))}, got {weights.shape}")
    if max(weights.shape) > MAX_TOKENS:
        raise InputError(
            f"a picture has room for {MAX_TOKENS} tokens a side, got {max(weights.shape)}; shorten the text"
        )
    names = [[token or END for token in side] for side in (source, target)]
    longest = [SIGN * max(map(len, side)) for side in names]
    figure = new_figure(2 + CELL * len(source) + longest[1], 1 + CELL * len(target) + longest[0])
    axes = figure.subplots()
    axes.imshow(weights, cmap="Greys", vmin=0, vmax=1, aspect="equal")
    axes.set_xticks(range(len(source)), names[0], rotation=90, parse_math=False)
    axes.set_yticks(range(len(target)), names[1], parse_math=False)
    axes.xaxis.tick_top()
    figure.suptitle(title, parse_math=False)
    write_figure(figure, path)
