"""embedkit train-svd."""

from __future__ import annotations

import time
from pathlib import Path

import click

from embedkit import PPMISVD
from embedkit.progress import console_progress
from embedkit.vectors.formats.registry import SUFFIX_HELP
from embedkit_cli.options import options_of, output_option, quiet_option
from embedkit_cli.shared.outputs import Target, kept_on_interrupt, quantize_option
from embedkit_cli.shared.provenance import command_line
from embedkit_cli.training.counts import training_source
from embedkit_cli.training.raw_text import Reading, check_inputs
from embedkit_cli.training.run import keep_option


@click.command("train-svd", epilog=f"Suffixes of FILE: {SUFFIX_HELP}.")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@output_option("FILE", "Vectors to write; the suffix decides the format.")
@options_of(PPMISVD, "trainer")
@options_of(Reading, "reading")
@keep_option
@quantize_option
@quiet_option
@click.pass_context
def train_svd(
    ctx: click.Context,
    inputs: tuple[str, ...],
    output: Path,
    trainer: PPMISVD,
    reading: Reading,
    keep: int | None,
    quantize: str | None,
    quiet: bool,
) -> None:
    """Make vectors from counts by PPMI and truncated SVD.

    INPUT is a file made by `embedkit cooccurrences`, a corpus made by `embedkit tokenize`, or raw text:
    files (plain, .gz, .bz2, .xz or .zst), folders of .txt files, globs in quotes, or - for stdin. Of raw text
    a line is a document.
    """
    begin = time.monotonic()
    target = Target.of(output, quantize)
    check_inputs(inputs, output)
    with kept_on_interrupt(output), console_progress(quiet) as progress:
        with training_source(reading, inputs, trainer.workers, progress) as source:
            trained = trainer.train(source, progress=progress)
        vectors = trained.with_metadata(command=command_line(ctx))
        summary = target.save(vectors.subset(keep) if keep else vectors)
    if not quiet:
        click.echo(f"{summary}; {time.monotonic() - begin:.1f} s in all", err=True)
