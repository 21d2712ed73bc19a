"""embedkit train-music."""

from __future__ import annotations

import time
from pathlib import Path

import click

from embedkit.music.composing import TuneTraining, train_tunes
from embedkit.music.tune_files import read_tunes
from embedkit.progress import console_progress
from embedkit_cli.language_models.tables import perplexity_table
from embedkit_cli.options import options_of, seed_option
from embedkit_cli.shared.checkpoints import Saving, checkpoint_options
from embedkit_cli.shared.common_options import output_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand, under
from embedkit_cli.shared.outputs import check_file
from embedkit_cli.shared.provenance import command_line
from embedkit_cli.shared.results import made_format_option, show_made
from embedkit_cli.shared.tables import text_table
from embedkit_cli.shared.text import plain

TRAINING = "Training"
NAMED = 5  # tunes that are left out and told by name


@click.command("train-music", cls=HeadedCommand)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@output_option("FILE", "Model to write, one .safetensors file.")
@options_of(TuneTraining, "parameters", TRAINING)
@click.option(
    "--validation",
    type=click.FloatRange(0, 0.5),
    metavar="FRACTION",
    default=0.1,
    show_default=True,
    help="Fraction of the tunes that is held out and chooses the best epoch; 0 for none.",
    **under(TRAINING),
)
@seed_option(TRAINING)
@checkpoint_options
@made_format_option
@quiet_option
@click.pass_context
def train_music(
    ctx: click.Context,
    inputs: tuple[str, ...],
    output: Path,
    parameters: TuneTraining,
    validation: float,
    seed: int,
    saving: Saving,
    style: str,
    quiet: bool,
) -> None:
    """Train a model of melodies, to compose new ones.

    INPUT is a file of ABC notation (.abc), a MIDI file (.mid, of which the first track with notes is read) or
    a folder of them. Tunes whose bars do not add up are left out.
    """
    begin = time.monotonic()
    check_file(output)
    found = read_tunes(inputs)
    if found.left_out and not quiet:
        names = "; ".join(plain(name) for name in found.left_out[:NAMED])
        more = "; ..." if len(found.left_out) > NAMED else ""
        click.echo(f"left out {len(found.left_out):,} tunes: {names}{more}", err=True)
    with console_progress(quiet) as progress, saving.beside(output) as checkpoint:
        told = {"progress": progress, "checkpoint": checkpoint}
        trained = train_tunes(found.tunes, parameters, validation=validation, seed=seed, **told)
        trained.with_metadata(command=command_line(ctx)).save(output)
    measured = trained.validation
    text = text_table(perplexity_table(measured)) if measured else ""
    size, seconds = output.stat().st_size / 1e6, time.monotonic() - begin
    told = f"{len(found.tunes):,} tunes, {len(trained.units):,} tokens, {size:,.2f} MB"
    summary = f"wrote {output}: {told}; {seconds:.1f} s in all"
    show_made(style, output, begin, text=text, summary=summary, quiet=quiet)
