"""embedkit train-w2v."""

from __future__ import annotations

import click

from embedkit import Word2Vec
from embedkit_cli.training.run import EPILOG, Training, training_options


@click.command("train-w2v", epilog=EPILOG)
@click.pass_context
@training_options(Word2Vec)
def train_w2v(ctx: click.Context, training: Training) -> None:
    """Train word2vec vectors on text or on a corpus.

    INPUT is a corpus made by `embedkit tokenize`, or raw text: files (plain, .gz, .bz2, .xz or .zst), folders
    of .txt files, globs in quotes, or - for stdin. Of raw text a line is a document; it is encoded in a
    temporary folder first, as the options --tokenizer to --encoding-errors say.
    """
    training.run(ctx)
