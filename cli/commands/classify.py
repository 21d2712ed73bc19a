"""embedkit classify."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click

from embedkit.errors import InputError
from embedkit.text.label_words import without_labels
from embedkit_cli.classifiers.predictions import renderer
from embedkit_cli.classifiers.regression import number_renderer, predicted_numbers
from embedkit_cli.classifiers.text_files import TextFileOptions
from embedkit_cli.options import options_of
from embedkit_cli.shared.common_options import NAME_OR_PATH, PATH, format_option, top_option
from embedkit_cli.shared.headings import INPUT, OUTPUT, HeadedCommand, under
from embedkit_cli.shared.inputs import batches, given


@click.command(
    cls=HeadedCommand,
    epilog="Words that are not in the vocabulary of the classifier are ignored; a warning says if most are.",
)
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option(
    "-m",
    "--model",
    type=NAME_OR_PATH,
    metavar="FILE|sentiment",
    help="Model made by train-classifier or train-regressor. Default: the bundled one of English sentiment.",
    **under(INPUT),
)
@click.option(
    "-i",
    "--input",
    "files",
    type=PATH,
    multiple=True,
    metavar="FILE",
    help="Classify the lines of a .txt file, without their __label__ words, or the texts of a .csv, .tsv, "
    ".jsonl or .parquet file; repeatable.",
    **under(INPUT),
)
@options_of(TextFileOptions, "reading", INPUT)
@top_option(
    "Number of labels per text. Default: 1; of a multi-label classifier, all with a probability above 0.5.",
    None,
)
@click.option(
    "--explain",
    is_flag=True,
    help="Highlight the words behind the label by occlusion (leaving out each in turn): blue words speak "
    "for it, red ones against it; numbers are differences of log-odds. Not with --format tsv.",
    **under(OUTPUT),
)
@format_option("json: one object per text; tsv: text, label and probability.")
def classify(
    texts: tuple[str, ...],
    model: str | None,
    files: tuple[Path, ...],
    reading: TextFileOptions,
    top: int | None,
    explain: bool,
    style: str,
) -> None:
    """Print the label of each TEXT and its probability.

    A model made by train-regressor gives a number in the place of both. Without texts, or with -, every line
    of stdin is a text.
    """
    if files and texts:
        raise click.UsageError(f"expected texts or files to classify, got {len(texts)} and {len(files)}")
    if explain and style == "tsv":
        raise click.UsageError("--explain needs --format text or json")
    _check_files(files)
    from embedkit import classify as classified
    from embedkit import load_predictor
    from embedkit.models.assessment.evaluation import unknown_words_warning
    from embedkit.models.inference.predictor import Predictor, predictor_of

    predictor = predictor_of(load_predictor(model), Predictor)
    alone = len(texts) == 1 and texts[0] != "-"
    batches_read = map(predictor.read_texts, _texts(texts, files, reading))
    answers: Iterator[tuple[float, str]]
    if predictor.targets.task == "regression":
        if top or explain:
            raise click.UsageError("a model of numbers has no labels to choose (--top) or to explain")
        shown = number_renderer(style, alone)
        answers = (
            (found.unknown, shown(found))
            for batch in batches_read
            for found in predicted_numbers(predictor, batch)
        )
    else:
        render = renderer(style, predictor, alone)
        answers = (
            (found.unknown, render(found))
            for batch in batches_read
            for found in classified(predictor, batch, top=top, explain=explain)
        )
    unknown: list[float] = []
    for share, answer in answers:
        unknown.append(share)
        click.echo(answer)
    if warning := unknown_words_warning(unknown, predictor.reads_characters):
        click.echo(f"Warning: {warning}", err=True)


def _check_files(files: tuple[Path, ...]) -> None:
    """Raise for a file that is not there, before the texts of others are answered."""
    for path in files:
        if not path.exists():
            raise InputError(f"cannot read {path}: No such file or directory")


def _texts(texts: tuple[str, ...], files: tuple[Path, ...], reading: TextFileOptions) -> Iterator[list[str]]:
    """The texts of files, of the command line or of stdin, in batches."""
    if not files:
        for batch in given(texts, "texts to classify", encoding=reading.encoding):
            yield [without_labels(item.text) for item in batch]
        return
    yield from batches(chain.from_iterable(map(reading.texts, files)))
