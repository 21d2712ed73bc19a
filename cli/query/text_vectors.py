"""What commands that make vectors of texts share: options, texts in batches, and how vectors are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from embedkit.arrays import Floats1d
from embedkit.errors import InputError
from embedkit.progress import Progress
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.source_lines import source_lines
from embedkit_cli.query.encoding import warn_of_unknown_texts
from embedkit_cli.shared.common_options import OUTPUT_PATH, Function
from embedkit_cli.shared.headings import INPUT, OUTPUT, under
from embedkit_cli.shared.inputs import batches, given
from embedkit_cli.shared.interrupts import remember_output
from embedkit_cli.shared.outputs import check_file
from embedkit_cli.shared.text import json_line, plain

VectorRenderer = Callable[[str, Floats1d], str]

array_option = click.option(
    "-o",
    "--output",
    type=OUTPUT_PATH,
    callback=remember_output,
    metavar="FILE.npy",
    help="NumPy array to write instead of printing vectors: float32, a row per text.",
    **under(OUTPUT),
)


def text_files_option(verb: str) -> Callable[[Function], Function]:
    """-i, files whose texts the command is to `verb`."""
    return click.option(
        "-i",
        "--input",
        "inputs",
        multiple=True,
        metavar="INPUT",
        help=f"{verb.capitalize()} the texts in files; repeatable.",
        **under(INPUT),
    )


def check_texts_and_array(texts: Sequence[str], inputs: Sequence[str], output: Path | None) -> None:
    """Raise an error if texts stand beside files of them, or if no array can be written at `output`."""
    if texts and inputs:
        raise click.UsageError(f"expected texts or --input, got {len(texts)} texts and {len(inputs)} inputs")
    if output:
        if output.suffix.lower() != ".npy":
            raise InputError(f"expected an output whose name ends with .npy, got {output}")
        check_file(output)


def text_batches(
    texts: Sequence[str], inputs: Sequence[str], reading: Reading, progress: Progress, verb: str
) -> Iterator[list[str]]:
    """The texts of files, of the command line or of stdin, in batches."""
    if inputs:
        return batches(line.text for line in source_lines(inputs, reading, progress))
    asked = given(texts, f"texts to {verb}", encoding=reading.encoding)
    return ([item.text for item in batch] for batch in asked)


def tell_of_texts(texts: int, unknown: int, vector_size: int, output: Path | None) -> None:
    """Say on stderr how many texts have no known word, and what was written."""
    warn_of_unknown_texts(unknown, texts)
    if output:
        click.echo(f"wrote {output}: {texts:,} texts x {vector_size}", err=True)


def _as_json(text: str, vector: Floats1d) -> str:
    return json_line({"text": text, "vector": [float(f"{number:.6g}") for number in vector.tolist()]})


def _as_tsv(text: str, vector: Floats1d) -> str:
    return "\t".join([plain(text), *(f"{number:.6g}" for number in vector.tolist())])


RENDERERS: dict[str, VectorRenderer] = {"tsv": _as_tsv, "json": _as_json}
