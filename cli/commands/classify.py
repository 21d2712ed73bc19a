"""embedkit classify."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import click

from embedkit.text.datasets.dataset import read_texts
from embedkit_cli.classifiers.data import foreign, open_model, texts_given
from embedkit_cli.classifiers.predictions import RENDERERS, predict
from embedkit_cli.options import PATH, format_option
from embedkit_cli.shared.inputs import batches


@click.command(epilog="Words that the model does not know say nothing to it; if most are, that is warned of.")
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option(
    "-m",
    "--model",
    type=PATH,
    metavar="FILE",
    help="The classifier, made by train-classifier. Default: the one of English sentiment that ships.",
)
@click.option(
    "-i",
    "--input",
    "files",
    type=PATH,
    multiple=True,
    metavar="FILE",
    help="Classify the lines of a .txt, or the texts of a .csv, .tsv, .jsonl or .parquet; may be repeated.",
)
@click.option(
    "--text-column", help="The column of texts in the files, by name or number; guessed if left out."
)
@click.option("--encoding", default="utf-8", show_default=True, help="Of the files, such as latin-1.")
@click.option(
    "--top",
    type=click.IntRange(min=1),
    metavar="N",
    help="Print the N likeliest labels. Default: 1, or if there may be several those above 1/2.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Mark the words that decided, by leaving out each in turn: in blue those that speak for the label, "
    "in red those against it; numbers are differences of log-odds. Not for --format tsv.",
)
@format_option
def classify(
    texts: tuple[str, ...],
    model: Path | None,
    files: tuple[Path, ...],
    text_column: str | None,
    encoding: str,
    top: int | None,
    explain: bool,
    style: str,
) -> None:
    """Print the label of each TEXT, and its probability.

    Without texts, or with -, every line of stdin is a text.
    """
    if files and texts:
        raise click.UsageError(f"expected texts or files to classify, got {len(texts)} and {len(files)}")
    if explain and style == "tsv":
        raise click.UsageError("--explain needs --format text or json")
    classifier = open_model(model)
    if files:
        read = (read_texts(path, text_column=text_column, encoding=encoding) for path in files)
        given = batches(chain.from_iterable(read))
    else:
        given = texts_given(texts, "texts to classify")
    alone = len(texts) == 1 and texts[0] != "-"
    unknown: list[float] = []
    for batch in given:
        for labelling in predict(classifier, batch, top, explain):
            unknown.append(labelling.unknown)
            click.echo(RENDERERS[style](labelling, alone))
    if warning := foreign(unknown):
        click.echo(f"Warning: {warning}", err=True)
