"""embedkit neighbors."""

from __future__ import annotations

from pathlib import Path

import click

import embedkit
from embedkit.vectors.lookup import ExpressionLookup
from embedkit_cli.query.answer_choice import AnswerChoice, answer_options
from embedkit_cli.query.output import show
from embedkit_cli.query.queries import EPILOG, EXPRESSIONS, QueryForm, replies_to
from embedkit_cli.query.unknown_words import load_queried, unknown_option
from embedkit_cli.shared.common_options import PATH, format_option, top_option, vectors_option


@click.command(epilog=f"{EXPRESSIONS}\n{EPILOG}")
@click.argument("words", nargs=-1, metavar="[WORD]...")
@vectors_option("query")
@unknown_option
@click.option(
    "--approximate",
    "index",
    type=PATH,
    metavar="INDEX",
    help="Search faster by an index that `embedkit index` made of these vectors; it misses a few words.",
)
@top_option("Number of answers per query.")
@answer_options
@format_option("json: one object per query; tsv: query, word and score.")
def neighbors(
    words: tuple[str, ...],
    vectors: Path | None,
    unknown: str,
    index: Path | None,
    top: int,
    choice: AnswerChoice,
    style: str,
) -> None:
    """Find the words closest to each WORD, or to a sum such as "king - man + woman".

    Scores are cosines; words of a sum count at length 1, and do not answer. Without words, or with -, every
    line of stdin is a word or a sum.
    """
    space = load_queried(vectors, unknown)
    if index:
        space = space.with_index(embedkit.VectorIndex.load(index))
    answers = choice.arguments(space)
    replies = replies_to(
        words,
        space,
        QueryForm("one WORD", 1, 1),
        lambda queries: space.neighbors_many([word for (word,) in queries], top, **answers),
        ExpressionLookup(space),
    )
    show(replies, style)
