"""embedkit predict-word."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from embedkit_cli.query.output import show
from embedkit_cli.query.queries import EPILOG, QueryForm, replies_to
from embedkit_cli.query.unknown_words import load_queried, unknown_option
from embedkit_cli.shared.common_options import format_option, top_option, vectors_option


@click.command("predict-word", epilog=EPILOG)
@click.argument("words", nargs=-1, metavar="[WORD]...")
@vectors_option("query")
@unknown_option
@top_option("Number of words to predict.")
@format_option("json: one object per query; tsv: query, word and probability.")
def predict_word(words: tuple[str, ...], vectors: Path | None, unknown: str, top: int, style: str) -> None:
    """Predict the word that stands among the words given.

    Answers come with their probabilities, best first. The vectors must have been trained by `embedkit
    train-w2v` or `embedkit train-fasttext` with --keep-output, and be a .safetensors file, or else by the
    fastText program by negative sampling or softmax, and be its .bin. Without words, or with -, every line
    of stdin is a list of words.
    """
    space = load_queried(vectors, unknown)
    replies = replies_to(
        words,
        space,
        QueryForm("one WORD or more", 1, sys.maxsize),
        lambda contexts: [space.predict_output_word(listed, top) for listed in contexts],
    )
    show(replies, style)
