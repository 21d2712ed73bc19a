"""embedkit train-glove."""

from __future__ import annotations

import click

from embedkit import GloVe
from embedkit.training.glove.parameters import RESULT_INVARIANT
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.training.run import EPILOG, Training, training_options


@click.command("train-glove", cls=HeadedCommand, epilog=EPILOG)
@click.pass_context
@training_options(GloVe, on_cluster=True)
def train_glove(ctx: click.Context, training: Training) -> None:
    """Train GloVe vectors on text, a corpus or co-occurrence counts.

    INPUT is a file of counts made by `embedkit cooccurrences`, a corpus made by `embedkit tokenize`, or raw
    text: texts, tables by a column, archives, folders, globs in quotes, or - for stdin.
    Each line of raw text is a document; the text is first tokenized into a temporary folder.

    The same seed gives the same bytes for any number of workers. If training diverges after the first epoch,
    FILE holds the vectors of the last good one, a warning says which parameter to lower, and the exit code
    is 2.
    """
    if "stopped_early" in training.run(ctx, (*RESULT_INVARIANT, "cluster")).metadata:
        raise click.exceptions.Exit(2)
