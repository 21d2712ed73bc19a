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
from embedkit_cli.options import options_of
from embedkit_cli.shared.common_options import NAME_OR_PATH, PATH, format_option, plot_option
from embedkit_cli.shared.headings import OUTPUT, HeadedCommand, under
from embedkit_cli.shared.tables import table_as

BENCHMARKS = "Benchmarks"
EPILOG = f"""\
Protocols: "full" has all words as candidates and matches them exactly; "word2vec-30k", "gensim-300k" and
"glove" score like compute-accuracy of word2vec.c with 30,000 words, evaluate_word_analogies of gensim and
evaluate.py of GloVe.

Confidence intervals ({100 * CONFIDENCE:g} %) are Wilson's for accuracies, bootstrap and Fisher's for
correlations. Vectors are compared on the items that both cover, by McNemar's test or a paired bootstrap of
2,000 resamples, whose p-values are at least 0.001, or of more if there are many tests. p-values are corrected
for multiple testing by Holm's method.

Public benchmarks (--list) are found in the data folder, at any depth, by the names of their files. Some can
be downloaded by name; of the others you need a copy there.
"""


@click.command(epilog=EPILOG, cls=HeadedCommand)
@click.argument("files", nargs=-1, type=PATH, metavar="[VECTORS]...")
@click.option(
    "-b",
    "--benchmark",
    "names",
    multiple=True,
    type=NAME_OR_PATH,
    metavar="NAME|FILE",
    help="Benchmark: a name, file or folder; repeatable. Default: all on this machine.",
    **under(BENCHMARKS),
)
@click.option(
    "--data",
    type=PATH,
    metavar="FOLDER",
    help="Folder of public benchmarks. Default: $EMBEDKIT_DATA.",
    **under(BENCHMARKS),
)
@click.option(
    "--list", "listed", is_flag=True, help="List the named benchmarks, and exit.", **under(BENCHMARKS)
)
@click.option(
    "--fetch",
    is_flag=True,
    help="Download named benchmarks that are not on this machine.",
    **under(BENCHMARKS),
)
@options_of(EvaluationSettings, "settings", "Scoring")
@click.option(
    "--categories/--no-categories",
    default=None,
    help="Show the scores of each category. Default: only with a single benchmark.",
    **under(OUTPUT),
)
@click.option(
    "--health/--no-health",
    default=None,
    help="Show intrinsic diagnostics (isotropy, hubness and such). Default: only without --benchmark.",
    **under(OUTPUT),
)
@format_option(
    "json: one object; tsv: one table; all but text include every category.",
    ("text", "json", "tsv", "markdown"),
)
@plot_option("the scores as a bar chart")
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
    """Evaluate vectors on benchmarks, and compare them.

    VECTORS are files; default: the bundled English vectors. The first file is compared with each of the
    others; every difference has a confidence interval and a p-value.
    """
    if listed:
        click.echo(table_as(style, benchmark_table(data), "benchmarks"))
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
