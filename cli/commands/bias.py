"""embedkit bias."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.bias.metrics.stimuli import audit_weat
from embedkit.bias.report import bias_report
from embedkit.bias.topics.topic import topic as find_topic
from embedkit.errors import InputError
from embedkit.progress import console_progress
from embedkit_cli.bias.audit_styles import bias_report_as, weat_as
from embedkit_cli.bias.options import (
    Outputs,
    coverage_option,
    outputs_options,
    style_option,
    topic_option,
)
from embedkit_cli.bias.pages import write_bias_page
from embedkit_cli.bias.pictures import plot_bias
from embedkit_cli.evaluation.vector_files import load_named
from embedkit_cli.options import quiet_option, seed_option, top_option, vectors_option

EPILOG = """\
To reproduce the effect sizes of Caliskan et al. (2017), fetch the vectors they used,
https://nlp.stanford.edu/data/glove.840B.300d.zip, unpack them and run

embedkit bias --weat -v glove.840B.300d.txt
"""


@click.command(epilog=EPILOG)
@vectors_option("audit")
@topic_option
@top_option("Number of stereotypical analogies to list.")
@click.option(
    "--weat", "only_weat", is_flag=True, help="Run only the ten WEAT tests, beside published results."
)
@style_option
@coverage_option
@seed_option()
@outputs_options
@quiet_option
def bias(
    vectors: Path | None,
    topic: str,
    top: int,
    only_weat: bool,
    style: str,
    min_coverage: float,
    seed: int,
    outputs: Outputs,
    quiet: bool,
) -> None:
    """Measure the bias of vectors.

    Every metric is shown with the value of unbiased vectors, a confidence interval or a p-value, and its
    coverage: how many of its words are in the vocabulary. Words are looked up as listed, else in lower case.
    """
    if only_weat and outputs:
        raise InputError("--weat only prints a table; leave out --plot and --report")
    outputs.check()
    chosen = find_topic(topic)
    [(name, space)] = load_named([vectors] if vectors else []).items()
    if only_weat:
        rows = audit_weat(space, seed=seed, min_coverage=min_coverage)
        click.echo(weat_as(style, name, space, rows))
        return
    with console_progress(quiet) as progress:
        report = bias_report(
            space, chosen, name=name, top=top, seed=seed, min_coverage=min_coverage, progress=progress
        )
    outputs.write(report, plot_bias, write_bias_page)
    click.echo(bias_report_as(style, report))
