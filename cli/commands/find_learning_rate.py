"""embedkit find-learning-rate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from embedkit.models.linear.parameters import MeanVectorParameters, NgramParameters
from embedkit.models.networks.learning_rates import LearningRateRange
from embedkit.models.parameters import EnsembleParameters
from embedkit.progress import console_progress
from embedkit_cli.classifiers.data import LabeledDataOptions, check_data
from embedkit_cli.classifiers.learning_rates import STYLES
from embedkit_cli.classifiers.options import DATA, MODEL, PARAMETERS, unlabeled_option
from embedkit_cli.classifiers.training import read_unlabeled_files, warned_once
from embedkit_cli.evaluation.report_plot import check_plot
from embedkit_cli.options import given_options, options_of, seed_option
from embedkit_cli.shared.common_options import NAME_OR_PATH, PATH, format_option, plot_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand, under

RATES = "Learning rates"
OTHERS = (EnsembleParameters, NgramParameters, MeanVectorParameters)
NETWORK = {kind: heading for kind, heading in PARAMETERS.items() if kind not in OTHERS}
NO_PART = ("learning_rate", "epochs", "decay", "average", "validation_fraction", "patience")


@click.command("find-learning-rate", cls=HeadedCommand)
@click.argument("data", type=PATH)
@options_of(LearningRateRange, "tried", RATES)
@click.option(
    "-v",
    "--vectors",
    type=NAME_OR_PATH,
    metavar="FILE|corpus|english|random",
    help="Initial word vectors: a file, corpus (word2vec on the texts, the default), english (the bundled "
    "vectors) or random.",
    **under(MODEL),
)
@unlabeled_option
@seed_option(MODEL)
@given_options(NETWORK, "parameters", without=NO_PART)
@options_of(LabeledDataOptions, "options", DATA)
@format_option("All but text tell every rate; json: one object.")
@plot_option("the loss by learning rate")
@quiet_option
def find_learning_rate(
    data: Path,
    tried: LearningRateRange,
    vectors: str | None,
    unlabeled: Path | None,
    seed: int,
    parameters: dict[str, Any],
    options: LabeledDataOptions,
    style: str,
    plot: Path | None,
    quiet: bool,
) -> None:
    """Find the learning rate of a network by trying growing ones.

    DATA is as for `embedkit train-classifier`. The network of these options learns from one batch at each
    rate, and the losses are shown: they fall where the network learns, and rise where steps are too long. No
    model is written.
    """
    check_data(data, only=options.only)
    if plot:
        check_plot(plot, 1)
    from embedkit.models.construction import make_classifier
    from embedkit.models.given_vectors import read_if_pipe
    from embedkit.models.networks.learning_rate_finder import find_learning_rate as find

    given = {"embeddings": read_if_pipe(vectors)} if vectors else {}
    more = {"unlabeled": unlabeled} if unlabeled else {}
    model: Any = make_classifier("recurrent", **given, **more, **parameters, seed=seed)
    with warned_once(), console_progress(quiet) as progress:
        read_unlabeled_files([model], options, progress)
        labeled = options.read(data, progress)
        model.check_parameters()
        found = find(model, labeled.texts, labeled.labels, tried=tried, progress=progress)
    if plot:
        from embedkit.plots.learning_rates import write_learning_rates

        curves = found.rates.tolist(), found.losses.tolist(), found.smoothed.tolist()
        write_learning_rates(plot, *curves, found.suggestion, f"Learning rates on {data.name}")
    click.echo(STYLES[style](found))
