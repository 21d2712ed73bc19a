"""embedkit similarity."""

from __future__ import annotations

from pathlib import Path

import click

import embedkit
from embedkit import Answer
from embedkit_cli.query.output import show
from embedkit_cli.query.queries import EPILOG, QueryForm, Reply, replies_to
from embedkit_cli.shared.common_options import format_option, vectors_option
from embedkit_cli.shared.text import plain


@click.command(epilog=EPILOG)
@click.argument("words", nargs=-1, metavar="[A B]")
@vectors_option("query")
@format_option("json: one object per query; tsv: query, word and score.")
def similarity(words: tuple[str, ...], vectors: Path | None, style: str) -> None:
    """Print the cosine similarity of two words.

    Without words, or with -, every line of stdin is a pair, printed with its cosine. In JSON and TSV
    the cosine is the score of B.
    """
    space = embedkit.load(vectors)
    replies = replies_to(
        words,
        space,
        QueryForm("two words A B", 2, 2),
        lambda pairs: [[Answer(b, space.similarity(a, b))] for a, b in pairs],
    )
    show(replies, style, _as_text)


def _as_text(reply: Reply) -> str:
    pair = plain(" ".join(reply.query.words)) + "  " if reply.query.one_of_several else ""
    return "\n".join(f"{pair}{answer.score:.4f}" for answer in reply.results)
