"""embedkit evaluate."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.progress import console_progress
from embedkit.statistics.intervals import CONFIDENCE
from embedkit_cli.evaluation.benchmarks import benchmark_list, benchmarks_named
from embedkit_cli.evaluation.report import load_spaces, make_report
from embedkit_cli.evaluation.report_json import as_json
from embedkit_cli.evaluation.report_plot import check_plot, plot_report
from embedkit_cli.evaluation.report_styles import as_markdown, as_text, as_tsv
from embedkit_cli.evaluation.terms import Terms
from embedkit_cli.options import PATH, options_of
from embedkit_cli.shared.tables import text_table

STYLES = {"json": as_json, "tsv": as_tsv, "markdown": as_markdown}
EPILOG = f"""\
Protocols: "full" lets every word answer an analogy and matches words as they are spelled; "word2vec-30k",
"gensim-300k" and "glove" score as compute-accuracy of word2vec.c with 30,000 words, as
evaluate_word_analogies of gensim and as evaluate.py of GloVe do.

Intervals are of {100 * CONFIDENCE:g} %: Wilson's for shares of right answers, the bootstrap's and Fisher's
for correlations. Comparisons are made on the items that both vectors cover, by McNemar's test or a paired
bootstrap of 2,000 resamples, whose p-values are 0.001 at least, or of more if there are many tests. p-values
are corrected after Holm for the number of all tests.

Public benchmarks (--list names them) are found in the data folder, at any depth, by the names of their files.
Some can be fetched by name; of the others you need a copy there.
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
    "--data", type=PATH, metavar="FOLDER", help="Where public benchmarks lie. Default: $EMBEDKIT_DATA."
)
@click.option("--list", "listed", is_flag=True, help="List the benchmarks that have a name, and stop.")
@click.option("--fetch", is_flag=True, help="Download named benchmarks that are not on this machine.")
@options_of(Terms, "terms")
@click.option(
    "--categories/--no-categories",
    default=None,
    help="Show the parts of benchmarks. Default: if there is one benchmark.",
)
@click.option(
    "--health/--no-health",
    default=None,
    help="Examine the vectors themselves. Default: if no benchmark is named.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", *STYLES]),
    default="text",
    show_default=True,
    help="All but text have every category; json: one object; tsv: one table.",
)
@click.option("--plot", type=PATH, metavar="FILE", help="Draw the scores as bars, into a PNG file.")
def evaluate(
    files: tuple[Path, ...],
    names: tuple[str, ...],
    data: Path | None,
    listed: bool,
    fetch: bool,
    terms: Terms,
    categories: bool | None,
    health: bool | None,
    style: str,
    plot: Path | None,
) -> None:
    """Score vectors on benchmarks, and compare them.

    VECTORS are those that ship if none are named. Two are also compared, each difference with an interval and
    a p-value; of more, the first is compared with each of the others.
    """
    if listed:
        click.echo(text_table(benchmark_list(data)))
        return
    if plot:
        check_plot(plot, len(files))
    with console_progress() as progress:
        benchmarks = benchmarks_named(names, data, fetch, progress)
        examined = not names if health is None else health
        report = make_report(load_spaces(files), benchmarks, terms, examined, progress)
    report.warn()
    if style == "text":
        click.echo(as_text(report, len(benchmarks) == 1 if categories is None else categories))
    else:
        click.echo(STYLES[style](report))
    if plot:
        plot_report(report, plot)
