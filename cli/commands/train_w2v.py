"""embedkit train-w2v."""

from __future__ import annotations

import click

from embedkit import Word2Vec
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.training.run import EPILOG, INVARIANT, Training, training_options


@click.command("train-w2v", cls=HeadedCommand, epilog=EPILOG)
@click.pass_context
@training_options(Word2Vec, on_cluster=True)
def train_w2v(ctx: click.Context, training: Training) -> None:
    """Train word2vec vectors on text or a corpus.

    INPUT is a corpus made by `embedkit tokenize`, or raw text, as that reads it: texts, tables by a column,
    archives, folders, globs in quotes, or - for stdin. It is first tokenized into a temporary folder.

    With --deterministic the same seed gives the same bytes for any number of workers; without it, for one. So
    it does on a --cluster, which needs it: its machines train together in rounds.
    """
    training.run(ctx, INVARIANT if training.trainer.deterministic else ())
