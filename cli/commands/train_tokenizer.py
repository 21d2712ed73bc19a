"""embedkit train-tokenizer."""

from __future__ import annotations

import time
from dataclasses import asdict, fields
from pathlib import Path

import click

from embedkit.progress import console_progress
from embedkit.text.pipeline.parameters import PipelineParameters
from embedkit.text.reading.file_reading import Reading
from embedkit.text.subword_training import SubwordTraining
from embedkit.text.subword_training import train_tokenizer as train
from embedkit_cli.options import options_of
from embedkit_cli.shared.common_options import output_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand, under
from embedkit_cli.shared.outputs import check_file
from embedkit_cli.shared.results import made_format_option, show_made
from embedkit_cli.training.raw_text import FILES, TextOptions, check_inputs

TRAINING = "Training"


@click.command(cls=HeadedCommand)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@output_option("FILE", "tokenizer.json to write, for --tokenizer and for other programs.")
@options_of(SubwordTraining, "training", TRAINING)
@click.option(
    "--special-token",
    "special",
    multiple=True,
    metavar="TOKEN",
    help="A token that is never cut; may be repeated.",
    **under(TRAINING),
)
@options_of(Reading, "reading", FILES, without=["documents"])
@options_of(TextOptions, "text", FILES, without=[field.name for field in fields(PipelineParameters)])
@made_format_option
@quiet_option
def train_tokenizer(
    inputs: tuple[str, ...],
    output: Path,
    training: SubwordTraining,
    special: tuple[str, ...],
    reading: Reading,
    text: TextOptions,
    style: str,
    quiet: bool,
) -> None:
    """Train a tokenizer of subwords on text.

    INPUT is a text file, a table (.csv, .tsv, .jsonl, .parquet), either also as .gz, .bz2, .xz or .zst; a
    .zip or .tar archive or a folder of them; a glob in quotes; or - for stdin.

    White space parts words and is in no token: "\u2581the" begins a word in
    bpe and unigram, "\u0120the" with --byte-level, where a line feed inside a text is "\u010a"; in wordpiece
    "##re" goes on with one.
    """
    begin = time.monotonic()
    check_file(output)
    check_inputs(inputs, output)
    with console_progress(quiet) as progress:
        settings = asdict(training) | {"special_tokens": special, "encoding_errors": text.encoding_errors}
        tokenizer = train(inputs, **settings, reading=reading, progress=progress)
    tokenizer.save(output)
    seconds = time.monotonic() - begin
    summary = f"wrote {output}: {tokenizer.vocabulary_size:,} subwords; {seconds:.1f} s in all"
    show_made(style, output, begin, summary=summary, quiet=quiet)
