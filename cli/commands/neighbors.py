"""embedkit neighbors."""

from __future__ import annotations

from pathlib import Path

import click

import embedkit
from embedkit_cli.query.output import show
from embedkit_cli.query.queries import EPILOG, QueryForm, replies_to
from embedkit_cli.shared.common_options import PATH, format_option, top_option, vectors_option


@click.command(epilog=EPILOG)
@click.argument("words", nargs=-1, metavar="[WORD]...")
@vectors_option("query")
@click.option(
    "--approximate",
    "index",
    type=PATH,
    metavar="INDEX",
    help="Search faster by an index that `embedkit index` made of these vectors; it misses a few words.",
)
@top_option("Number of answers per query.")
@format_option("json: one object per query; tsv: query, word and score.")
def neighbors(words: tuple[str, ...], vectors: Path | None, index: Path | None, top: int, style: str) -> None:
    """Find the words closest to each WORD.

    Scores are cosines. Without words, or with -, every line of stdin is a word.
    """
    space = embedkit.load(vectors)
    if index:
        space = space.with_index(embedkit.VectorIndex.load(index))
    replies = replies_to(
        words,
        space,
        QueryForm("one WORD", 1, 1),
        lambda queries: space.neighbors_many([word for (word,) in queries], top),
    )
    show(replies, style)
