"""embedkit train-classifier."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from embedkit.errors import InputError
from embedkit.progress import console_progress
from embedkit.vectors.rows import RowType
from embedkit_cli.classifiers.data import HELD_OUT, LabeledDataOptions, check_data
from embedkit_cli.classifiers.options import (
    BASELINES,
    DATA,
    MODEL,
    MODELS,
    TRAINED,
    check_chosen,
    check_given,
    choosing_option,
    history_option,
    model_options,
    training_plot_option,
)
from embedkit_cli.classifiers.plot import check_shown, check_targets, plot_training, write_history
from embedkit_cli.classifiers.tables import comparison
from embedkit_cli.classifiers.training import (
    read_unlabeled_files,
    training_provenance,
    warned_once,
    written,
)
from embedkit_cli.options import options_of, seed_option
from embedkit_cli.shared.checkpoints import Saving, checkpoint_options
from embedkit_cli.shared.common_options import NAME_OR_PATH, PATH, output_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand, under
from embedkit_cli.shared.outputs import check_model_file, check_not_read, dtype_option
from embedkit_cli.shared.provenance import command_line
from embedkit_cli.shared.results import made_format_option, show_made


@click.command("train-classifier", cls=HeadedCommand)
@click.argument("data", type=PATH)
@output_option("FILE", "Model to write, one .safetensors file.")
@click.option(
    "--model",
    "kind",
    type=click.Choice(MODELS),
    default=MODELS[0],
    show_default=True,
    help="Kind of classifier.",
    **under(MODEL),
)
@click.option(
    "-v",
    "--vectors",
    type=NAME_OR_PATH,
    metavar="FILE|corpus|english|random",
    help="Initial word vectors: a file, corpus (word2vec on the texts, the default of networks), english "
    "(the bundled vectors, the default of mean-vectors), or random (networks only).",
    **under(MODEL),
)
@click.option(
    "--validation",
    type=NAME_OR_PATH,
    metavar="FILE|FRACTION",
    default=HELD_OUT,
    show_default=True,
    help="Held-out texts to score on, also after each epoch: a file as DATA, or a fraction of DATA; 0 for "
    "none. Unless told to they choose no epoch; --validation-fraction of the others does.",
    **under(DATA),
)
@choosing_option
@click.option(
    "--baselines/--no-baselines",
    default=True,
    show_default=True,
    help="Also train tfidf and mean-vectors, and compare the model with them.",
    **under(MODEL),
)
@seed_option(MODEL)
@model_options
@dtype_option
@options_of(LabeledDataOptions, "options", DATA)
@training_plot_option
@history_option
@checkpoint_options
@made_format_option
@quiet_option
@click.pass_context
def train_classifier(
    ctx: click.Context,
    data: Path,
    output: Path,
    kind: str,
    vectors: str | None,
    validation: str,
    choose_by_validation: bool,
    baselines: bool,
    seed: int,
    parameters: dict[str, Any],
    dtype: RowType | None,
    options: LabeledDataOptions,
    plot: Path | None,
    history: Path | None,
    saving: Saving,
    style: str,
    quiet: bool,
) -> None:
    """Train a text classifier on labeled texts.

    DATA is a .csv, .tsv, .jsonl or .parquet file with a column of texts and one of labels, a .txt file whose
    lines hold __label__x as fastText's do (all but parquet also .gz, .bz2, .xz, .zst, .zip), or a folder with
    one sub-folder per class, in which each .txt file is a text.

    recurrent is a network that reads word vectors in order; tfidf is logistic regression on TF-IDF of words,
    bigrams and trigrams, weighted by naive-Bayes log-count ratios; document-vectors is logistic regression on
    vectors of texts, learned with those of their n-grams from all texts, --unlabeled ones too; ensemble is
    the weighted mean of recurrent, tfidf and, with --document-share, document-vectors; mean-vectors is
    logistic regression on the mean of the words' vectors. On held-out texts the model is compared with tfidf
    and mean-vectors as baselines, which train in seconds and which it should beat; they get the same class
    weights, and tfidf the same tokenization and --unlabeled texts.
    """
    begin = time.monotonic()
    check_model_file(output)
    read = (str(data), validation, vectors, parameters.get("unlabeled"), parameters.get("language_model"))
    check_not_read(output, *map(Path, filter(None, read)))
    check_data(data, validation, options.only)
    check_targets(plot, history, 1, *map(Path, filter(None, read)), output)
    check_shown(plot, history, kind, validation)
    check_chosen(choose_by_validation, kind, validation)
    estimator = _classifier(ctx, kind, vectors, parameters, seed, dtype)
    from embedkit.models.comparison import train_alone, train_beside_baselines

    with warned_once(), console_progress(quiet) as progress, saving.beside(output) as checkpoint:
        read_unlabeled_files([estimator], options, progress)
        training, held_out = options.split(options.read(data, progress), validation, seed, progress)
        told: dict[str, Any] = {"choose_by_validation": choose_by_validation}
        told |= {"progress": progress, "checkpoint": checkpoint}
        if held_out and baselines and kind not in BASELINES:
            models = train_beside_baselines(kind, estimator, training, held_out, **told)
        else:
            models = train_alone(kind, estimator, training, held_out, **told)
        made = training_provenance(command_line(ctx), training, held_out, models, "baselines")
        estimator.save(output, made, dtype or "float32")
    if plot:
        plot_training(plot, {kind: estimator}, models, data.name)
    if history:
        write_history(history, {kind: estimator})
    summary = written(output, kind, estimator, begin)
    text = comparison(models) if models else ""
    show_made(style, output, begin, text=text, summary=summary, quiet=quiet)


def _classifier(
    ctx: click.Context,
    kind: str,
    vectors: str | None,
    parameters: dict[str, Any],
    seed: int,
    dtype: RowType | None,
) -> Any:
    """The model that was asked for; raises for options that it does not have."""
    from embedkit.models.construction import DOCUMENT_VECTORS, TFIDF, make_classifier
    from embedkit.models.given_vectors import read_if_pipe

    check_given(ctx, kind, parameters)
    if kind not in BASELINES:
        parameters = {**parameters, "seed": seed}
    elif dtype:
        raise InputError(f"--dtype is for --model {' or '.join(TRAINED)}; leave it out")
    if vectors and kind in (TFIDF, DOCUMENT_VECTORS):
        raise InputError(f"--model {kind} uses no vectors; leave -v out, or use --model mean-vectors")
    if vectors:
        parameters = {**parameters, "embeddings": read_if_pipe(vectors)}
    return make_classifier(kind, **parameters)
