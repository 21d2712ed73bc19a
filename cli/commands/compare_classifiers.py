"""embedkit compare-classifiers."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.errors import EmbedkitError, InputError
from embedkit.progress import console_progress
from embedkit.text.datasets.held_out import held_out_fraction
from embedkit_cli.classifiers.configs import read_models, read_settings
from embedkit_cli.classifiers.data import HELD_OUT, LabeledDataOptions, check_data
from embedkit_cli.classifiers.options import DATA, MODEL, history_option
from embedkit_cli.classifiers.plot import check_targets, plot_training, write_history
from embedkit_cli.classifiers.tables import comparison_in
from embedkit_cli.classifiers.training import read_unlabeled_files, read_vectors_files, warned_once
from embedkit_cli.options import options_of, seed_option
from embedkit_cli.shared.common_options import NAME_OR_PATH, PATH, format_option, plot_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand, under


@click.command(
    "compare-classifiers",
    cls=HeadedCommand,
    epilog='A file may hold: name = "small", model = "recurrent", layers = "bigru:32". Parameters are those '
    "of the Python classes TextClassifier, TfidfClassifier, DocumentVectorClassifier and "
    "MeanVectorClassifier; an ensemble takes those of the first two, share and document_share.",
)
@click.argument("data", type=PATH)
@click.argument("more", nargs=-1, type=PATH, metavar="[FILE]...")
@click.option(
    "--config",
    type=PATH,
    multiple=True,
    metavar="FILE...",
    help="TOML file of a classifier to train, its model and parameters; more files may follow.",
    **under(MODEL),
)
@click.option(
    "--layers",
    multiple=True,
    metavar="LAYERS",
    help='A network to train by its layers, such as "bilstm:64 bilstm:64"; may be given several times.',
    **under(MODEL),
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Parameter of all models that have it, such as epochs=5; may be given several times.",
    **under(MODEL),
)
@click.option(
    "--validation",
    type=NAME_OR_PATH,
    metavar="FILE|FRACTION",
    default=HELD_OUT,
    show_default=True,
    help="Held-out texts to score on, also after each epoch: a file as DATA, or a fraction of DATA.",
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
@options_of(LabeledDataOptions, "options", DATA)
@format_option("json: one object; tsv: one table, a row a model.")
@plot_option("learning curves and accuracies")
@history_option
@quiet_option
def compare_classifiers(
    data: Path,
    more: tuple[Path, ...],
    config: tuple[Path, ...],
    layers: tuple[str, ...],
    settings: tuple[str, ...],
    validation: str,
    baselines: bool,
    seed: int,
    options: LabeledDataOptions,
    style: str,
    plot: Path | None,
    history: Path | None,
    quiet: bool,
) -> None:
    """Train several classifiers on the same texts and compare them.

    DATA is as for `embedkit train-classifier`. Classifiers are described by --config, --layers or both. All
    are scored on the same held-out texts, which choose nothing, and the first is tested against each of the
    others. Files are all read before the first is trained; one whose training fails is left out, and the exit
    code is 2. The baselines get the tokenization of the first if it is a network. No model is written.
    """
    check_data(data, validation, options.only)
    if more and not config:
        raise InputError(f"got {more[0]} beside DATA; files of classifiers follow --config")
    if not config and not layers:
        raise InputError("expected classifiers to compare; name files by --config, or networks by --layers")
    models = read_models([*config, *more], layers, read_settings(settings))
    if held_out_fraction(validation) == 0:
        raise InputError("classifiers are compared on texts they did not learn from; --validation is 0")
    from embedkit.models.comparison import check_models, train_and_assess, train_baselines
    from embedkit.models.construction import BASELINES

    given = {model.kind for model in models.values()}
    kinds = [kind for kind in BASELINES if baselines and kind not in given]
    check_targets(plot, history, len(models) + len(kinds), data, Path(validation), *config, *more)
    failures: dict[str, EmbedkitError] = {}
    with warned_once(), console_progress(quiet) as progress:
        read_unlabeled_files(models.values(), options, progress)
        read_vectors_files(models.values(), progress)
        training, held_out = options.split(options.read(data, progress), validation, seed, progress)
        assert held_out is not None  # noqa: S101 - some share is held out, or a file read
        check_models(models, training, held_out)
        trained = list(train_and_assess(models, training, held_out, progress, failures))
        if trained:
            trained += train_baselines(kinds, trained[0].model, training, held_out, progress)
    learned = {name: model for name, model in models.items() if name not in failures}
    if history:
        write_history(history, learned)
    if plot and trained:
        plot_training(plot, learned, trained, data.name)
    if trained:
        click.echo(comparison_in(style, trained))
    if failures:
        raise InputError("; ".join(map(str, failures.values())))
