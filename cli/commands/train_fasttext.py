"""embedkit train-fasttext."""

from __future__ import annotations

import click

from embedkit import FastText
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.training.run import EPILOG, INVARIANT, Training, training_options

_EPILOG = EPILOG.replace(".bin (word2vec binary)", ".bin (fastText)")


@click.command("train-fasttext", cls=HeadedCommand, epilog=_EPILOG)
@click.pass_context
@training_options(FastText, on_cluster=True)
def train_fasttext(ctx: click.Context, training: Training) -> None:
    """Train fastText vectors, which any word has, on text or a corpus.

    INPUT is a corpus made by `embedkit tokenize`, or raw text, as that reads it: texts, tables by a column,
    archives, folders, globs in quotes, or - for stdin. It is first tokenized into a temporary folder.

    With --deterministic the same seed gives the same bytes for any number of workers; without it, for one. So
    it does on a --cluster, which needs it: its machines train together in rounds.

    Words outside the vocabulary get the vectors of their character n-grams. A .bin is read by the fastText
    program and by gensim, and has a row for each bucket; .safetensors has those of the vocabulary's n-grams.
    """
    is_bin = training.output.suffix.lower() == ".bin"
    invariant = INVARIANT if training.trainer.deterministic else ()
    training.run(ctx, invariant, "fasttext" if is_bin else None)
