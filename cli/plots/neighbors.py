"""`embedkit plot neighbors`: words with their neighbors."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.vectors.lookup import WordLookup
from embedkit.vectors.spaces.plane import PlaneMethod
from embedkit_cli.plots.pictures import check_output, plane_options, show_picture, words_options
from embedkit_cli.query.unknown_words import load_queried, unknown_option
from embedkit_cli.shared.common_options import top_option, vectors_option
from embedkit_cli.shared.headings import HeadedCommand


@click.command("neighbors", cls=HeadedCommand)
@click.argument("words", nargs=-1, required=True, metavar="WORD...")
@vectors_option("query")
@unknown_option
@plane_options
@top_option("Number of neighbors of each word.")
@words_options
def neighbors(
    words: tuple[str, ...],
    vectors: Path | None,
    unknown: str,
    method: PlaneMethod,
    seed: int,
    top: int,
    output: Path,
    title: str | None,
    style: str,
    quiet: bool,
) -> None:
    """Plot each WORD with the words nearest to it.

    Each WORD and its neighbors have a color; a neighbor of several has that of the first.
    """
    check_output(output)
    space = load_queried(vectors, unknown)
    found = WordLookup(space).words(words)
    name = title or f"Nearest to {', '.join(found)}"
    show_picture(space.neighbors_scatter(found, top, method, seed=seed, title=name), output, style, quiet)
