"""embedkit odd-one-out."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import fmean

import click

from embedkit import Answer, Embeddings
from embedkit_cli.query.output import show
from embedkit_cli.query.queries import EPILOG, QueryForm, Words, replies_to
from embedkit_cli.query.unknown_words import load_queried, unknown_option
from embedkit_cli.shared.common_options import format_option, vectors_option


@click.command("odd-one-out", epilog=EPILOG)
@click.argument("words", nargs=-1, metavar="[WORD]...")
@vectors_option("query")
@unknown_option
@format_option("json: one object per query; tsv: query, word and score.")
def odd_one_out(words: tuple[str, ...], vectors: Path | None, unknown: str, style: str) -> None:
    """Find the word that is least similar to the others.

    Its score is its mean cosine with the others, the lowest of all words. Without words, or with -, every
    line of stdin is a list of at least three words.
    """
    space = load_queried(vectors, unknown)
    replies = replies_to(
        words,
        space,
        QueryForm("three words or more", 3, sys.maxsize),
        lambda lists: [[_odd(space, listed)] for listed in lists],
    )
    show(replies, style)


def _odd(space: Embeddings, words: Words) -> Answer:
    odd = space.odd_one_out(words)
    others = list(words)
    others.remove(odd)
    return Answer(odd, fmean(space.similarity(odd, other) for other in others))
