"""embedkit encode."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path

import click

import embedkit
from embedkit import Embeddings, TextEncoder, text_encoder
from embedkit.progress import console_progress
from embedkit.text.reading.file_reading import Reading
from embedkit.vectors.texts.array_file import write_rows
from embedkit.vectors.texts.encoder import EncodedBlock, learns
from embedkit.vectors.texts.parameters import EncodingParameters
from embedkit_cli.options import options_of
from embedkit_cli.query.encoding import ENCODING, warn_of_estimated_frequencies
from embedkit_cli.query.text_vectors import (
    RENDERERS,
    VectorRenderer,
    array_option,
    check_texts_and_array,
    tell_of_texts,
    text_batches,
    text_files_option,
)
from embedkit_cli.shared.common_options import format_option, quiet_option, vectors_option
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.training.raw_text import FILES


@click.command(
    cls=HeadedCommand,
    epilog="Components and tfidf weights are learned from all texts. The vector of a text without a word "
    "that has one is zero.",
)
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@array_option
@format_option("json: one object per text; tsv: text and numbers.", ("tsv", "json"))
@text_files_option("encode")
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
    check_texts_and_array(texts, inputs, output)
    space = embedkit.load(vectors)
    counts = [0, 0]  # of texts, and of those without a known word
    with console_progress(quiet) as progress:
        asked = text_batches(texts, inputs, reading, progress, "encode")
        encoded = _encoded(space, parameters, asked, counts)
        if output:
            write_rows(output, (block.vectors for _, block in encoded), space.vector_size)
        else:
            _print(encoded, RENDERERS[style])
    if not quiet:
        warn_of_estimated_frequencies(space, parameters)
        tell_of_texts(*counts, space.vector_size, output)


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
