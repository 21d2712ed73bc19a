"""Figures without a window or global state, written as PNG."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from embedkit.errors import DependencyError
from embedkit.files import atomic_file
from embedkit.plots.fonts import choose_fonts
from embedkit.text.formats.encodings import replace_surrogates

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 150


def check_matplotlib() -> None:
    """Raise `DependencyError` if matplotlib is not installed: ask before the work, not after."""
    try:
        import matplotlib  # noqa: F401, ICN001
    except ImportError as error:
        raise DependencyError(
            "pictures need matplotlib, which is not installed; pip install 'embedkit[plots]'"
        ) from error


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of so many inches, which finds room for all that is written on it."""
    check_matplotlib()
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=DPI, layout="constrained")


def write_png(figure: Figure, path: Path) -> None:
    """Write the figure to `path`, which is replaced only once the picture is complete.

    Texts are drawn with installed fonts that have their characters; a warning tells of those that none has.
    Lone surrogates, which names of files have that are not UTF-8, become U+FFFD first.
    """
    from matplotlib.axis import Axis
    from matplotlib.text import Text

    for axis in figure.findobj(Axis):
        names = [text.get_text() for text in axis.get_ticklabels()]
        if names != (whole := list(map(replace_surrogates, names))):
            axis.set_ticklabels(whole)
    for text in figure.findobj(Text):
        text.set_text(replace_surrogates(text.get_text()))
    choose_fonts(figure)
    with atomic_file(path) as stream, warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from")  # told already
        figure.savefig(stream, format="png")
