"""What the kinds of `embedkit plot` have in common: options, and what they tell of a picture of words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from embedkit.vectors.spaces.plane import PlaneMethod
from embedkit_cli.evaluation.report_plot import check_plot
from embedkit_cli.options import seed_option
from embedkit_cli.shared.common_options import Function, format_option, output_option, quiet_option
from embedkit_cli.shared.headings import OUTPUT, under
from embedkit_cli.shared.results import show_result
from embedkit_cli.shared.tables import tsv_lines
from embedkit_cli.shared.text import DIGITS

if TYPE_CHECKING:
    from embedkit.plots.word_scatter import WordScatter

PLANE = "Plane"

picture_option = output_option("FILE", "Picture to write; the suffix decides: .png, .svg or .pdf.")
title_option = click.option("--title", metavar="TEXT", help="What stands above the picture.", **under(OUTPUT))


def plane_options(function: Function) -> Function:
    """The options --method and --seed."""
    method = click.option(
        "--method",
        type=click.Choice(get_args(PlaneMethod)),
        default="pca",
        show_default=True,
        help="How vectors come into the plane: pca keeps directions, tsne neighborhoods.",
        **under(PLANE),
    )
    return method(seed_option(PLANE)(function))


def words_options(function: Function) -> Function:
    """The options about the picture: -o, --title, --format and --quiet."""
    options: Sequence[Callable[[Any], Any]] = (
        picture_option,
        title_option,
        format_option("json: one object with the place of each word; tsv: a line a word."),
        quiet_option,
    )
    for option in reversed(options):
        function = option(function)
    return function


def show_picture(scatter: WordScatter, output: Path, style: str, quiet: bool, **more: Any) -> None:
    """Write a picture of words, and tell where they stand; `more` is told by JSON."""
    scatter.write(output)
    rows = [
        (word, round(x, DIGITS), round(y, DIGITS), group)
        for word, (x, y), group in zip(
            scatter.words,
            scatter.positions.tolist(),
            scatter.groups or [None] * len(scatter.words),
            strict=True,
        )
    ]
    names = ("word", "x", "y", "group")
    told = {"output": str(output), "axes": list(scatter.axes), **more}
    told["words"] = [dict(zip(names, row, strict=True)) for row in rows]
    text = "\n".join(tsv_lines(names, rows)) if style == "tsv" else ""
    count = len(scatter.words)
    summary = f"wrote {output}: {count:,} word{'s'[: count - 1]}"
    show_result(style, told, text=text, summary=summary, quiet=quiet)


def check_output(output: Path) -> None:
    """Raise unless a picture can be written to `output`: ask before the work, not after."""
    check_plot(output, 1)
