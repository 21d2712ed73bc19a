"""Figures without a window or global state, written as PNG, SVG or PDF; and axes of pyplot for notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from embedkit.errors import DependencyError, InputError
from embedkit.files import atomic_file
from embedkit.plots.fonts import choose_fonts, missing_glyphs_told
from embedkit.text.formats.encodings import replace_surrogates

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 150
SUFFIXES = (".png", ".svg", ".pdf")
UNDATED = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}  # equal pictures, equal bytes


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


def axes_or_new(ax: Axes | None, width: float, height: float) -> Axes:
    """The axes given, or those of a new figure of pyplot of so many inches, which notebooks show."""
    check_matplotlib()
    if ax is not None:
        return ax
    from matplotlib import pyplot as plt

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def figure_of(ax: Axes) -> Figure:
    """The whole figure that axes belong to.

    Raises:
        InputError: none, as of axes that were removed.
    """
    figure = ax.get_figure(root=True)
    if figure is None:
        raise InputError("these axes belong to no figure; draw on axes of one")
    return figure


def check_picture(path: Path) -> None:
    """Raise `InputError` unless the name of a file says which kind of picture it is."""
    if path.suffix.lower() not in SUFFIXES:
        kinds = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        raise InputError(f"expected the name of a {kinds} file to draw, got {path}")


def write_figure(figure: Figure, path: Path) -> None:
    """Write the figure to `path`, which is replaced only once the picture is complete.

    Its suffix says whether it is PNG, SVG or PDF; letters of the latter two are outlines, so that they look
    the same everywhere. Texts are drawn with installed fonts that have their characters; a warning tells of
    those that none has. Lone surrogates, which names of files have that are not UTF-8, become U+FFFD first.

    Raises:
        InputError: another suffix, or a path that cannot be written.
    """
    from matplotlib import rc_context
    from matplotlib.axis import Axis
    from matplotlib.text import Text

    check_picture(path)
    for axis in figure.findobj(Axis):
        names = [text.get_text() for text in axis.get_ticklabels()]
        if names != (whole := list(map(replace_surrogates, names))):
            axis.set_ticklabels(whole)
    for text in figure.findobj(Text):
        text.set_text(replace_surrogates(text.get_text()))
    choose_fonts(figure)
    kind = path.suffix.lower()
    with (
        atomic_file(path) as stream,
        missing_glyphs_told(),
        rc_context({"svg.hashsalt": "embedkit", "svg.fonttype": "path"}),
    ):
        figure.savefig(stream, format=kind[1:], metadata=UNDATED[kind])
