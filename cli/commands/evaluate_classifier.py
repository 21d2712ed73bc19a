"""embedkit evaluate-classifier."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from embedkit.errors import InputError
from embedkit.plots.confusion import write_confusion
from embedkit.progress import console_progress
from embedkit_cli.classifiers.data import LabeledDataOptions, NumberedDataOptions, check_data
from embedkit_cli.classifiers.options import DATA
from embedkit_cli.classifiers.regression import number_content, number_table
from embedkit_cli.classifiers.tables import content, tables
from embedkit_cli.evaluation.report_plot import check_plot
from embedkit_cli.options import options_of
from embedkit_cli.shared.common_options import PATH, format_option, plot_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand
from embedkit_cli.shared.tables import markdown_table, text_table, tsv_lines
from embedkit_cli.shared.text import json_line

if TYPE_CHECKING:
    from embedkit.models.inference.predictor import Predictor


@click.command("evaluate-classifier", cls=HeadedCommand)
@click.argument("model", type=PATH)
@click.argument("data", type=PATH)
@options_of(LabeledDataOptions, "options", DATA)
@format_option(
    "json: one object; tsv: one table, without confusion matrix and calibration.",
    ("text", "json", "tsv", "markdown"),
)
@plot_option("the confusion matrix")
@quiet_option
def evaluate_classifier(
    model: Path, data: Path, options: LabeledDataOptions, style: str, plot: Path | None, quiet: bool
) -> None:
    """Evaluate a classifier on labeled texts.

    MODEL is a file made by `embedkit train-classifier`; DATA is as for that command. Accuracy and other
    fractions have Wilson intervals; the expected calibration error is over ten bins of the probability of
    the predicted class. Of a model made by `embedkit train-regressor` the errors, R² and the correlations of
    Pearson and Spearman are printed with bootstrap intervals, beside those of the mean of its training.
    """
    check_data(data)
    if plot:
        check_plot(plot, 1)
    from embedkit import evaluate_classifier as evaluated
    from embedkit import load_predictor
    from embedkit.models.inference.predictor import Predictor, predictor_of

    predictor = predictor_of(load_predictor(model), Predictor)
    if predictor.targets.task == "regression":
        if plot:
            raise InputError("a model of numbers has no confusion matrix to draw; leave --plot out")
        _evaluate_numbers(predictor, model, data, options, style, quiet)
        return
    if plot and predictor.targets.task == "multilabel":
        raise InputError("a model of several labels a text has no confusion matrix to draw; leave --plot out")
    with console_progress(quiet) as progress:
        assessment = evaluated(predictor, options.read(data, progress), progress=progress)
    if style == "json":
        report = {"model": model.name, "data": data.name, **content(assessment)}
        click.echo(json_line(report))
    elif style == "tsv":
        scores = (*assessment.totals, *assessment.by_class)
        click.echo("\n".join(tsv_lines(scores[0]._fields, scores)))
    else:
        render = text_table if style == "text" else markdown_table
        click.echo("\n\n".join(map(render, tables(assessment))))
    if plot and assessment.confusion is not None:
        title = f"{model.name} on {data.name}"
        write_confusion(plot, assessment.confusion, assessment.classes, title)


def _evaluate_numbers(
    predictor: Predictor, model: Path, data: Path, options: LabeledDataOptions, style: str, quiet: bool
) -> None:
    """Print the scores of a model of numbers."""
    from embedkit import evaluate_regressor

    told = asdict(options)
    for name in ("label_separator", "label_end"):
        if told.pop(name):
            raise InputError(f"--{name.replace('_', '-')} is for labels, and {model.name} predicts numbers")
    with console_progress(quiet) as progress:
        numbered = NumberedDataOptions(**told).read(data, progress)
        assessment = evaluate_regressor(predictor, numbered, progress=progress)
    if style == "json":
        click.echo(json_line({"model": model.name, "data": data.name, **number_content(assessment)}))
    elif style == "tsv":
        scores = (*assessment.totals, *assessment.baseline)
        click.echo("\n".join(tsv_lines(scores[0]._fields, scores)))
    else:
        render = text_table if style == "text" else markdown_table
        click.echo(render(number_table(assessment)))
