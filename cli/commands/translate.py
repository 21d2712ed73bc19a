"""embedkit translate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from embedkit.errors import InputError
from embedkit.translation.search import TranslationSearch
from embedkit_cli.options import options_of
from embedkit_cli.shared.common_options import PATH, format_option, plot_option
from embedkit_cli.shared.headings import INPUT, HeadedCommand, under
from embedkit_cli.shared.inputs import batches, given
from embedkit_cli.translation.lines import lines_of
from embedkit_cli.translation.output import as_json, as_text, as_tsv
from embedkit_cli.translation.pairs import encoding_option

SEARCH = "Search"
BATCH = 128  # texts of files that are answered at once


@click.command(
    cls=HeadedCommand,
    epilog="A score is the log probability divided by the length to the power of --length-normalization, and "
    "the coverage penalty.",
)
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option(
    "-m",
    "--model",
    type=PATH,
    required=True,
    metavar="FILE",
    help="Model made by train-seq2seq.",
    **under(INPUT),
)
@click.option(
    "-i",
    "--input",
    "files",
    type=PATH,
    multiple=True,
    metavar="FILE",
    help="Translate the lines of a text file; repeatable.",
    **under(INPUT),
)
@encoding_option
@options_of(TranslationSearch, "search", SEARCH)
@format_option("json: one object per text; tsv: text, translation, log probability and score.")
@plot_option("attention over one text")
def translate(
    texts: tuple[str, ...],
    model: Path,
    files: tuple[Path, ...],
    encoding: str,
    search: TranslationSearch,
    style: str,
    plot: Path | None,
) -> None:
    """Print what a model of sequences makes of each TEXT.

    Without texts, or with -, every line of stdin is a text; an empty one gives an empty line. With --n-best
    there are several answers for each, the best first.
    """
    if files and texts:
        raise click.UsageError(f"expected texts or files to translate, got {len(texts)} and {len(files)}")
    if plot and (len(texts) != 1 or texts == ("-",)):
        raise click.UsageError(f"--plot draws one TEXT, got {len(texts)}")
    if plot:
        from embedkit_cli.evaluation.report_plot import check_plot

        check_plot(plot, 1)
    from embedkit import Translator

    translator = Translator.load(model)
    for batch in _inputs(texts, files, encoding):
        for text, answers in zip(batch, translator.translate(batch, search), strict=True):
            if style == "text":
                click.echo(as_text(answers))
            else:
                click.echo(as_json(text, answers) if style == "json" else as_tsv(text, answers))
    if plot:
        from embedkit.plots.attention import write_attention

        if not texts[0].strip():
            raise InputError("an empty text has nothing to look at; leave --plot out")
        said = translator.attention(texts[0], answers[0].text)
        write_attention(plot, said.weights, said.source, said.target, f"{texts[0]:.60}")


def _inputs(texts: tuple[str, ...], files: tuple[Path, ...], encoding: str) -> Iterator[list[str]]:
    """Texts of files, of the command line or of stdin, in batches."""
    if not files:
        for batch in given(texts, "texts to translate", blank=True, encoding=encoding):
            yield [item.text.rstrip("\r\n") for item in batch]
    for path in files:
        yield from batches(lines_of(path, encoding), BATCH)
