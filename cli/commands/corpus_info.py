"""embedkit corpus-info."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit import Corpus
from embedkit_cli.evaluation.report_plot import check_plot
from embedkit_cli.shared.common_options import PATH, format_option, plot_option, top_option
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.training.corpus_styles import STYLES


@click.command("corpus-info", cls=HeadedCommand)
@click.argument("path", type=PATH, metavar="CORPUS")
@top_option("Number of frequent words.", 20)
@format_option("json: one object; tsv: a line a number.")
@plot_option("counts by rank and the growth of the vocabulary")
def corpus_info(path: Path, top: int, style: str, plot: Path | None) -> None:
    """Show word frequencies, vocabulary growth and document lengths of a corpus.

    CORPUS is a folder made by `embedkit tokenize`. Zipf's exponent is estimated by maximum likelihood from
    how many words have each count (Evert 2004), over the counts for which that law fits best (Clauset et al.
    2009).
    """
    if plot:
        check_plot(plot, 1)
    corpus = Corpus.open(path)
    statistics = corpus.statistics(top)
    if plot:
        from embedkit.plots.word_frequencies import write_word_frequencies

        write_word_frequencies(plot, statistics, path.resolve().name)
    click.echo(STYLES[style](statistics))
