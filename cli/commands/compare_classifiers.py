"""embedkit compare-classifiers."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.errors import InputError
from embedkit.progress import console_progress
from embedkit_cli.classifiers.configs import read_config
from embedkit_cli.classifiers.data import HELD_OUT, LabelledReading, held_out_share, split_validation
from embedkit_cli.classifiers.models import BASELINES
from embedkit_cli.classifiers.plot import plot_training
from embedkit_cli.classifiers.tables import comparison
from embedkit_cli.classifiers.training import (
    read_more_texts,
    trained_baselines,
    trained_beside,
    warned_once,
)
from embedkit_cli.evaluation.report_plot import check_plot
from embedkit_cli.options import PATH, options_of, quiet_option


@click.command(
    "compare-classifiers",
    epilog='A file may hold: name = "small", model = "recurrent", cell = "gru", units = 32. Parameters are '
    "those of the Python classes: TextClassifier, TfidfClassifier, MeanVectorClassifier; an ensemble takes "
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
    help="A classifier to train, as TOML: its model and its parameters; more files may follow.",
)
@click.option(
    "--validation",
    metavar="FILE|FRACTION",
    default=HELD_OUT,
    show_default=True,
    help="Texts to judge by: a file as DATA, or a share of DATA that is not learnt from.",
)
@click.option(
    "--baselines/--no-baselines", default=True, show_default=True, help="Train and judge the baselines too."
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the draw of this share."
)
@options_of(LabelledReading, "reading")
@click.option(
    "--plot", type=PATH, metavar="FILE", help="Draw learning curves and accuracies, into a PNG file."
)
@quiet_option
def compare_classifiers(
    data: Path,
    more: tuple[Path, ...],
    config: tuple[Path, ...],
    validation: str,
    baselines: bool,
    seed: int,
    reading: LabelledReading,
    plot: Path | None,
    quiet: bool,
) -> None:
    """Train several classifiers on the same texts, and compare them.

    DATA is as `embedkit train-classifier` takes it. All are judged by the same texts, and the first is tested
    against each of the others. The baselines, of kinds that are not among
    them, read texts as the first does if it is a network. No model is written.
    """
    configs = [read_config(path) for path in (*config, *more)]
    models = dict(configs)
    given = {model.kind for model in models.values()}
    kinds = [kind for kind in BASELINES if baselines and kind not in given]
    if len(models) < len(configs):
        raise InputError(f"each classifier needs a name of its own, got {', '.join(n for n, _ in configs)}")
    if held_out_share(validation) == 0:
        raise InputError("classifiers are compared on texts they did not learn from; --validation is 0")
    if plot:
        check_plot(plot, len(models) + len(kinds))
    with warned_once(), console_progress(quiet) as progress:
        training, held_out = split_validation(
            reading.read(data, progress), validation, seed, reading, progress
        )
        read_more_texts(models.values(), reading, progress)
        assert held_out is not None  # noqa: S101 - some share is held out, or a file read
        trained = list(trained_beside(models, training, held_out, progress))
        beside = trained_baselines(kinds, configs[0][1], training, held_out, progress)
        trained += [found for _, found in beside]
    if plot:
        plot_training(plot, models, trained, data.name)
    click.echo(comparison(trained))
