"""embedkit train-fasttext."""

from __future__ import annotations

import click

from embedkit import FastText
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.training.run import EPILOG, Training, training_options


@click.command("train-fasttext", cls=HeadedCommand, epilog=EPILOG)
@click.pass_context
@training_options(FastText)
def train_fasttext(ctx: click.Context, training: Training) -> None:
    """Train fastText vectors, which any word has, on text or a corpus.

    INPUT is a corpus made by `embedkit tokenize`, or raw text, as that reads it: texts, tables by a column,
    archives, folders, globs in quotes, or - for stdin. It is first tokenized into a temporary folder.

    Words outside the vocabulary get vectors of their character n-grams. FILE.safetensors is small and opens
    at once; FILE.bin is read by the fastText program and by gensim.
    """
    training.run(ctx)
