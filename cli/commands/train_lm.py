"""embedkit train-lm."""

from __future__ import annotations

import time
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from embedkit.language_models.data import named_sources
from embedkit.language_models.recurrent_language_model import RecurrentLanguageModel
from embedkit.progress import console_progress
from embedkit.text.datasets.held_out import held_out_fraction
from embedkit.text.pipeline.parameters import PipelineParameters
from embedkit.text.reading.file_reading import Reading
from embedkit_cli.language_models.parameters import MODEL, MODELS, OPTIONS, TRAINING, WITHOUT, trainer_of
from embedkit_cli.language_models.tables import perplexity_table
from embedkit_cli.options import given_options, options_of, seed_option
from embedkit_cli.shared.checkpoints import Saving, checkpoint_options
from embedkit_cli.shared.common_options import NAME_OR_PATH, output_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand, under
from embedkit_cli.shared.outputs import check_file
from embedkit_cli.shared.provenance import command_line
from embedkit_cli.shared.results import made_format_option, show_made
from embedkit_cli.shared.tables import text_table
from embedkit_cli.training.raw_text import FILES, TextOptions, check_inputs, reading_arguments


@click.command("train-lm", cls=HeadedCommand)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@output_option("FILE", "Model to write, one .safetensors file.")
@click.option(
    "--model",
    type=click.Choice(MODELS),
    default=MODELS[0],
    show_default=True,
    help="Kind of the recurrent layers, or n-grams with modified Kneser-Ney smoothing alone.",
    **under(MODEL),
)
@given_options(OPTIONS, "parameters", without=WITHOUT)
@click.option(
    "--validation",
    type=NAME_OR_PATH,
    metavar="FILE|FRACTION",
    default="0.1",
    show_default=True,
    help="Held-out text that chooses the best epoch: a file as INPUT, or a fraction of lines; 0 for none.",
    **under(TRAINING),
)
@seed_option(TRAINING)
@options_of(Reading, "reading", FILES, without=["documents"])
@options_of(TextOptions, "text", FILES, without=[field.name for field in fields(PipelineParameters)])
@checkpoint_options
@made_format_option
@quiet_option
@click.pass_context
def train_lm(
    ctx: click.Context,
    inputs: tuple[str, ...],
    output: Path,
    model: str,
    parameters: dict[str, Any],
    validation: str,
    seed: int,
    reading: Reading,
    text: TextOptions,
    saving: Saving,
    style: str,
    quiet: bool,
) -> None:
    """Train a language model of characters, subwords or words.

    INPUT is a text file, a table (.csv, .tsv, .jsonl, .parquet), either also as .gz, .bz2, .xz or .zst; a
    .zip or .tar archive or a folder of them; a glob in quotes; - for stdin; or "creatures", bundled names of
    invented creatures, for --unit characters --independent-lines.

    A network reads token by token and predicts the next one. n-grams, in whose place it stands, are measured
    beside it on the held-out text.
    """
    begin = time.monotonic()
    trainer = trainer_of(model, parameters, seed)
    check_file(output)
    named = [str(name) for name in named_sources(inputs)]
    check_inputs(named, output)
    fraction = held_out_fraction(validation)
    if fraction is None:
        check_inputs([validation], output)
    with console_progress(quiet) as progress, saving.beside(output) as checkpoint:
        raw: dict[str, Any] = {"encoding_errors": text.encoding_errors, **reading_arguments(reading)}
        held: Any = validation if fraction is None else fraction
        if isinstance(trainer, RecurrentLanguageModel):
            raw["checkpoint"] = checkpoint
        trained = trainer.train(named, validation=held, **raw, progress=progress)
        trained.with_metadata(command=command_line(ctx)).save(output)
    measured = trained.validation
    text = text_table(perplexity_table(measured)) if measured else ""
    size, seconds = output.stat().st_size / 1e6, time.monotonic() - begin
    tokens = f"{len(trained.units):,} {trained.units.unit}"
    summary = f"wrote {output}: {tokens}, {size:,.2f} MB; {seconds:.1f} s in all"
    show_made(style, output, begin, text=text, summary=summary, quiet=quiet)
