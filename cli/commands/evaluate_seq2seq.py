"""embedkit evaluate-seq2seq."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from embedkit.evaluation.translations.tokenization import WordCutting
from embedkit.progress import console_progress
from embedkit.translation.search import TranslationSearch
from embedkit_cli.options import options_of
from embedkit_cli.shared.common_options import PATH, format_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand, under
from embedkit_cli.shared.tables import markdown_table, text_table, tsv_lines
from embedkit_cli.shared.text import json_line, rounded
from embedkit_cli.translation.pairs import DATA, encoding_option
from embedkit_cli.translation.tables import error_table, score_table


@click.command("evaluate-seq2seq", cls=HeadedCommand)
@click.argument("model", type=PATH)
@click.argument("pairs", type=PATH)
@click.argument("targets", type=PATH, required=False)
@options_of(TranslationSearch, "search", "Search", without=("n_best",))
@click.option(
    "--tokenize",
    type=click.Choice(("13a", "none", "char")),
    default="13a",
    show_default=True,
    help="Words of BLEU and of the word error rate: as in WMT, at blanks, or characters.",
    **under(DATA),
)
@encoding_option
@format_option("json: one object; tsv: the scores.", ("text", "json", "tsv", "markdown"))
@quiet_option
def evaluate_seq2seq(
    model: Path,
    pairs: Path,
    targets: Path | None,
    search: TranslationSearch,
    tokenize: WordCutting,
    encoding: str,
    style: str,
    quiet: bool,
) -> None:
    """Evaluate a model of sequences on pairs, and tell whether search or model is to blame for its errors.

    MODEL is a file made by `embedkit train-seq2seq`; PAIRS and TARGETS are as for that command, and further
    columns of PAIRS are further references. The search is to blame where a reference scores higher than the
    answer, else the model.
    """
    from embedkit import Translator, evaluate_translator, read_pairs

    translator = Translator.load(model)
    with console_progress(quiet) as progress:
        data = read_pairs(pairs, targets, encoding)
        assessment = evaluate_translator(translator, data, search, tokenize=tokenize, progress=progress)
    if style == "json":
        scores = {score.metric: rounded(score._asdict()) for score in assessment.scores}
        told = {"model": model.name, "data": pairs.name, "texts": assessment.texts, "scores": scores}
        click.echo(json_line({**told, "errors": asdict(assessment.errors)}))
    elif style == "tsv":
        click.echo("\n".join(tsv_lines(assessment.scores[0]._fields, assessment.scores)))
    else:
        render = text_table if style == "text" else markdown_table
        tables = (score_table(assessment.scores), error_table(assessment.errors))
        click.echo("\n\n".join(map(render, tables)))
