"""embedkit train-emojify."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from embedkit.emoji.parameters import SHARED, EmojifierParameters
from embedkit.errors import InputError
from embedkit.models.networks.config import TokenizationConfig
from embedkit.progress import console_progress
from embedkit.text.datasets.held_out import held_out_fraction
from embedkit.vectors.rows import RowType
from embedkit_cli.classifiers.data import HELD_OUT, LabeledDataOptions, check_data
from embedkit_cli.classifiers.options import (
    DATA,
    MODEL,
    NETWORK_PARAMETERS,
    history_option,
    training_plot_option,
    unlabeled_option,
)
from embedkit_cli.classifiers.plot import check_targets, write_history
from embedkit_cli.classifiers.tables import comparison
from embedkit_cli.classifiers.training import (
    read_unlabeled_files,
    training_provenance,
    warned_once,
    written,
)
from embedkit_cli.emoji.training import emoji_of_numbers, mistakes_listed, plot_versions
from embedkit_cli.options import given_options, options_of, seed_option
from embedkit_cli.shared.checkpoints import Saving, checkpoint_options
from embedkit_cli.shared.common_options import NAME_OR_PATH, PATH, output_option, quiet_option
from embedkit_cli.shared.headings import OUTPUT, HeadedCommand, under
from embedkit_cli.shared.outputs import check_model_file, check_not_read, dtype_option
from embedkit_cli.shared.provenance import command_line
from embedkit_cli.shared.results import made_format_option, show_made

if TYPE_CHECKING:
    from embedkit.emoji.emojifier import Emojifier

VERSIONS = ("1", "2", "3")
NETWORK = {
    **{
        kind: f"{heading} (versions 2 and 3, which have defaults of their own)"
        for kind, heading in NETWORK_PARAMETERS.items()
    },
    TokenizationConfig: "Tokenization of the network, unless the vectors name theirs",
}


@click.command("train-emojify", cls=HeadedCommand)
@click.argument("data", type=PATH)
@output_option("FILE", "Model to write, one .safetensors file.")
@click.option(
    "--version",
    type=click.Choice(VERSIONS),
    default="3",
    show_default=True,
    help="Version of the model.",
    **under(MODEL),
)
@click.option(
    "-v",
    "--vectors",
    type=NAME_OR_PATH,
    metavar="FILE|everyday|english",
    default="everyday",
    show_default=True,
    help="Word vectors to start from: a file, everyday (bundled; they know what the bundled emojifier was "
    "taught), or english (bundled, of an encyclopaedia).",
    **under(MODEL),
)
@click.option(
    "--labels",
    metavar="EMOJI",
    help='Emoji of the labels 0, 1, 2 and so on: "❤️ ⚾ 😄", or names such as :red_heart:.',
    **under(DATA),
)
@unlabeled_option
@click.option(
    "--validation",
    type=NAME_OR_PATH,
    metavar="FILE|FRACTION|COLUMN=VALUE",
    default=HELD_OUT,
    show_default=True,
    help="Held-out texts to score on: a file as DATA, a fraction of DATA (0 for none), or with --only "
    "other rows of DATA.",
    **under(DATA),
)
@click.option(
    "--compare/--no-compare",
    default=False,
    show_default=True,
    help="Also train versions 1 and 2, and compare the model with them.",
    **under(MODEL),
)
@click.option(
    "--mistakes",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    metavar="N",
    help="Number of misclassified held-out texts to list.",
    **under(OUTPUT),
)
@given_options({EmojifierParameters: MODEL}, "parameters")
@seed_option(MODEL)
@given_options(NETWORK, "network", show_defaults=False, without=SHARED)
@dtype_option
@options_of(LabeledDataOptions, "options", DATA)
@training_plot_option
@history_option
@checkpoint_options
@made_format_option
@quiet_option
@click.pass_context
def train_emojify(
    ctx: click.Context,
    data: Path,
    output: Path,
    version: str,
    vectors: str,
    labels: str | None,
    unlabeled: Path | None,
    parameters: dict[str, Any],
    seed: int,
    network: dict[str, Any],
    validation: str,
    compare: bool,
    mistakes: int,
    dtype: RowType | None,
    options: LabeledDataOptions,
    plot: Path | None,
    history: Path | None,
    saving: Saving,
    style: str,
    quiet: bool,
) -> None:
    """Train a model that predicts emoji for sentences.

    DATA is as for `embedkit train-classifier`. Its labels are emoji, with or without variation selector and
    skin tone, their names such as :red_heart:, or numbers that --labels explains.

    Version 1 is logistic regression on the mean of a text's word vectors; 2 is two LSTM layers of 128 hidden
    units with dropout on frozen vectors; 3, embedkit's own, is a bidirectional LSTM with attention on frozen
    vectors. Networks are averaged with version 1, which weighs more where texts are few. Versions 2 and 3 are
    also trained on about eight contrastive examples ("coffee, not pizza") made of each English text, unless
    --no-augment is given.
    """
    begin, name = time.monotonic(), f"version {version}"
    check_model_file(output)
    read = [*map(Path, filter(None, [str(data), validation, vectors, unlabeled]))]
    check_not_read(output, *read)
    check_data(data, validation, options.only)
    check_targets(plot, history, 1, *read, output)
    _check_held_out(plot, history, compare, version, validation)
    emoji = emoji_of_numbers(labels) if labels else None
    parameters = {**parameters, "labels": emoji, "unlabeled": unlabeled, "seed": seed}
    model = _emojifier(int(version), vectors, network, parameters)
    from embedkit.emoji.comparison import labeled_by_emoji, train_versions

    with warned_once(), console_progress(quiet) as progress, saving.beside(output) as checkpoint:
        read_unlabeled_files([model], options, progress)
        everything = labeled_by_emoji(options.read(data, progress), model)
        training, held_out = options.split(everything, validation, seed, progress)
        held_out = held_out and labeled_by_emoji(held_out, model)
        trained = train_versions(model, training, held_out, compare, progress, checkpoint)
        made = training_provenance(command_line(ctx), training, held_out, trained, "compared")
        model.save(output, made, dtype or "float32")
    if plot:
        plot_versions(plot, model, trained, training, held_out, data.name)
    if history:
        write_history(history, {name: model, **{other.name: other.model for other in trained[1:]}})
    text = ""
    if held_out:
        text = f"{comparison(trained)}\n{mistakes_listed(model, held_out, mistakes)}".removesuffix("\n")
    summary = written(output, name, model, begin)
    show_made(style, output, begin, text=text, summary=summary, quiet=quiet)


def _check_held_out(
    plot: Path | None, history: Path | None, compare: bool, version: str, validation: str
) -> None:
    """Raise for what needs held-out texts without any, and for curves that there are none of."""
    if history and version == "1" and not compare:
        raise InputError("--history is for versions that learn in epochs, and 1 does not; leave it out")
    if held_out_fraction(validation) == 0 and compare:
        raise InputError("versions are compared on texts that they did not learn from; --validation is 0")
    if held_out_fraction(validation) == 0 and plot and version == "1":
        raise InputError("--plot has nothing to draw of version 1 with --validation 0; hold texts out")


def _emojifier(version: int, vectors: str, network: dict[str, Any], parameters: dict[str, Any]) -> Emojifier:
    """The model that was asked for; raises for options that its version does not have."""
    from embedkit.emoji.emojifier import Emojifier
    from embedkit.emoji.versions import version_network
    from embedkit.models.given_vectors import read_if_pipe

    own = version_network(version, **network) if network else None
    model = Emojifier(version, read_if_pipe(vectors), network=own, **parameters)  # type: ignore[arg-type]
    model.check_parameters()
    return model
