"""embedkit train-svd."""

from __future__ import annotations

import click

from embedkit import PPMISVD
from embedkit.vectors.formats.writing import SUFFIX_HELP
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.training.run import Training, training_options


@click.command("train-svd", cls=HeadedCommand, epilog=f"Suffixes of FILE: {SUFFIX_HELP}.")
@click.pass_context
@training_options(PPMISVD, epochs=False)
def train_svd(ctx: click.Context, training: Training) -> None:
    """Train vectors by PPMI and truncated SVD on text, a corpus or co-occurrence counts.

    INPUT is a file of counts made by `embedkit cooccurrences`, a corpus made by `embedkit tokenize`, or raw
    text: texts, tables by a column, archives, folders, globs in quotes, or - for stdin.
    Each line of raw text is a document; the text is first tokenized into a temporary folder.
    """
    training.run(ctx)
