"""The trainers' commands: shared options, and the way from INPUT to the file of vectors."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from typing import Any

import click

from embedkit import Checkpoint, Cluster, Embeddings
from embedkit.errors import InputError
from embedkit.progress import Progress, console_progress
from embedkit.text.reading.file_reading import Reading
from embedkit.vectors.formats.writing import SUFFIX_HELP, not_kept
from embedkit.vectors.rows import RowType
from embedkit_cli.options import options_of
from embedkit_cli.shared.checkpoints import Saving, checkpoint_options
from embedkit_cli.shared.clusters import cluster_option, connected, other_processors_option
from embedkit_cli.shared.common_options import COUNT, NAME_OR_PATH, Function, output_option, quiet_option
from embedkit_cli.shared.headings import OUTPUT, under
from embedkit_cli.shared.outputs import Target, dtype_option
from embedkit_cli.shared.provenance import command_line
from embedkit_cli.shared.results import made_format_option, show_made
from embedkit_cli.training.raw_text import FILES, RAW_TEXT, TextOptions, check_inputs, reading_arguments

EPILOG = f"Suffixes of FILE: {SUFFIX_HELP}. Only .safetensors keeps the losses."

INVARIANT = "workers", "cluster"  # settings on which what is trained deterministically does not depend
TRAINING, EVALUATION = "Training", "Evaluation during training"

keep_option = click.option(
    "--keep",
    type=COUNT,
    metavar="N",
    help="Write only the N most frequent words.",
    **under(OUTPUT),
)
validation_options = [
    click.option(
        "--evaluate",
        "benchmarks",
        multiple=True,
        type=NAME_OR_PATH,
        metavar="NAME|FILE",
        help="Benchmark to score after each epoch; repeatable.",
        **under(EVALUATION),
    ),
    click.option(
        "--best-epoch",
        is_flag=True,
        help="Write the vectors of the epoch with the highest mean score on these benchmarks.",
        **under(EVALUATION),
    ),
]


@dataclass(frozen=True)
class Training:
    """What was asked of a trainer's command."""

    inputs: tuple[str, ...]
    output: Path
    trainer: Any
    text: TextOptions
    reading: Reading
    keep: int | None
    dtype: RowType | None
    style: str
    quiet: bool
    benchmarks: tuple[str, ...] = ()
    best_epoch: bool = False
    saving: Saving | None = None
    address: str | None = None
    other_processors: bool = False

    def run(
        self, ctx: click.Context, result_invariant: Sequence[str] = (), format: str | None = None
    ) -> Embeddings:
        """Train on the inputs, and write the vectors; returns them all.

        The result does not depend on the settings `result_invariant`; their options are not kept in the
        file. The suffix says which format they are written in, unless one is named.
        """
        begin = time.monotonic()
        target = Target.of(self.output, self.dtype, format)
        check_inputs(self.inputs, self.output)
        if getattr(self.trainer, "keep_output", False) and not_kept(target.format, ["output vectors"]):
            raise InputError(
                f"--keep-output needs a format that keeps output vectors, .safetensors, got {self.output}"
            )
        if self.best_epoch and not self.benchmarks:
            raise InputError("--best-epoch needs --evaluate, which says by what an epoch is judged")
        with (
            console_progress(self.quiet) as progress,
            self.saving.beside(self.output) if self.saving else nullcontext() as checkpoint,
            connected(self.address, progress, self.other_processors) as cluster,
        ):
            trained = self._train(progress, checkpoint, cluster)
            vectors = trained.with_metadata(command=command_line(ctx, result_invariant))
            summary = target.save(vectors.subset(self.keep) if self.keep else vectors)
        summary = f"{summary}; {time.monotonic() - begin:.1f} s in all"
        show_made(self.style, self.output, begin, summary=summary, quiet=self.quiet)
        return vectors

    def _train(
        self, progress: Progress, checkpoint: Checkpoint | None, cluster: Cluster | None
    ) -> Embeddings:
        """The vectors of the last epoch, or of the best."""
        raw = {**self.text.arguments(), **reading_arguments(self.reading)}
        train = partial(self.trainer.train, self.inputs, **raw, progress=progress)
        if checkpoint:
            train = partial(train, checkpoint=checkpoint)
        if cluster:
            train = partial(train, cluster=cluster)
        trained: Embeddings
        if not self.benchmarks:
            trained = train()
            return trained
        from embedkit.evaluation.benchmarks.catalogue import find_benchmark
        from embedkit_cli.training.epoch_evaluation import EpochEvaluation

        kept = checkpoint if self.best_epoch else None
        evaluation = EpochEvaluation(list(map(find_benchmark, self.benchmarks)), progress, kept)
        trained = train(after_epoch=evaluation)
        if not self.best_epoch:
            return trained
        if evaluation.best is None:
            progress.note("Warning: no epoch had a score, so none is best; the last is written")
            return trained
        progress.note(f"epoch {evaluation.best.metadata['best_epoch']} is best, and written")
        return evaluation.best


def training_options(
    kind: type[Any], epochs: bool = True, on_cluster: bool = False
) -> Callable[[Function], Function]:
    """Give a command the arguments and options of the trainer `kind`; it receives them as a `Training`.

    What trains in `epochs` can be evaluated after each of them, and is saved on the way. Some can
    train `on_cluster`.
    """
    options: list[Callable[[Any], Any]] = [
        click.argument("inputs", nargs=-1, required=True, metavar="INPUT..."),
        output_option("FILE", "Vectors to write; the suffix decides the format."),
        options_of(kind, "trainer", TRAINING),
        options_of(Reading, "reading", FILES),
        options_of(TextOptions, "text", RAW_TEXT),
        keep_option,
        dtype_option,
        *([*validation_options, checkpoint_options] if epochs else []),
        *([cluster_option, other_processors_option] if on_cluster else []),
        made_format_option,
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
