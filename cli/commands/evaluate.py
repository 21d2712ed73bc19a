"""embedkit evaluate."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.evaluation.benchmarks.catalogue import find_benchmarks
from embedkit.evaluation.report import evaluation_report
from embedkit.evaluation.settings import EvaluationSettings
from embedkit.progress import console_progress
from embedkit.statistics.intervals import CONFIDENCE
from embedkit_cli.evaluation.benchmarks import benchmark_table
from embedkit_cli.evaluation.report_plot import check_plot, plot_report
from embedkit_cli.evaluation.report_styles import report_as, show_warnings
from embedkit_cli.evaluation.vector_files import load_named
from embedkit_cli.options import PATH, options_of
from embedkit_cli.shared.tables import text_table

EPILOG = f"""\
Protocols: "full" has all words as candidates and matches them exactly; "word2vec-30k", "gensim-300k" and
"glove" score as compute-accuracy of word2vec.c with 30,000 words, as evaluate_word_analogies of gensim and as
evaluate.py of GloVe do.

Confidence intervals ({100 * CONFIDENCE:g} %) are Wilson's for accuracies, bootstrap and Fisher's for
correlations. Vectors are compared on the items that both cover, by McNemar's test or a paired bootstrap of
2,000 resamples, whose p-values are at least 0.001, or of more if there are many tests. p-values are corrected
for all tests by Holm's method.

Public benchmarks (--list) are found in the data folder, at any depth, by the names of their files. Some can
be downloaded by name; of the others you need a copy there.
"""


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, type=PATH, metavar="[VECTORS]...")
@click.option(
    "-b",
    "--benchmark",
    "names",
    multiple=True,
    metavar="NAME|FILE",
    help="A benchmark, by name, file or folder; can be given several times. Default: all that are found.",
)
@click.option(
    "--data", type=PATH, metavar="FOLDER", help="Folder of public benchmarks. Default: $EMBEDKIT_DATA."
)
@click.option("--list", "listed", is_flag=True, help="List the named benchmarks, and exit.")
@click.option("--fetch", is_flag=True, help="Download named benchmarks that are not on this machine.")
@options_of(EvaluationSettings, "settings")
@click.option(
    "--categories/--no-categories",
    default=None,
    help="Show scores by category. Default: if there is one benchmark.",
)
@click.option(
    "--health/--no-health",
    default=None,
    help="Intrinsic diagnostics: isotropy, hubness and such. Default: if no benchmark is named.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "tsv", "markdown"]),
    default="text",
    show_default=True,
    help="All but text have every category; json: one object; tsv: one table.",
)
@click.option("--plot", type=PATH, metavar="FILE", help="Plot the scores as a bar chart in PNG.")
def evaluate(
    files: tuple[Path, ...],
    names: tuple[str, ...],
    data: Path | None,
    listed: bool,
    fetch: bool,
    settings: EvaluationSettings,
    categories: bool | None,
    health: bool | None,
    style: str,
    plot: Path | None,
) -> None:
    """Score vectors on benchmarks, and compare them.

    VECTORS default to the bundled English ones. Two are also compared, each difference with a confidence
    interval and a p-value; of more, the first is compared with each of the others.
    """
    if listed:
        click.echo(text_table(benchmark_table(data)))
        return
    if plot:
        check_plot(plot, len(files))
    with console_progress() as progress:
        benchmarks = find_benchmarks(names, data, fetch=fetch, progress=progress)
        with_health = not names if health is None else health
        report = evaluation_report(
            load_named(files), benchmarks, settings, with_health=with_health, progress=progress
        )
    show_warnings(report)
    click.echo(report_as(style, report, len(benchmarks) == 1 if categories is None else categories))
    if plot:
        plot_report(report, plot)
