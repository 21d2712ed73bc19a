"""embedkit combine."""

from __future__ import annotations

import time
from pathlib import Path

import click

import embedkit
from embedkit.errors import InputError
from embedkit.vectors.formats.writing import SUFFIX_HELP
from embedkit.vectors.rows import RowType
from embedkit_cli.shared.common_options import PATH, output_option, quiet_option
from embedkit_cli.shared.outputs import Target, check_not_read, dtype_option
from embedkit_cli.shared.repeated import refuse_given
from embedkit_cli.shared.results import made_format_option, show_made

MERGES = {"merge": "first", "mean": "mean", "weighted-mean": "weighted-mean"}


@click.command(epilog=f"Suffixes of FILE: {SUFFIX_HELP}.")
@click.argument("sources", type=PATH, nargs=-1, required=True, metavar="VECTORS VECTORS...")
@output_option("FILE", "Vectors to write; the suffix decides the format.")
@click.option(
    "--how",
    type=click.Choice([*MERGES, "concatenate"]),
    default="merge",
    show_default=True,
    help="merge: all words, those of several files with the vector of the first; mean, weighted-mean (by "
    "counts): with the mean of their vectors; concatenate: dimensions side by side.",
)
@click.option("--normalize", is_flag=True, help="First scale vectors to length 1.")
@click.option(
    "--words",
    type=click.Choice(["common", "all"]),
    default="common",
    show_default=True,
    help="concatenate: the words that all files have, or all words, with zeros where a file has none.",
)
@click.option(
    "--weights",
    metavar="X,X,...",
    help="concatenate: factors for the vectors of each file. Default: 1.",
)
@dtype_option
@made_format_option
@quiet_option
def combine(
    sources: tuple[Path, ...],
    output: Path,
    how: str,
    normalize: bool,
    words: str,
    weights: str | None,
    dtype: RowType | None,
    style: str,
    quiet: bool,
) -> None:
    """Merge several files of vectors, or concatenate their dimensions.

    For all but concatenate the files must be of one space, as those that `embedkit align` wrote are.
    """
    begin = time.monotonic()
    if len(sources) < 2:
        raise click.UsageError(f"expected at least two files of vectors, got {len(sources)}")
    if how != "concatenate":
        refuse_given("words", "weights", why="only --how concatenate has a choice of words and weights")
    factors = None if weights is None else parsed_weights(weights)
    check_not_read(output, *sources)
    target = Target.of(output, dtype)
    spaces = [embedkit.load(path, verify=True) for path in sources]
    if how == "concatenate":
        made = embedkit.concatenate(*spaces, words=words, normalize=normalize, weights=factors)
    else:
        made = embedkit.merge(*spaces, in_several=MERGES[how], normalize=normalize)
    summary = target.save(made, *spaces)
    show_made(style, output, begin, summary=summary, quiet=quiet)


def parsed_weights(text: str) -> list[float]:
    """The numbers in "1,0.5"; `InputError` if one is none."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise InputError(f"expected --weights as numbers with commas, such as 1,0.5, got {text!r}") from None
