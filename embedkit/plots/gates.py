"""Gates over a text as heat maps: units by tokens, a panel a gate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from embedkit.arrays import Floats2d
from embedkit.errors import InputError
from embedkit.plots.canvas import new_figure, write_figure

TOKEN, SIDES = 0.42, 2.6  # inches of a token, and beside all
UNITS, LABELS = 1.5, 1.4  # inches of the units of a gate, and of what stands above and below all
MAX_TOKENS, MAX_GATES = 60, 40  # that a picture has room for


def write_gates(path: Path, tokens: Sequence[str], gates: Sequence[tuple[str, Floats2d]], title: str) -> None:
    """Draw gates, dark where they are closed and light where they are open, and write a file.

    Args:
        path: the file.
        tokens: of the text.
        gates: the name of each and its values between 0 and 1, (T, units); T may differ from the number of
            tokens where a layer before the cell has joined some.
        title: above the picture.

    Raises:
        InputError: no gates, more tokens or gates than there is room for, or a path that cannot be written.
        DependencyError: matplotlib is not installed.

    Example:
        >>> import numpy as np
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "gates.png")
        ...     write_gates(path, ["not", "good"], [("forget", np.array([[0.1, 0.9], [0.5, 1]]))], "Gates")
        ...     path.read_bytes()[1:4]
        b'PNG'
    """
    if len(tokens) > MAX_TOKENS or not 0 < len(gates) <= MAX_GATES:
        raise InputError(
            f"expected at most {MAX_TOKENS} tokens and 1 to {MAX_GATES} gates to draw, "
            f"got {len(tokens)} and {len(gates)}"
        )
    figure = new_figure(max(5.0, SIDES + TOKEN * len(tokens)), LABELS + UNITS * len(gates))
    figure.suptitle(title, parse_math=False)
    axes = figure.subplots(len(gates), 1, squeeze=False)[:, 0]
    for ax, (name, values) in zip(axes, gates, strict=True):
        image = ax.imshow(values.T, aspect="auto", cmap="viridis", vmin=0, vmax=1, interpolation="nearest")
        ax.set_title(name, loc="left", fontsize="small", parse_math=False)
        ax.set_ylabel("unit", fontsize="small")
        ax.set_xticks(range(len(values)), [""] * len(values))
        ax.tick_params(length=0, labelsize="small")
    if len(gates[-1][1]) == len(tokens):
        axes[-1].set_xticks(range(len(tokens)), tokens, rotation=45, ha="right", rotation_mode="anchor")
        for text in axes[-1].get_xticklabels():
            text.set_parse_math(False)
    figure.colorbar(image, ax=axes, shrink=0.8 / len(gates) ** 0.5, label="0: closed, 1: open")
    write_figure(figure, path)
