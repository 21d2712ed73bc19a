"""embedkit compose."""

from __future__ import annotations

from pathlib import Path

import click

from embedkit.music.composing import LIKELY, compose_tunes
from embedkit.neural.sampling import Sampling
from embedkit_cli.language_models.files import model_option
from embedkit_cli.options import options_of, seed_option
from embedkit_cli.shared.common_options import COUNT, PATH, format_option, quiet_option
from embedkit_cli.shared.headings import OUTPUT, HeadedCommand, under
from embedkit_cli.shared.text import json_line, plain

DRAWING = "Drawing"


@click.command(cls=HeadedCommand)
@model_option("compose with")
@options_of(Sampling, "sampling", DRAWING)
@seed_option(DRAWING)
@click.option(
    "--prefix", metavar="TEXT", default="", help='How each tune begins: "M:6/8 K:D".', **under(OUTPUT)
)
@click.option(
    "-n",
    "--count",
    type=COUNT,
    metavar="N",
    default=1,
    show_default=True,
    help="Number of tunes.",
    **under(OUTPUT),
)
@click.option(
    "--midi",
    type=PATH,
    metavar="FOLDER",
    help="Write each tune to a MIDI file in this folder.",
    **under(OUTPUT),
)
@click.option(
    "--plots",
    type=PATH,
    metavar="FOLDER",
    help="Draw the notes of each tune to a PNG file in this folder.",
    **under(OUTPUT),
)
@format_option("json: one object per tune.", ("abc", "json"))
@quiet_option
def compose(
    model: Path,
    sampling: Sampling,
    seed: int,
    prefix: str,
    count: int,
    midi: Path | None,
    plots: Path | None,
    style: str,
    quiet: bool,
) -> None:
    """Compose new tunes by a model of melodies.

    They are printed in ABC notation. Those whose bars do not add up are drawn anew. Without options of
    drawing, tokens are drawn with --temperature 0.8 --top-p 0.85.
    """
    from embedkit import LanguageModel
    from embedkit.music.drawing import write_tunes

    chosen = LIKELY if sampling == Sampling() else sampling
    found = compose_tunes(LanguageModel.load(model), count, prefix=prefix, sampling=chosen, seed=seed)
    write_tunes(found.tunes, midi, plots)
    for number, tune in enumerate(found.tunes, 1):
        if style == "json":
            click.echo(json_line({"metre": tune.metre, "key": tune.key, "tokens": tune.tokens}))
        else:
            click.echo(plain(tune.abc(number), kept="\n"))
    if not quiet:
        click.echo(f"drew {found.drawn:,} tunes, of which {len(found.tunes):,} are valid", err=True)
