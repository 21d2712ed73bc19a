"""embedkit train-classifier."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from embedkit.errors import InputError
from embedkit.progress import console_progress
from embedkit_cli.classifiers.data import HELD_OUT, LabelledReading, held_out_share, judge, split_validation
from embedkit_cli.classifiers.models import (
    CORPUS,
    MODELS,
    NETWORKS,
    RECURRENT,
    TFIDF,
    make_model,
    model_options,
    own_parameters,
    vectors_called,
)
from embedkit_cli.classifiers.plot import plot_training
from embedkit_cli.classifiers.tables import Trained, comparison, scores_of
from embedkit_cli.classifiers.training import (
    read_more_texts,
    train,
    train_beside_baselines,
    warned_once,
)
from embedkit_cli.evaluation.report_plot import check_plot
from embedkit_cli.options import PATH, options_of, output_option, quiet_option
from embedkit_cli.shared.outputs import check_file, check_not_read, kept_on_interrupt
from embedkit_cli.shared.provenance import command_line

if TYPE_CHECKING:
    from embedkit.models.estimator import TextEstimator


@click.command("train-classifier")
@click.argument("data", type=PATH)
@output_option("FILE", "The model to write, one .safetensors file.")
@click.option(
    "--model", type=click.Choice(MODELS), default=RECURRENT, show_default=True, help="What to train."
)
@click.option(
    "-v",
    "--vectors",
    metavar="FILE|corpus|english|none",
    help="Word vectors. Of networks: a file, word2vec on the texts (the default), the English that ship, "
    "or none, to begin with random ones. Of mean-vectors: a file, or the English that ship (the default).",
)
@click.option(
    "--validation",
    metavar="FILE|FRACTION",
    default=HELD_OUT,
    show_default=True,
    help="Texts to judge by: a file as DATA, or a share of DATA that is not learnt from; 0 for none.",
)
@click.option(
    "--baselines/--no-baselines",
    default=True,
    show_default=True,
    help="Train and judge tfidf and mean-vectors too, and compare the network with them.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of all that is drawn."
)
@model_options
@options_of(LabelledReading, "reading")
@click.option(
    "--plot",
    type=PATH,
    metavar="FILE",
    help="Draw learning curves, accuracies and the confusion matrix, into a PNG file.",
)
@quiet_option
@click.pass_context
def train_classifier(
    ctx: click.Context,
    data: Path,
    output: Path,
    model: str,
    vectors: str | None,
    validation: str,
    baselines: bool,
    seed: int,
    parameters: dict[str, Any],
    quantize: str | None,
    reading: LabelledReading,
    plot: Path | None,
    quiet: bool,
) -> None:
    """Train a classifier of texts on labelled ones.

    DATA is a .csv, .tsv, .jsonl or .parquet file with a column of texts and one of labels, a .txt file whose
    lines begin with __label__x as fastText's (all but parquet also .gz, .bz2, .xz or .zst), or a folder with
    a sub-folder a class, in which each .txt file is a text.

    recurrent is a network that reads word vectors in order; tfidf is logistic regression on TF-IDF of words,
    pairs and triples of words, weighted by their naive Bayes factors too; ensemble is the mean of these two;
    mean-vectors is logistic regression on the mean of the words' vectors. If texts are held out, tfidf and
    mean-vectors are shown beside the networks: they weigh classes alike, and tfidf reads texts alike and
    learns from its own guesses for --unlabelled ones too. They train in seconds; a network should beat them.
    """
    sources = data, parameters["unlabelled"], vectors and Path(vectors), Path(validation)
    _check(sources, output, model, plot, validation)
    estimator = _estimator(ctx, model, vectors, parameters, seed, quantize)
    with kept_on_interrupt(output), warned_once(), console_progress(quiet) as progress:
        training, held_out = split_validation(
            reading.read(data, progress), validation, seed, reading, progress
        )
        read_more_texts([estimator], reading, progress)
        if held_out and baselines and model in NETWORKS:
            seconds, beside = train_beside_baselines(model, estimator, training, held_out, progress)
        else:
            seconds, beside = train(model, estimator, training, progress), []
        made: dict[str, Any] = {"command": command_line(ctx), "data": training.describe(), "seconds": seconds}
        models: list[Trained] = []
        if held_out:
            trained = Trained(model, judge(estimator, held_out, progress), seconds)
            models = [trained, *beside]
            made |= {"validation": held_out.describe(), "metrics": scores_of(trained)}
        if beside:
            made["baselines"] = {found.name: scores_of(found) for found in beside}
        estimator.save(output, made, quantize=quantize)
    if plot:
        plot_training(plot, {model: estimator}, models, data.name)
    if models:
        click.echo(comparison(models))
    if not quiet:
        size = output.stat().st_size / 1e6
        click.echo(f"wrote {output}: {model}, {len(estimator.classes_)} classes, {size:,.2f} MB", err=True)


def _check(
    sources: Iterable[Path | None], output: Path, model: str, plot: Path | None, validation: str
) -> None:
    """Raise for files that cannot be written or are read, and for a picture of nothing."""
    check_file(output)
    if plot:
        check_plot(plot, 1)
        if model not in NETWORKS and held_out_share(validation) == 0:
            raise InputError(
                f"--plot has nothing to draw of {model} with --validation 0; hold texts out, or leave it out"
            )
    check_not_read(output, *filter(None, sources))


def _estimator(
    ctx: click.Context,
    model: str,
    vectors: str | None,
    parameters: dict[str, Any],
    seed: int,
    quantize: str | None,
) -> TextEstimator:
    """The model that was asked for; raises for options that it does not have."""
    own = own_parameters(ctx, model, parameters)
    if model in NETWORKS:
        given = vectors_called(model, vectors or CORPUS)
        return make_model(model, {**own, "embeddings": given, "seed": seed})
    if quantize:
        raise InputError(f"--quantize is for --model {' or '.join(NETWORKS)}; leave it out")
    if vectors and model == TFIDF:
        raise InputError("--model tfidf uses no vectors; leave -v out, or use --model mean-vectors")
    return make_model(model, {**own, "embeddings": vectors_called(model, vectors)} if vectors else own)
