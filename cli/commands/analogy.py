"""embedkit analogy."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from embedkit.vectors.search.analogy import Method
from embedkit_cli.query.answer_choice import AnswerChoice, answer_options
from embedkit_cli.query.output import show
from embedkit_cli.query.queries import EPILOG, QueryForm, replies_to
from embedkit_cli.query.unknown_words import load_queried, unknown_option
from embedkit_cli.shared.common_options import format_option, top_option, vectors_option


@click.command(epilog=EPILOG)
@click.argument("words", nargs=-1, metavar="[A B C]")
@vectors_option("query")
@unknown_option
@top_option("Number of answers per query.")
@click.option(
    "--method",
    type=click.Choice(get_args(Method)),
    default="3cosadd",
    show_default=True,
    help="Analogy method.",
)
@click.option("--include-query", is_flag=True, help="Allow A, B and C as answers.")
@answer_options
@format_option("json: one object per query; tsv: query, word and score.")
def analogy(
    words: tuple[str, ...],
    vectors: Path | None,
    unknown: str,
    top: int,
    method: Method,
    include_query: bool,
    choice: AnswerChoice,
    style: str,
) -> None:
    """Find the word that is to C as B is to A.

    `embedkit analogy man woman king` prints queen first: man is to woman as king is to queen. Without words,
    or with -, every line of stdin is a question.
    """
    space = load_queried(vectors, unknown)
    answers = choice.arguments(space)
    replies = replies_to(
        words,
        space,
        QueryForm("three words A B C", 3, 3),
        lambda triples: space.analogies(triples, top, method, include_query, **answers),
    )
    show(replies, style)
