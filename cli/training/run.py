"""What the trainers' commands share: their options, and the way from INPUT to the file of vectors."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from embedkit import Embeddings
from embedkit.errors import InputError
from embedkit.evaluation.benchmarks.catalogue import find_benchmark
from embedkit.progress import Progress, console_progress
from embedkit.vectors.formats.registry import SUFFIX_HELP
from embedkit_cli.options import Function, options_of, output_option, quiet_option
from embedkit_cli.shared.outputs import Target, kept_on_interrupt, quantize_option
from embedkit_cli.shared.provenance import command_line
from embedkit_cli.training.raw_text import Reading, check_inputs
from embedkit_cli.training.watch import Watch

EPILOG = f"Suffixes of FILE: {SUFFIX_HELP}. Only .safetensors keeps the losses."

keep_option = click.option(
    "--keep", type=click.IntRange(min=1), metavar="N", help="Write only the N most frequent words."
)

Source = Callable[[Reading, tuple[str, ...], int | None, Progress], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Training:
    """What was asked of a trainer's command."""

    inputs: tuple[str, ...]
    output: Path
    trainer: Any
    reading: Reading
    keep: int | None
    quantize: str | None
    watched: tuple[str, ...]
    best_epoch: bool
    quiet: bool

    def run(self, ctx: click.Context, source: Source, result_invariant: Sequence[str] = ()) -> Embeddings:
        """Train on what `source` makes of the inputs, and write the vectors; returns them all.

        The result does not depend on the settings `result_invariant`; their options are not kept in the
        file.
        """
        begin = time.monotonic()
        target = Target.of(self.output, self.quantize)
        check_inputs(self.inputs, self.output)
        if self.best_epoch and not self.watched:
            raise InputError("--best-epoch needs --evaluate, which says by what an epoch is judged")
        with kept_on_interrupt(self.output), console_progress(self.quiet) as progress:
            trained = self._train(source, progress)
            vectors = trained.with_metadata(command=command_line(ctx, result_invariant))
            summary = target.save(vectors.subset(self.keep) if self.keep else vectors)
        if not self.quiet:
            click.echo(f"{summary}; {time.monotonic() - begin:.1f} s in all", err=True)
        return vectors

    def _train(self, source: Source, progress: Progress) -> Embeddings:
        """The vectors of the last epoch, or of the best."""
        watch = Watch([find_benchmark(name) for name in self.watched], progress) if self.watched else None
        with source(self.reading, self.inputs, self.trainer.workers, progress) as opened:
            trained: Embeddings = self.trainer.train(opened, progress=progress, after_epoch=watch)
        if not (self.best_epoch and watch):
            return trained
        if watch.best is None:
            progress.note("Warning: no epoch had a score, so none is best; the last is written")
        return watch.best or trained


def training_options(kind: type[Any]) -> Callable[[Function], Function]:
    """Give a command the arguments and options of the trainer `kind`; it receives them as a `Training`."""
    options: list[Callable[[Any], Any]] = [
        click.argument("inputs", nargs=-1, required=True, metavar="INPUT..."),
        output_option("FILE", "Vectors to write; the suffix decides the format."),
        options_of(kind, "trainer"),
        options_of(Reading, "reading"),
        keep_option,
        quantize_option,
        click.option(
            "--evaluate",
            "watched",
            multiple=True,
            metavar="NAME|FILE",
            help="Print the score on this benchmark after each epoch; may be repeated.",
        ),
        click.option(
            "--best-epoch", is_flag=True, help="Write the vectors of the epoch with the best mean of them."
        ),
        quiet_option,
    ]

    def decorate(function: Function) -> Function:
        @wraps(function)
        def command(ctx: click.Context, **values: Any) -> Any:
            return function(ctx, Training(**values))

        for option in reversed(options):
            command = option(command)
        return command

    return decorate
