"""`embedkit plot analogy`: the parallelograms of analogies."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.errors import InputError
from embedkit.vectors.lookup import WordLookup
from embedkit_cli.plots.pictures import check_output, show_picture, words_options
from embedkit_cli.query.queries import QueryForm
from embedkit_cli.query.unknown_words import load_queried, unknown_option
from embedkit_cli.shared.common_options import vectors_option
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.shared.inputs import given

FORM = QueryForm("three words A B C, or four with D", 3, 4)


@click.command("analogy", cls=HeadedCommand)
@click.argument("words", nargs=-1, metavar="[A B C [D]]")
@vectors_option("query")
@unknown_option
@words_options
def analogy(
    words: tuple[str, ...],
    vectors: Path | None,
    unknown: str,
    output: Path,
    title: str | None,
    style: str,
    quiet: bool,
) -> None:
    """Plot the parallelogram of an analogy: A is to B as C is to D.

    Without D it is the word that `embedkit analogy` finds. Without words, or with -, each line of stdin is an
    analogy, and all are plotted together. Upwards is the mean of all differences B - A and D - C, so that
    pairs that differ as the others do are arrows that point up.
    """
    check_output(output)
    space = load_queried(vectors, unknown)
    lookup = WordLookup(space)
    questions = []
    for batch in given(words, FORM.usage):
        for query in FORM.queries(batch):
            try:
                FORM.check(query.words)
                questions.append(lookup.words(query.words))
            except InputError as error:
                raise InputError(f"{query.place}{error}") from error
    show_picture(space.analogies_scatter(questions, title=title or ""), output, style, quiet)
