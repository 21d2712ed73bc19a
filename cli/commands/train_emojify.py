"""embedkit train-emojify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from embedkit.errors import InputError
from embedkit.models.networks.config import TokenizationConfig
from embedkit.progress import console_progress
from embedkit_cli.classifiers.data import HELD_OUT, LabelledDataOptions, held_out_share, split_validation
from embedkit_cli.classifiers.options import (
    DATA,
    MODEL,
    NETWORK_GROUPS,
    training_plot_option,
    unlabelled_option,
)
from embedkit_cli.classifiers.tables import comparison
from embedkit_cli.classifiers.training import read_unlabelled_files, training_provenance, warned_once
from embedkit_cli.emoji.training import emoji_of_numbers, mistakes_listed, plot_versions
from embedkit_cli.evaluation.report_plot import check_plot
from embedkit_cli.options import (
    OUTPUT,
    PATH,
    HeadedCommand,
    YesNoNumber,
    given_options,
    options_of,
    output_option,
    quiet_option,
    seed_option,
    under,
)
from embedkit_cli.shared.outputs import check_file, check_not_read, kept_on_interrupt, quantize_option
from embedkit_cli.shared.provenance import command_line

if TYPE_CHECKING:
    from embedkit.emoji.emojifier import Emojifier

VERSIONS = ("1", "2", "3")
NETWORK_HEADINGS = {
    f"{heading} (versions 2 and 3, which have defaults of their own)": group
    for heading, group in {**NETWORK_GROUPS, "Tokenization of the network": TokenizationConfig}.items()
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
    metavar="FILE|english",
    default="english",
    show_default=True,
    help="Word vectors: a file, or english (the bundled vectors).",
    **under(MODEL),
)
@click.option(
    "--fine-tune",
    type=YesNoNumber(),
    help="Fine-tune the word vectors: yes, no, or N to start after N epochs at a lower rate. Default: as the "
    "version does.",
    **under(MODEL),
)
@click.option(
    "--labels",
    metavar="EMOJI",
    help='Emoji of the labels 0, 1, 2 and so on: "❤️ ⚾ 😄", or names such as :red_heart:.',
    **under(DATA),
)
@click.option(
    "--components",
    type=click.IntRange(min=1),
    metavar="N",
    help="Reduce the vectors that the networks of versions 2 and 3 read to N principal components, for a "
    "smaller model.",
    **under(MODEL),
)
@unlabelled_option
@click.option(
    "--augment/--no-augment",
    default=True,
    show_default=True,
    help="Also train the networks of versions 2 and 3 on contrastive (counterfactual) examples made of the "
    "texts, in English.",
    **under(MODEL),
)
@click.option(
    "--validation",
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
@seed_option(MODEL)
@given_options(NETWORK_HEADINGS, "network", show_defaults=False)
@quantize_option
@options_of(LabelledDataOptions, "options", DATA)
@training_plot_option
@quiet_option
@click.pass_context
def train_emojify(
    ctx: click.Context,
    data: Path,
    output: Path,
    version: str,
    labels: str | None,
    network: dict[str, Any],
    validation: str,
    compare: bool,
    mistakes: int,
    quantize: str | None,
    options: LabelledDataOptions,
    plot: Path | None,
    quiet: bool,
    **parameters: Any,
) -> None:
    """Train a model that predicts emoji for sentences.

    DATA is as for `embedkit train-classifier`. Its labels are emoji, with or without variation selector and
    skin tone, their names such as :red_heart:, or numbers that --labels explains.

    Version 1 is logistic regression on the mean of a text's word vectors; 2 is two LSTM layers of 128 hidden
    units with dropout on frozen vectors; 3, embedkit's own, is a bidirectional LSTM with attention on frozen
    vectors, averaged with version 1. Versions 2 and 3 are also trained on about eight contrastive examples
    ("coffee, not pizza") made of each English text, unless --no-augment is given.
    """
    read = [data, validation, parameters["vectors"], parameters["unlabelled"]]
    check_file(output)
    check_not_read(output, *map(Path, filter(None, read)))
    _check_held_out(plot, compare, version, validation)
    emoji = emoji_of_numbers(labels) if labels else None
    model = _emojifier(int(version), network, labels=emoji, **parameters)
    from embedkit.emoji.comparison import labelled_by_emoji, train_version, train_versions_beside
    from embedkit.models.comparison import train

    with kept_on_interrupt(output), warned_once(), console_progress(quiet) as progress:
        read_unlabelled_files([model], options, progress)
        everything = labelled_by_emoji(options.read(data, progress), model)
        training, held_out = split_validation(everything, validation, model.seed, options, progress)
        trained, seconds = [], None
        if held_out is None:
            seconds = train(f"version {version}", model, training, progress)
        else:
            held_out = labelled_by_emoji(held_out, model)
            trained = [train_version(model, training, held_out, progress)]
        if held_out and compare:
            trained += train_versions_beside(model, training, held_out, progress)
        made = training_provenance(command_line(ctx), training, seconds, held_out, trained, "compared")
        model.save(output, made, quantize)  # type: ignore[arg-type]
    if plot:
        plot_versions(plot, model, trained, training, held_out, data.name)
    if held_out:
        click.echo(comparison(trained))
        click.echo(mistakes_listed(model, held_out, mistakes), nl=False)
    if not quiet:
        size = output.stat().st_size / 1e6
        emoji = " ".join(model.classes_)
        told = f"version {version}, {len(model.classes_)} emoji {emoji}, {size:,.2f} MB"
        click.echo(f"wrote {output}: {told}", err=True)


def _check_held_out(plot: Path | None, compare: bool, version: str, validation: str) -> None:
    """Raise for a picture that cannot be written, and for what needs held-out texts without any."""
    if plot:
        check_plot(plot, 1)
    if held_out_share(validation) == 0 and compare:
        raise InputError("versions are compared on texts that they did not learn from; --validation is 0")
    if held_out_share(validation) == 0 and plot and version == "1":
        raise InputError("--plot has nothing to draw of version 1 with --validation 0; hold texts out")


def _emojifier(version: int, network: dict[str, Any], vectors: str, **parameters: Any) -> Emojifier:
    """The model that was asked for; raises for options that its version does not have."""
    from embedkit.emoji.emojifier import Emojifier, version_network
    from embedkit.models.given_vectors import check_vectors_file, read_if_pipe

    check_vectors_file(vectors)
    own = version_network(version, **network) if network else None
    model = Emojifier(version, read_if_pipe(vectors), network=own, **parameters)  # type: ignore[arg-type]
    model.check_parameters()
    return model
