"""embedkit debias."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from embedkit.bias.debiasing import METHODS
from embedkit.bias.topics.topic import topic as find_topic
from embedkit.evaluation.benchmarks.shipped import DEFAULTS
from embedkit.progress import console_progress
from embedkit.vectors.formats.registry import SUFFIX_HELP
from embedkit_cli.bias.debias_styles import outcome_as
from embedkit_cli.bias.options import (
    accepted,
    check_outputs,
    coverage_option,
    method_of,
    plot_option,
    report_option,
    seed_option,
    style_option,
    topic_option,
)
from embedkit_cli.bias.pages import write_outcome
from embedkit_cli.bias.pictures import plot_outcome
from embedkit_cli.bias_findings import find_outcome
from embedkit_cli.evaluation.benchmarks import benchmarks_named
from embedkit_cli.evaluation.report import load_spaces
from embedkit_cli.options import PATH, quiet_option, vectors_option
from embedkit_cli.shared.outputs import Target, kept_on_interrupt, quantize_option

EPILOG = "Parameters and their defaults, for --set:\n\n" + "\n\n".join(
    f"{name}: {accepted(name)}" for name in METHODS
)


@click.command(epilog=EPILOG)
@vectors_option
@click.option(
    "--method", "name", type=click.Choice(list(METHODS)), default="hard", show_default=True, help="How."
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of the method, see below; can be given several times.",
)
@topic_option
@click.option("-o", "--output", type=PATH, metavar="OUT", help=f"Write the vectors to {SUFFIX_HELP}.")
@quantize_option
@click.option(
    "-b",
    "--benchmark",
    "names",
    multiple=True,
    metavar="NAME|FILE",
    help="What the cost is measured on; can be given several times. Default: the benchmarks that ship.",
)
@style_option
@coverage_option
@seed_option
@plot_option
@report_option
@quiet_option
def debias(
    vectors: Path | None,
    name: str,
    settings: tuple[str, ...],
    topic: str,
    output: Path | None,
    quantize: str | None,
    names: tuple[str, ...],
    style: str,
    coverage: float,
    seed: int,
    plot: Path | None,
    report: Path | None,
    quiet: bool,
) -> None:
    """Remove a bias from vectors, and show what remains.

    Prints all measures before and after, what can still be recovered, and what it cost on benchmarks. With -o
    the new vectors are written; a .safetensors file tells what was done to them. With --quantize their
    numbers are rounded after the audit: words that had no part along the bias get a small one.
    """
    method, asked = method_of(name, settings, seed), find_topic(topic)
    target = Target.of(output, quantize) if output else None
    if quantize and not output:
        raise click.UsageError("--quantize is about the file of -o; name one")
    check_outputs(plot, report, output)
    with (
        kept_on_interrupt(output) if output else nullcontext(),
        console_progress(quiet) as progress,
    ):
        benchmarks = benchmarks_named(names or DEFAULTS, None, False, progress)
        [space] = load_spaces([vectors] if vectors else [])
        outcome = find_outcome(space, asked, name, method, benchmarks, progress, seed=seed, least=coverage)
        if target:
            progress.note(target.save(outcome.debiased))
    if plot:
        plot_outcome(outcome, plot)
    if report:
        write_outcome(outcome, report)
    click.echo(outcome_as(style, outcome))
