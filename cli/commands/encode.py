"""embedkit encode."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path

import click

import embedkit
from embedkit import Embeddings, TextEncoder, text_encoder
from embedkit.arrays import Floats1d
from embedkit.errors import InputError
from embedkit.progress import Progress, console_progress
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.source_lines import source_lines
from embedkit.vectors.texts.array_file import write_rows
from embedkit.vectors.texts.encoder import EncodedBlock, learns
from embedkit.vectors.texts.parameters import EncodingParameters
from embedkit_cli.options import options_of
from embedkit_cli.query.encoding import ENCODING, warn_of_estimated_frequencies, warn_of_unknown_texts
from embedkit_cli.shared.common_options import PATH, format_option, quiet_option, vectors_option
from embedkit_cli.shared.headings import INPUT, OUTPUT, HeadedCommand, under
from embedkit_cli.shared.inputs import batches, given
from embedkit_cli.shared.interrupts import remember_output
from embedkit_cli.shared.outputs import check_file
from embedkit_cli.shared.text import json_line, plain
from embedkit_cli.training.raw_text import FILES

VectorRenderer = Callable[[str, Floats1d], str]


@click.command(
    cls=HeadedCommand,
    epilog="Components and tfidf weights are learnt from all texts. The vector of a text without a word that "
    "has one is zero.",
)
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option(
    "-o",
    "--output",
    type=PATH,
    callback=remember_output,
    metavar="FILE.npy",
    help="NumPy array to write instead of printing vectors: float32, a row per text.",
    **under(OUTPUT),
)
@format_option("json: one object per text; tsv: text and numbers.", ("tsv", "json"))
@click.option(
    "-i",
    "--input",
    "inputs",
    multiple=True,
    metavar="INPUT",
    help="Encode the texts in files; repeatable.",
    **under(INPUT),
)
@vectors_option("encode texts with")
@options_of(EncodingParameters, "parameters", ENCODING)
@options_of(Reading, "reading", FILES)
@quiet_option
def encode(
    texts: tuple[str, ...],
    inputs: tuple[str, ...],
    vectors: Path | None,
    parameters: EncodingParameters,
    reading: Reading,
    output: Path | None,
    style: str,
    quiet: bool,
) -> None:
    """Print or write the vector of each TEXT.

    Without texts, or with -, every line of stdin is a text.

    INPUT is a text file, a table, an archive or a folder of them, or a glob in quotes, as for `embedkit
    tokenize`.
    """
    if texts and inputs:
        raise click.UsageError(f"expected texts or --input, got {len(texts)} texts and {len(inputs)} inputs")
    if output:
        check_array_file(output)
    space = embedkit.load(vectors)
    counts = [0, 0]  # of texts, and of those without a known word
    with console_progress(quiet) as progress:
        encoded = _encoded(space, parameters, _batches(texts, inputs, reading, progress), counts)
        if output:
            write_rows(output, (block.vectors for _, block in encoded), space.vector_size)
        else:
            _print(encoded, RENDERERS[style])
    if not quiet:
        warn_of_estimated_frequencies(space, parameters)
        warn_of_unknown_texts(counts[1], counts[0])
        if output:
            click.echo(f"wrote {output}: {counts[0]:,} texts x {space.vector_size}", err=True)


def check_array_file(output: Path) -> None:
    """Raise `InputError` unless an array can be written at `output`."""
    if output.suffix.lower() != ".npy":
        raise InputError(f"expected an output whose name ends with .npy, got {output}")
    check_file(output)


def _batches(
    texts: Sequence[str], inputs: Sequence[str], reading: Reading, progress: Progress
) -> Iterator[list[str]]:
    """The texts of files, of the command line or of stdin, in batches."""
    if inputs:
        return batches(line.text for line in source_lines(inputs, reading, progress))
    return (
        [item.text for item in batch] for batch in given(texts, "texts to encode", encoding=reading.encoding)
    )


def _encoded(
    vectors: Embeddings, parameters: EncodingParameters, texts: Iterable[list[str]], counts: list[int]
) -> Iterator[tuple[Sequence[str], EncodedBlock]]:
    """Texts with their vectors, a block after the other, and added to the `counts`."""
    encoder: TextEncoder | None = None
    if learns(parameters):
        texts = [list(chain.from_iterable(texts))]
        encoder = text_encoder(vectors, texts[0], **asdict(parameters))
    encoder = encoder or text_encoder(vectors, **asdict(parameters))
    for batch in texts:
        begin = 0
        for block in encoder.blocks(batch):
            counts[0] += len(block.known)
            counts[1] += int((block.known == 0).sum())
            yield batch[begin : begin + len(block.known)], block
            begin += len(block.known)


def _print(encoded: Iterable[tuple[Sequence[str], EncodedBlock]], render: VectorRenderer) -> None:
    for texts, block in encoded:
        for text, vector in zip(texts, block.vectors, strict=True):
            click.echo(render(text, vector))


def _as_json(text: str, vector: Floats1d) -> str:
    return json_line({"text": text, "vector": [float(f"{number:.6g}") for number in vector.tolist()]})


def _as_tsv(text: str, vector: Floats1d) -> str:
    return "\t".join([plain(text), *(f"{number:.6g}" for number in vector.tolist())])


RENDERERS: dict[str, VectorRenderer] = {"tsv": _as_tsv, "json": _as_json}
