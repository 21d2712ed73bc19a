"""embedkit train-emojify."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from embedkit.emoji.versions import VERSIONS
from embedkit.errors import InputError
from embedkit.progress import console_progress
from embedkit_cli.classifiers.data import HELD_OUT, LabelledReading, held_out_share, judge, split_validation
from embedkit_cli.classifiers.models import FineTuning
from embedkit_cli.classifiers.plot import plot_training
from embedkit_cli.classifiers.tables import Trained, comparison, scores_of
from embedkit_cli.classifiers.training import read_more_texts, train, warned_once
from embedkit_cli.emoji.training import (
    HINTS,
    Mistake,
    curves_of,
    emoji_of_numbers,
    make_emojifier,
    mistake_table,
    mistakes_of,
    network_of,
    train_beside,
    with_emoji,
)
from embedkit_cli.evaluation.report_plot import check_plot
from embedkit_cli.options import PATH, options_of, output_option, quiet_option
from embedkit_cli.shared.outputs import check_file, check_not_read, kept_on_interrupt, quantize_option
from embedkit_cli.shared.provenance import command_line
from embedkit_cli.shared.tables import text_table


@click.command("train-emojify", epilog=f"Parameters of the network, for --set: {', '.join(HINTS)}.")
@click.argument("data", type=PATH)
@output_option("FILE", "The model to write, one .safetensors file.")
@click.option(
    "--version",
    type=click.Choice([str(version) for version in VERSIONS]),
    default="3",
    show_default=True,
    help="Which of the three models to train.",
)
@click.option(
    "-v", "--vectors", type=PATH, metavar="FILE", help="Word vectors, not the English ones that ship."
)
@click.option(
    "--fine-tune",
    type=FineTuning(),
    help="Whether the vectors are trained too; N: after N epochs, gently. Default: as the version does.",
)
@click.option(
    "--labels",
    metavar="EMOJI",
    help='What the labels 0, 1, 2 and so on stand for: "❤️ ⚾ 😄", or names such as :red_heart:.',
)
@click.option(
    "--components",
    type=click.IntRange(min=1),
    metavar="N",
    help="Let the networks of versions 2 and 3 read the first N principal components of the vectors; the "
    "model becomes smaller.",
)
@click.option(
    "--unlabelled",
    type=PATH,
    metavar="FILE",
    help="More texts, which the networks of versions 2 and 3 learn from with what the mean of vectors says "
    "of them: lines of a .txt, or a table. It is read as DATA; its column of texts is guessed if it has none "
    "called as --text-column says.",
)
@click.option(
    "--contrasts/--no-contrasts",
    default=True,
    show_default=True,
    help="Whether the networks of versions 2 and 3 also learn from texts of contrast; these are English.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of the network, see below; can be given several times.",
)
@click.option(
    "--validation",
    metavar="FILE|FRACTION|COLUMN=VALUE",
    default=HELD_OUT,
    show_default=True,
    help="Texts to judge by: a file as DATA, a share of DATA that is not learnt from (0 for none), or beside "
    "--only other rows of DATA.",
)
@click.option(
    "--compare/--no-compare",
    default=False,
    show_default=True,
    help="Train and judge versions 1 and 2 too, and compare the model with them.",
)
@click.option(
    "--mistakes",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    metavar="N",
    help="Mislabelled texts to list, of those to judge by.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of all that is drawn."
)
@quantize_option
@options_of(LabelledReading, "reading")
@click.option(
    "--plot",
    type=PATH,
    metavar="FILE",
    help="Draw the learning curves of all that was trained, their accuracies and the confusion matrix of the "
    "model, into a PNG file. Curves are those of networks, which end with their last epoch, whichever has "
    "the dot of the least validation loss; version 1 has none, and is a level line.",
)
@quiet_option
@click.pass_context
def train_emojify(
    ctx: click.Context,
    data: Path,
    output: Path,
    version: str,
    vectors: Path | None,
    fine_tune: bool | int | None,
    labels: str | None,
    components: int | None,
    unlabelled: Path | None,
    contrasts: bool,
    settings: tuple[str, ...],
    validation: str,
    compare: bool,
    mistakes: int,
    seed: int,
    quantize: str | None,
    reading: LabelledReading,
    plot: Path | None,
    quiet: bool,
) -> None:
    """Train a model that puts emoji to sentences.

    DATA is as `embedkit train-classifier` takes it. Its labels are emoji, with or without variation selector
    and skin tone, or their names such as :red_heart:, or numbers that --labels explains.

    Version 1 is the mean of a text's vectors with logistic regression; 2 is two LSTM layers of 128 with
    dropout on frozen vectors; 3, embedkit's own, is a bidirectional LSTM with attention on frozen vectors,
    averaged with version 1. 2 and 3 also learn from about eight English texts of contrast made of each text
    ("coffee, not pizza"), which --no-contrasts leaves out.
    """
    sources = [data, Path(validation), *filter(None, [unlabelled, vectors])]
    _check(sources, output, plot, compare, int(version), validation)
    model = make_emojifier(
        int(version),
        embeddings=vectors,
        fine_tune=fine_tune,
        labels=emoji_of_numbers(labels) if labels else None,
        network=network_of(settings) or None,
        components=components,
        unlabelled=unlabelled,
        contrasts=contrasts,
        seed=seed,
    )
    name = f"version {version}"
    models, trained = {name: model}, []
    with kept_on_interrupt(output), warned_once(), console_progress(quiet) as progress:
        read_more_texts([model], reading, progress)
        everything = with_emoji(reading.read(data, progress), model)
        training, held_out = split_validation(everything, validation, seed, reading, progress)
        held_out = held_out and with_emoji(held_out, model)
        seconds = train(name, model, training, progress, watched=held_out)
        made: dict[str, Any] = {"command": command_line(ctx), "data": training.describe(), "seconds": seconds}
        if held_out:
            trained.append(Trained(name, judge(model, held_out, progress), seconds))
            made |= {"validation": held_out.describe(), "metrics": scores_of(trained[0])}
        if held_out and compare:
            for other, found in train_beside(model, training, held_out, progress):
                models[found.name] = other
                trained.append(found)
            made["compared"] = {found.name: scores_of(found) for found in trained[1:]}
        model.save(output, made, quantize)  # type: ignore[arg-type]
    if plot:
        plot_training(plot, {name: model}, trained, data.name, curves_of(models, training, held_out))
    if held_out:
        click.echo(comparison(trained))
        _show_mistakes(mistakes_of(model, held_out), mistakes)
    if not quiet:
        size = output.stat().st_size / 1e6
        emoji = " ".join(model.classes_)
        click.echo(f"wrote {output}: {name}, {len(model.classes_)} emoji {emoji}, {size:,.2f} MB", err=True)


def _check(
    sources: Sequence[Path],
    output: Path,
    plot: Path | None,
    compare: bool,
    version: int,
    validation: str,
) -> None:
    """Raise for files that cannot be written, and for what cannot be shown."""
    check_file(output)
    if plot:
        check_plot(plot, 1)
    check_not_read(output, *sources)
    if held_out_share(validation) == 0 and compare:
        raise InputError("versions are compared on texts that they did not learn from; --validation is 0")
    if held_out_share(validation) == 0 and plot and version == 1:
        raise InputError("--plot has nothing to draw of version 1 with --validation 0; hold texts out")


def _show_mistakes(found: Sequence[Mistake], most: int) -> None:
    """Print the surest mistakes."""
    if found and most:
        click.echo(f"\n{text_table(mistake_table(found[:most]))}")
        if len(found) > most:
            click.echo(f"and {len(found) - most:,} more; --mistakes N lists N")
