"""embedkit train-regressor."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from embedkit.errors import InputError
from embedkit.models.linear.parameters import NgramFeatureParameters
from embedkit.models.networks.config import EmbeddingConfig, TokenizationConfig
from embedkit.models.regression.parameters import RangeParameter, RegressionLossParameter, RidgeParameter
from embedkit.progress import console_progress
from embedkit.vectors.rows import RowType
from embedkit_cli.classifiers.data import HELD_OUT, NumberedDataOptions, check_data
from embedkit_cli.classifiers.options import (
    DATA,
    MODEL,
    NETWORK_PARAMETERS,
    check_chosen,
    choosing_option,
    history_option,
    unlabeled_option,
)
from embedkit_cli.classifiers.plot import check_shown, check_targets, plot_regressors, write_history
from embedkit_cli.classifiers.regression import number_content, regressor_report
from embedkit_cli.classifiers.training import read_unlabeled_files, warned_once
from embedkit_cli.options import given_options, options_of, seed_option
from embedkit_cli.shared.checkpoints import Saving, checkpoint_options
from embedkit_cli.shared.common_options import NAME_OR_PATH, PATH, output_option, plot_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand, under
from embedkit_cli.shared.outputs import check_model_file, check_not_read, dtype_option
from embedkit_cli.shared.provenance import command_line
from embedkit_cli.shared.results import made_format_option, show_made

MODELS = "recurrent", "tfidf"
NGRAMS = "n-grams of tfidf"
PARAMETERS: Mapping[type[Any], str] = {
    RangeParameter: MODEL,
    RegressionLossParameter: "Training of the network",
    EmbeddingConfig: "Word vectors",
    **NETWORK_PARAMETERS,
    NgramFeatureParameters: NGRAMS,
    RidgeParameter: NGRAMS,
    TokenizationConfig: "Tokenization, unless the vectors name theirs",
}


@click.command("train-regressor", cls=HeadedCommand)
@click.argument("data", type=PATH)
@output_option("FILE", "Model to write, one .safetensors file.")
@click.option(
    "--model",
    "kind",
    type=click.Choice(MODELS),
    default=MODELS[0],
    show_default=True,
    help="Kind of model.",
    **under(MODEL),
)
@click.option(
    "-v",
    "--vectors",
    type=NAME_OR_PATH,
    metavar="FILE|corpus|english|random",
    help="Initial word vectors of the network: a file, corpus (word2vec on the texts, the default), english "
    "(the bundled vectors), or random.",
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
    help="Also train tfidf, and compare the network with it.",
    **under(MODEL),
)
@seed_option(MODEL)
@unlabeled_option
@given_options(PARAMETERS, "parameters", without=("label_smoothing",))
@dtype_option
@options_of(NumberedDataOptions, "options", DATA)
@plot_option("learning curves and R²")
@history_option
@checkpoint_options
@made_format_option
@quiet_option
@click.pass_context
def train_regressor(
    ctx: click.Context,
    data: Path,
    output: Path,
    kind: str,
    vectors: str | None,
    validation: str,
    choose_by_validation: bool,
    baselines: bool,
    seed: int,
    unlabeled: Path | None,
    parameters: dict[str, Any],
    dtype: RowType | None,
    options: NumberedDataOptions,
    plot: Path | None,
    history: Path | None,
    saving: Saving,
    style: str,
    quiet: bool,
) -> None:
    """Train a model that predicts a number for each text, such as a rating.

    DATA is as for `embedkit train-classifier`, with a column of numbers in the place of labels. recurrent is
    the network of that command with one number as its output; tfidf is ridge regression on TF-IDF n-grams.
    Predictions stay within the range of the numbers of DATA, unless --no-bounded is given. On held-out texts
    the model is compared with the mean of training, and a network with tfidf. `embedkit classify` prints the
    numbers of new texts, `embedkit evaluate-classifier` scores the model on others.
    """
    begin = time.monotonic()
    check_model_file(output)
    given = (data, validation, vectors, unlabeled, parameters.get("language_model"))
    read = [Path(each) for each in given if each]
    check_not_read(output, *read)
    check_data(data, validation, options.only)
    check_targets(plot, history, len(MODELS), *read, output)
    check_shown(plot, history, kind, validation)
    check_chosen(choose_by_validation, kind, validation)
    estimator = _regressor(ctx, kind, vectors, unlabeled, parameters, seed, dtype)
    from embedkit.models.regression.training import ngrams_beside
    from embedkit.models.regression.training import train_regressor as trained

    with warned_once(), console_progress(quiet) as progress, saving.beside(output) as checkpoint:
        read_unlabeled_files([estimator], options, progress)
        training, held_out = options.split(options.read(data, progress), validation, seed, progress)
        models = []
        if held_out and baselines and kind == MODELS[0]:
            models.append(trained("tfidf", ngrams_beside(estimator), training, held_out, progress))
        chosen: dict[str, Any] = {"choose_by_validation": choose_by_validation, "checkpoint": checkpoint}
        models.insert(0, trained(kind, estimator, training, held_out, progress, **chosen))
        made: dict[str, Any] = {"command": command_line(ctx), "data": training.describe()}
        if held_out and models[0].assessment:
            made["validation"] = held_out.describe()
            made["metrics"] = number_content(models[0].assessment)["scores"]
        estimator.save(output, made, dtype or "float32")
    if plot:
        plot_regressors(plot, {kind: estimator}, models, data.name)
    if history:
        write_history(history, {kind: estimator})
    scale, size = estimator.targets_.scale, output.stat().st_size / 1e6
    summary = (
        f"wrote {output}: {kind}, numbers of mean {scale.mean:.4g} and standard deviation "
        f"{scale.deviation:.4g}, {size:,.2f} MB; {time.monotonic() - begin:.1f} s in all"
    )
    text = regressor_report(models) if held_out else ""
    show_made(style, output, begin, text=text, summary=summary, quiet=quiet)


def _regressor(
    ctx: click.Context,
    kind: str,
    vectors: str | None,
    unlabeled: Path | None,
    parameters: dict[str, Any],
    seed: int,
    dtype: RowType | None,
) -> Any:
    """The model that was asked for; raises for options that it does not have."""
    from embedkit.models.given_vectors import read_if_pipe
    from embedkit.models.regression.training import REGRESSORS

    network = kind == MODELS[0]
    own = REGRESSORS[kind]().get_params(deep=False)
    given = {"-v": vectors, "--unlabeled": unlabeled, "--dtype": dtype}
    foreign = [name for name, value in given.items() if value and not network]
    foreign += [param.opts[0] for param in ctx.command.params if param.name in parameters.keys() - own.keys()]
    if foreign:
        other = next(name for name in MODELS if name != kind)
        raise InputError(f"{foreign[0]} is for --model {other}; leave it out for --model {kind}")
    if network:
        parameters = {**parameters, "seed": seed, "unlabeled": unlabeled}
    if vectors:
        parameters["embeddings"] = read_if_pipe(vectors)
    estimator = REGRESSORS[kind](**parameters)
    estimator.check_parameters()
    return estimator
