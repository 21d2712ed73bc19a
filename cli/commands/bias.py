"""embedkit bias."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from embedkit import Embeddings
from embedkit.bias.metrics.stimuli import CALISKAN, weat_tests
from embedkit.bias.report import BiasReport, bias_report
from embedkit.bias.topics.topic import topic as find_topic
from embedkit.bias.weat_report import weat_report
from embedkit.errors import InputError
from embedkit.progress import console_progress
from embedkit_cli.bias.audit_styles import bias_reports_as
from embedkit_cli.bias.options import (
    Outputs,
    coverage_option,
    outputs_options,
    style_option,
    topic_option,
)
from embedkit_cli.bias.pages import write_bias_page, write_weat_page
from embedkit_cli.bias.pictures import plot_bias, plot_weat
from embedkit_cli.bias.weat_styles import weat_report_as
from embedkit_cli.evaluation.vector_files import load_named
from embedkit_cli.options import seed_option
from embedkit_cli.shared.common_options import NAME_OR_PATH, quiet_option, top_option, vectors_option
from embedkit_cli.shared.headings import HeadedCommand, under
from embedkit_cli.shared.repeated import refuse_given

METRICS = "Metrics"
EPILOG = """\
To reproduce the effect sizes of Caliskan et al. (2017), fetch the vectors they used,
https://nlp.stanford.edu/data/glove.840B.300d.zip, unpack them and run

embedkit bias --weat -v glove.840B.300d.txt

A FILE of --weat has a table a test, such as [pets], with lists of words: targets x and y, attributes a and b.
"""


@click.command(epilog=EPILOG, cls=HeadedCommand)
@vectors_option("audit; repeatable, for all side by side", several=True)
@topic_option
@top_option("Number of stereotypical analogies to list.")
@click.option(
    "--weat",
    "tests",
    is_flag=False,
    flag_value=CALISKAN,
    type=NAME_OR_PATH,
    metavar="[FILE]",
    help="Run only association tests (WEAT): those of a TOML or JSON FILE, or without one the ten of "
    "Caliskan et al. (2017), beside published results.",
    **under(METRICS),
)
@style_option
@coverage_option
@seed_option(METRICS)
@outputs_options("words along the bias direction, with --weat the effect sizes,")
@quiet_option
def bias(
    vectors: tuple[Path, ...],
    topic: str,
    top: int,
    tests: str | None,
    style: str,
    min_coverage: float,
    seed: int,
    outputs: Outputs,
    quiet: bool,
) -> None:
    """Measure the bias of vectors.

    Every metric is shown with the value of unbiased vectors, a confidence interval or a p-value, and its
    coverage: how many of its words are in the vocabulary. Several vectors are shown side by side. Words are
    looked up as listed, else, in vectors of lower-cased text, in lower case; how many were found so is shown.
    """
    settings: dict[str, Any] = {"seed": seed, "min_coverage": min_coverage}
    if tests is not None:
        refuse_given("topic", "top", why="--weat has its own word lists")
        outputs.check(spaces=len(vectors))
        chosen_tests = weat_tests(tests)
        with console_progress(quiet) as progress:
            associations = weat_report(load_named(vectors), chosen_tests, progress=progress, **settings)
        outputs.write(associations, plot_weat, write_weat_page)
        click.echo(weat_report_as(style, associations))
        return
    if outputs.plot and len(vectors) > 1:
        raise click.UsageError("--plot draws the words of one space; give one -v, or --report FILE for all")
    outputs.check()
    chosen = find_topic(topic)
    with console_progress(quiet) as progress:
        reports = _reports(load_named(vectors), topic=chosen, top=top, progress=progress, **settings)
    outputs.write(reports, lambda drawn, path: plot_bias(drawn[0], path), write_bias_page)
    click.echo(bias_reports_as(style, reports))


def _reports(spaces: Mapping[str, Embeddings], **settings: Any) -> list[BiasReport]:
    """A report a space; what is wrong with one is told with its name."""
    reports = []
    for name, space in spaces.items():
        try:
            reports.append(bias_report(space, name=name, **settings))
        except InputError as error:
            raise InputError(f"{name}: {error}") from error
    return reports
