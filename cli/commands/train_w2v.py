"""embedkit train-w2v."""

from __future__ import annotations

import time
from pathlib import Path

import click

from embedkit import Embeddings, Word2Vec
from embedkit.errors import InputError
from embedkit.evaluation.catalogue import find_benchmark
from embedkit.progress import console_progress
from embedkit_cli.options import options_of, output_option, quiet_option
from embedkit_cli.provenance import command_line
from embedkit_cli.reading import Reading, check_inputs
from embedkit_cli.targets import SUFFIX_HELP, Target, kept_on_interrupt, quantize_option
from embedkit_cli.watching import Watch


@click.command("train-w2v", epilog=f"Suffixes of FILE: {SUFFIX_HELP}. Only .safetensors keeps the losses.")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@output_option("FILE", "Vectors to write; the suffix decides the format.")
@options_of(Word2Vec, "trainer")
@options_of(Reading, "reading")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help="Write only the N most frequent words.",
)
@quantize_option
@click.option(
    "--evaluate",
    "watched",
    multiple=True,
    metavar="NAME|FILE",
    help="Print the score on this benchmark after each epoch; may be repeated.",
)
@click.option("--best-epoch", is_flag=True, help="Write the vectors of the epoch with the best mean of them.")
@quiet_option
@click.pass_context
def train_w2v(
    ctx: click.Context,
    inputs: tuple[str, ...],
    output: Path,
    trainer: Word2Vec,
    reading: Reading,
    keep: int | None,
    quantize: str | None,
    watched: tuple[str, ...],
    best_epoch: bool,
    quiet: bool,
) -> None:
    """Train word2vec vectors on text or on a corpus.

    INPUT is a corpus made by `embedkit tokenize`, or raw text: files (plain, .gz, .bz2, .xz or .zst), folders
    of .txt files, globs in quotes, or - for stdin. Of raw text a line is a document; it is encoded in a
    temporary folder first, as the options --tokenizer to --encoding-errors say.
    """
    begin = time.monotonic()
    target = Target.of(output, quantize)
    check_inputs(inputs, output)
    if best_epoch and not watched:
        raise InputError("--best-epoch needs --evaluate, which says by what an epoch is judged")
    with kept_on_interrupt(output), console_progress(quiet) as progress:
        watch = Watch([find_benchmark(name) for name in watched], progress) if watched else None
        with reading.corpus_of(inputs, trainer.workers, progress) as corpus:
            trained = trainer.train(corpus, progress=progress, after_epoch=watch)
        if best_epoch and watch:
            trained = watch.best or trained
            if watch.best is None:
                progress.note("Warning: no epoch had a score, so none is best; the last is written")
        made = {**trained.metadata, "command": command_line(ctx)}
        vectors = Embeddings(trained.matrix, trained.vocabulary, made)
        summary = target.save(vectors.subset(keep) if keep else vectors)
    if not quiet:
        click.echo(f"{summary}; {time.monotonic() - begin:.1f} s in all", err=True)
