"""embedkit infer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import numpy as np

from embedkit import Answer, Doc2VecModel
from embedkit.arrays import Floats2d
from embedkit.progress import console_progress
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.source_lines import source_lines
from embedkit.vectors.texts.array_file import write_rows
from embedkit_cli.commands.encode import RENDERERS, check_array_file
from embedkit_cli.options import options_of, seed_option
from embedkit_cli.query.encoding import warn_of_unknown_texts
from embedkit_cli.shared.common_options import PATH, format_option, quiet_option
from embedkit_cli.shared.headings import INPUT, OUTPUT, HeadedCommand, under
from embedkit_cli.shared.inputs import batches, given
from embedkit_cli.shared.interrupts import remember_output
from embedkit_cli.shared.text import DIGITS, json_line, plain
from embedkit_cli.training.raw_text import FILES

INFERENCE = "Inference"


@click.command(
    cls=HeadedCommand,
    epilog="The same text and seed give the same vector, whatever stands beside it. The vector of a text "
    "without a known word is zero, and similar to none.",
)
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option(
    "--similar",
    type=click.IntRange(min=1),
    metavar="N",
    help="Print the N most similar documents of the model instead of vectors: their tags and cosines.",
    **under(OUTPUT),
)
@click.option(
    "-o",
    "--output",
    type=PATH,
    callback=remember_output,
    metavar="FILE.npy",
    help="NumPy array to write instead of printing vectors: float32, a row per text.",
    **under(OUTPUT),
)
@format_option("json: one object per text; tsv: text and numbers, or text, tag and cosine.", ("tsv", "json"))
@click.option(
    "-m",
    "--model",
    type=PATH,
    required=True,
    metavar="FILE",
    help="Model made by train-doc2vec.",
    **under(INPUT),
)
@click.option(
    "-i",
    "--input",
    "inputs",
    multiple=True,
    metavar="INPUT",
    help="Infer the texts in files; repeatable.",
    **under(INPUT),
)
@click.option(
    "--epochs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Passes over each text. Default: as many as in training, or 6 with cosines.",
    **under(INFERENCE),
)
@seed_option(INFERENCE)
@options_of(Reading, "reading", FILES)
@quiet_option
def infer(
    texts: tuple[str, ...],
    model: Path,
    inputs: tuple[str, ...],
    similar: int | None,
    epochs: int | None,
    seed: int,
    output: Path | None,
    style: str,
    reading: Reading,
    quiet: bool,
) -> None:
    """Infer the vector of each TEXT by a model of document vectors.

    Without texts, or with -, every line of stdin is a text.

    INPUT is a text file, a table, an archive or a folder of them, or a glob in quotes, as for `embedkit
    tokenize`.
    """
    _check(texts, inputs, output, similar)
    trained = Doc2VecModel.load(model)
    counts = [0, 0]  # of texts, and of those without a known word

    def inferred() -> Iterator[tuple[list[str], Floats2d]]:
        for batch in _batches(texts, inputs, reading, quiet):
            vectors = trained.infer(batch, epochs=epochs, seed=seed)
            counts[0] += len(batch)
            counts[1] += int(np.count_nonzero(~vectors.any(axis=1)))
            yield batch, vectors

    if output:
        write_rows(output, (vectors for _, vectors in inferred()), trained.parameters.vector_size)
    else:
        for batch, vectors in inferred():
            for line in _lines(trained, batch, vectors, similar, style):
                click.echo(line)
    if not quiet:
        warn_of_unknown_texts(counts[1], counts[0])
        if output:
            click.echo(f"wrote {output}: {counts[0]:,} texts x {trained.parameters.vector_size}", err=True)


def _check(texts: tuple[str, ...], inputs: tuple[str, ...], output: Path | None, similar: int | None) -> None:
    """Raise an error for options that do not go together, or an array that cannot be written."""
    if texts and inputs:
        raise click.UsageError(f"expected texts or --input, got {len(texts)} texts and {len(inputs)} inputs")
    if output and similar:
        raise click.UsageError("--similar prints documents; leave --output out, or --similar")
    if output:
        check_array_file(output)


def _batches(
    texts: tuple[str, ...], inputs: tuple[str, ...], reading: Reading, quiet: bool
) -> Iterator[list[str]]:
    """The texts of files, of the command line or of stdin, in batches."""
    if inputs:
        with console_progress(quiet) as progress:
            yield from batches(line.text for line in source_lines(inputs, reading, progress))
        return
    for batch in given(texts, "texts to infer", encoding=reading.encoding):
        yield [item.text for item in batch]


def _lines(
    model: Doc2VecModel, texts: list[str], vectors: Floats2d, similar: int | None, style: str
) -> Iterator[str]:
    """What is printed of texts: their vectors, or so many similar documents."""
    if similar is None:
        yield from map(RENDERERS[style], texts, vectors)
        return
    for text, answers in zip(texts, model.nearest(vectors, similar), strict=True):
        yield from SIMILAR[style](text, answers)


def _similar_as_json(text: str, answers: list[Answer]) -> Iterator[str]:
    results = [{"document": answer.word, "score": round(answer.score, DIGITS)} for answer in answers]
    yield json_line({"text": text, "results": results})


def _similar_as_tsv(text: str, answers: list[Answer]) -> Iterator[str]:
    for answer in answers:
        yield f"{plain(text)}\t{plain(answer.word)}\t{answer.score:.{DIGITS}f}"


SIMILAR: dict[str, Callable[[str, list[Answer]], Iterator[str]]] = {
    "tsv": _similar_as_tsv,
    "json": _similar_as_json,
}
