"""embedkit evaluate-tagger."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.progress import console_progress
from embedkit_cli.options import options_of
from embedkit_cli.shared.common_options import PATH, format_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.shared.tables import markdown_table, text_table, tsv_lines
from embedkit_cli.shared.text import json_line
from embedkit_cli.tagging.data import DATA, TaggedDataOptions
from embedkit_cli.tagging.tables import assessment_content, assessment_tables


@click.command("evaluate-tagger", cls=HeadedCommand)
@click.argument("model", type=PATH)
@click.argument("data", type=PATH)
@options_of(TaggedDataOptions, "options", DATA)
@format_option("json: one object; tsv: the scores of spans or tags.", ("text", "json", "tsv", "markdown"))
@quiet_option
def evaluate_tagger(model: Path, data: Path, options: TaggedDataOptions, style: str, quiet: bool) -> None:
    """Evaluate a tagger on tagged sentences.

    MODEL is a file made by `embedkit train-tagger`; DATA is as for that command. A span is right if its type
    and both its ends are, as the CoNLL script conlleval counts. Intervals are those of a bootstrap over
    sentences.
    """
    from embedkit import evaluate_tagger as evaluated
    from embedkit import load_predictor

    predictor = load_predictor(model)
    with console_progress(quiet) as progress:
        assessment = evaluated(predictor, options.read(data, progress), progress=progress)
    if style == "json":
        click.echo(json_line({"model": model.name, "data": data.name, **assessment_content(assessment)}))
    elif style == "tsv":
        click.echo("\n".join(tsv_lines(assessment.by_type[0]._fields, assessment.by_type)))
    else:
        render = text_table if style == "text" else markdown_table
        click.echo("\n\n".join(map(render, assessment_tables(assessment))))
