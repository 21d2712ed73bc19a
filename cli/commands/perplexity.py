"""embedkit perplexity."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import click

from embedkit.progress import console_progress
from embedkit.text.pipeline.parameters import PipelineParameters
from embedkit.text.reading.file_reading import Reading
from embedkit_cli.language_models.files import model_option
from embedkit_cli.language_models.tables import perplexity_content, perplexity_table
from embedkit_cli.options import options_of
from embedkit_cli.shared.common_options import format_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.shared.tables import text_table
from embedkit_cli.shared.text import json_line
from embedkit_cli.training.raw_text import FILES, TextOptions, reading_arguments


@click.command(cls=HeadedCommand)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@format_option("json: one object per model.", ("text", "json"))
@model_option("measure", several=True)
@options_of(Reading, "reading", FILES, without=["documents"])
@options_of(TextOptions, "text", FILES, without=[field.name for field in fields(PipelineParameters)])
@quiet_option
def perplexity(
    inputs: tuple[str, ...],
    model: tuple[Path, ...],
    style: str,
    reading: Reading,
    text: TextOptions,
    quiet: bool,
) -> None:
    """Measure how well language models predict a text.

    INPUT is a text as `embedkit train-lm` reads it. Perplexity is exp of the mean negative log probability of
    a token; ends of lines count as tokens. Models of other tokens are compared by the bits a character.
    """
    from embedkit import LanguageModel
    from embedkit.language_models.data import named_sources

    models = {str(path): LanguageModel.load(path) for path in model}
    raw = {**text.arguments(), **reading_arguments(reading)}
    with console_progress(quiet) as progress:
        measured = {
            name: trained.perplexity(named_sources(inputs), **raw, progress=progress)
            for name, trained in models.items()
        }
    if style == "json":
        for name, one in measured.items():
            click.echo(json_line({"model": name, **perplexity_content(one)}))
    else:
        click.echo(text_table(perplexity_table(measured)))
