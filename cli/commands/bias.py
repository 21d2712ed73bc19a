"""embedkit bias."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.bias.metrics.stimuli import audit_weat
from embedkit.bias.topics.topic import topic as find_topic
from embedkit.errors import InputError
from embedkit.progress import console_progress
from embedkit_cli.bias.audit_styles import findings_as, weat_as
from embedkit_cli.bias.options import (
    check_outputs,
    coverage_option,
    plot_option,
    report_option,
    seed_option,
    style_option,
    topic_option,
)
from embedkit_cli.bias.pages import write_findings
from embedkit_cli.bias.pictures import plot_findings
from embedkit_cli.bias_findings import find_bias
from embedkit_cli.evaluation.report import load_spaces
from embedkit_cli.options import quiet_option, top_option, vectors_option

EPILOG = """\
To reproduce the effect sizes of Caliskan et al. (2017), fetch the vectors they used,
https://nlp.stanford.edu/data/glove.840B.300d.zip, unpack them and run

embedkit bias --weat -v glove.840B.300d.txt
"""


@click.command(epilog=EPILOG)
@vectors_option
@topic_option
@top_option
@click.option("--weat", "all_weat", is_flag=True, help="Only the ten WEAT tests, beside published values.")
@style_option
@coverage_option
@seed_option
@plot_option
@report_option
@quiet_option
def bias(
    vectors: Path | None,
    topic: str,
    top: int,
    all_weat: bool,
    style: str,
    coverage: float,
    seed: int,
    plot: Path | None,
    report: Path | None,
    quiet: bool,
) -> None:
    """Measure the bias of vectors.

    Every measure has the value that no bias would have beside its own, an interval or a p-value, and how many
    of its words the vectors know. Words are looked up as they are listed, else in lower case.
    """
    if all_weat and (plot or report):
        raise InputError("--weat only prints a table; leave out --plot and --report")
    check_outputs(plot, report)
    asked = find_topic(topic)
    [space] = load_spaces([vectors] if vectors else [])
    if all_weat:
        click.echo(weat_as(style, space, audit_weat(space.vectors, seed=seed, least=coverage)))
        return
    with console_progress(quiet) as progress:
        findings = find_bias(space, asked, top, progress, seed=seed, least=coverage)
    if plot:
        plot_findings(findings, plot)
    if report:
        write_findings(findings, report)
    click.echo(findings_as(style, findings))
