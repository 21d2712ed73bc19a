"""embedkit compare-classifiers."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.errors import InputError
from embedkit.progress import console_progress
from embedkit.text.datasets.held_out import held_out_fraction
from embedkit_cli.classifiers.configs import read_configs
from embedkit_cli.classifiers.data import HELD_OUT, LabelledDataOptions, check_data
from embedkit_cli.classifiers.options import DATA, MODEL
from embedkit_cli.classifiers.plot import plot_training
from embedkit_cli.classifiers.tables import comparison
from embedkit_cli.classifiers.training import read_unlabelled_files, warned_once
from embedkit_cli.evaluation.report_plot import check_plot
from embedkit_cli.options import options_of, seed_option
from embedkit_cli.shared.common_options import PATH, plot_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand, under


@click.command(
    "compare-classifiers",
    cls=HeadedCommand,
    epilog='A file may hold: name = "small", model = "recurrent", layers = "gru:32". Parameters are '
    "those of the Python classes TextClassifier, TfidfClassifier and MeanVectorClassifier; an ensemble takes "
    "those of the first two, and share.",
)
@click.argument("data", type=PATH)
@click.argument("more", nargs=-1, type=PATH, metavar="[FILE]...")
@click.option(
    "--config",
    type=PATH,
    multiple=True,
    required=True,
    metavar="FILE...",
    help="TOML file of a classifier to train, its model and parameters; more files may follow.",
    **under(MODEL),
)
@click.option(
    "--validation",
    metavar="FILE|FRACTION",
    default=HELD_OUT,
    show_default=True,
    help="Held-out texts to score on: a file as DATA, or a fraction of DATA.",
    **under(DATA),
)
@click.option(
    "--baselines/--no-baselines",
    default=True,
    show_default=True,
    help="Also train those of tfidf and mean-vectors that are not configured.",
    **under(MODEL),
)
@seed_option(DATA)
@options_of(LabelledDataOptions, "options", DATA)
@plot_option("learning curves and accuracies")
@quiet_option
def compare_classifiers(
    data: Path,
    more: tuple[Path, ...],
    config: tuple[Path, ...],
    validation: str,
    baselines: bool,
    seed: int,
    options: LabelledDataOptions,
    plot: Path | None,
    quiet: bool,
) -> None:
    """Train several classifiers on the same texts and compare them.

    DATA is as for `embedkit train-classifier`. All classifiers are scored on the same held-out texts, and the
    first is tested against each of the others. The baselines get the tokenization of the first if it is a
    network. No model is written.
    """
    check_data(data, validation, options.only)
    models = read_configs([*config, *more])
    if held_out_fraction(validation) == 0:
        raise InputError("classifiers are compared on texts they did not learn from; --validation is 0")
    from embedkit.models.comparison import train_and_assess, train_baselines
    from embedkit.models.construction import BASELINES

    given = {model.kind for model in models.values()}
    kinds = [kind for kind in BASELINES if baselines and kind not in given]
    if plot:
        check_plot(plot, len(models) + len(kinds))
    with warned_once(), console_progress(quiet) as progress:
        read_unlabelled_files(models.values(), options, progress)
        training, held_out = options.split(options.read(data, progress), validation, seed, progress)
        assert held_out is not None  # noqa: S101 - some share is held out, or a file read
        trained = list(train_and_assess(models, training, held_out, progress))
        trained += train_baselines(kinds, trained[0].model, training, held_out, progress)
    if plot:
        plot_training(plot, models, trained, data.name)
    click.echo(comparison(trained))
