"""embedkit debias."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.bias.debiasing import METHODS, method_for
from embedkit.bias.report import debiasing_report
from embedkit.bias.topics.topic import topic as find_topic
from embedkit.evaluation.benchmarks.catalogue import find_benchmarks
from embedkit.evaluation.benchmarks.shipped import DEFAULTS
from embedkit.progress import console_progress
from embedkit.vectors.formats.writing import SUFFIX_HELP
from embedkit.vectors.rows import RowType
from embedkit_cli.bias.debias_styles import debiasing_report_as
from embedkit_cli.bias.options import (
    Outputs,
    accepted,
    coverage_option,
    method_of,
    outputs_options,
    style_option,
    topic_option,
)
from embedkit_cli.bias.pages import write_debiasing_page
from embedkit_cli.bias.pictures import plot_debiasing
from embedkit_cli.evaluation.vector_files import load_named
from embedkit_cli.options import seed_option
from embedkit_cli.shared.common_options import NAME_OR_PATH, OUTPUT_PATH, quiet_option, vectors_option
from embedkit_cli.shared.headings import INPUT, OUTPUT, HeadedCommand, under
from embedkit_cli.shared.interrupts import remember_output
from embedkit_cli.shared.outputs import Target, dtype_option

METHOD = "Method"
EPILOG = "Parameters of the methods and their defaults, for --set:\n\n" + "\n\n".join(
    f"{name}: {accepted(name)}" for name in METHODS
)


@click.command(epilog=EPILOG, cls=HeadedCommand)
@vectors_option("debias")
@click.option(
    "--method",
    "name",
    type=click.Choice(list(METHODS)),
    help="Debiasing method. Default: hard, for topics of more than two classes multiclass.",
    **under(METHOD),
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Parameter of the method; see below; repeatable.",
    **under(METHOD),
)
@topic_option
@click.option(
    "-o",
    "--output",
    type=OUTPUT_PATH,
    callback=remember_output,
    metavar="FILE",
    help=f"Write the debiased vectors to {SUFFIX_HELP}.",
    **under(OUTPUT),
)
@dtype_option
@click.option(
    "-b",
    "--benchmark",
    "names",
    multiple=True,
    type=NAME_OR_PATH,
    metavar="NAME|FILE",
    help="Benchmark to measure the cost on; repeatable. Default: the bundled ones.",
    **under(INPUT),
)
@style_option
@coverage_option
@seed_option(METHOD)
@outputs_options("words along the bias direction, before and after,")
@quiet_option
def debias(
    vectors: Path | None,
    name: str | None,
    settings: tuple[str, ...],
    topic: str,
    output: Path | None,
    dtype: RowType | None,
    names: tuple[str, ...],
    style: str,
    min_coverage: float,
    seed: int,
    outputs: Outputs,
    quiet: bool,
) -> None:
    """Remove a bias from vectors, and measure the residual bias.

    Prints all metrics before and after, what a classifier can still recover, and the cost on benchmarks. With
    -o the debiased vectors are written; a .safetensors file keeps the provenance. --dtype rounds them
    after the audit, which gives words without a projection on the bias direction a small one.
    """
    chosen = find_topic(topic)
    method = method_of(method_for(chosen, name), settings, seed)
    target = Target.of(output, dtype) if output else None
    if dtype and not output:
        raise click.UsageError("--dtype is about the file of -o; name one")
    outputs.check(output)
    with console_progress(quiet) as progress:
        [(label, space)] = load_named([vectors] if vectors else [], verify=target is not None).items()
        report = debiasing_report(
            space,
            chosen,
            method,
            benchmarks=find_benchmarks(names or DEFAULTS),
            name=label,
            seed=seed,
            min_coverage=min_coverage,
            progress=progress,
        )
        if target:
            progress.note(target.save(report.debiased, space))
    outputs.write(report, plot_debiasing, write_debiasing_page)
    click.echo(debiasing_report_as(style, report))
