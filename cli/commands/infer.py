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
from embedkit.vectors.texts.array_file import write_rows
from embedkit_cli.options import options_of, seed_option
from embedkit_cli.query.text_vectors import (
    RENDERERS,
    array_option,
    check_texts_and_array,
    tell_of_texts,
    text_batches,
    text_files_option,
)
from embedkit_cli.shared.common_options import COUNT, PATH, format_option, quiet_option
from embedkit_cli.shared.headings import INPUT, OUTPUT, HeadedCommand, under
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
    type=COUNT,
    metavar="N",
    help="Print the N most similar documents of the model instead of vectors: their tags and cosines.",
    **under(OUTPUT),
)
@array_option
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
@text_files_option("infer")
@click.option(
    "--epochs",
    type=click.IntRange(1, 10_000),
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
    if output and similar:
        raise click.UsageError("--similar prints documents; leave --output out, or --similar")
    check_texts_and_array(texts, inputs, output)
    trained = Doc2VecModel.load(model)
    counts = [0, 0]  # of texts, and of those without a known word

    def inferred(batches: Iterator[list[str]]) -> Iterator[tuple[list[str], Floats2d]]:
        for batch in batches:
            vectors = trained.infer(batch, epochs=epochs, seed=seed)
            counts[0] += len(batch)
            counts[1] += int(np.count_nonzero(~vectors.any(axis=1)))
            yield batch, vectors

    with console_progress(quiet) as progress:
        found = inferred(text_batches(texts, inputs, reading, progress, "infer"))
        if output:
            write_rows(output, (vectors for _, vectors in found), trained.parameters.vector_size)
        else:
            for batch, vectors in found:
                for line in _lines(trained, batch, vectors, similar, style):
                    click.echo(line)
    if not quiet:
        tell_of_texts(*counts, trained.parameters.vector_size, output)


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
