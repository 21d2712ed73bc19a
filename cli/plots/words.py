"""`embedkit plot words`: words in a plane."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.errors import InputError
from embedkit.vectors.lookup import WordLookup
from embedkit.vectors.spaces.plane import PlaneMethod
from embedkit_cli.plots.pictures import check_output, plane_options, show_picture, words_options
from embedkit_cli.query.unknown_words import load_queried, unknown_option
from embedkit_cli.shared.common_options import vectors_option
from embedkit_cli.shared.headings import INPUT, HeadedCommand, under
from embedkit_cli.shared.inputs import given

MOST = 1000  # words of --frequent


@click.command("words", cls=HeadedCommand)
@click.argument("words", nargs=-1, metavar="[WORD]...")
@vectors_option("plot")
@unknown_option
@click.option(
    "--frequent",
    type=click.IntRange(1, MOST),
    metavar="N",
    help="Plot the N most frequent words of the vectors.",
    **under(INPUT),
)
@click.option(
    "--clusters",
    type=click.IntRange(2, 40),
    metavar="N",
    help="Color the words by N clusters of their vectors, found by k-means.",
    **under(INPUT),
)
@plane_options
@words_options
def words(
    words: tuple[str, ...],
    vectors: Path | None,
    unknown: str,
    frequent: int | None,
    clusters: int | None,
    method: PlaneMethod,
    seed: int,
    output: Path,
    title: str | None,
    style: str,
    quiet: bool,
) -> None:
    """Plot words in a plane, near one another as their vectors are.

    Without words, or with -, each line of stdin is a word. The best known picture of this kind is
    `embedkit plot words --method tsne -o words.png man woman king queen cat dog fish apple grape orange one
    two three four`.
    """
    check_output(output)
    if words and frequent:
        raise click.UsageError("expected words or --frequent, got both")
    space = load_queried(vectors, unknown)
    if frequent:
        found = list(space.vocabulary.words[:frequent])
    else:
        typed = [item.text.strip() for batch in given(words, "words") for item in batch]
        found = list(dict.fromkeys(WordLookup(space).words(typed)))
    groups: list[str] = []
    if clusters:
        if clusters > len(found):
            raise InputError(f"expected at most as many clusters as words, {len(found)}, got {clusters}")
        from embedkit.statistics.clusters import STARTS, k_means
        from embedkit.vectors.norms import unit_vectors

        labels = k_means(unit_vectors(space.rows(found)), clusters, starts=STARTS, seed=seed)
        groups = [f"cluster {label + 1}" for label in labels.tolist()]
    shown = space.words_scatter(found, groups, method, seed=seed, title=title or "")
    show_picture(shown, output, style, quiet)
