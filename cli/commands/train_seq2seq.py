"""embedkit train-seq2seq."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from embedkit.progress import console_progress
from embedkit.translation.parameters import Seq2SeqLayers, Seq2SeqTraining, SequenceTokens
from embedkit_cli.options import given_options, seed_option
from embedkit_cli.shared.checkpoints import Saving, checkpoint_options
from embedkit_cli.shared.common_options import NAME_OR_PATH, PATH, output_option, quiet_option
from embedkit_cli.shared.headings import HeadedCommand, under
from embedkit_cli.shared.outputs import check_file, check_not_read
from embedkit_cli.shared.provenance import command_line
from embedkit_cli.shared.results import made_format_option, show_made
from embedkit_cli.translation.pairs import DATA, encoding_option, held_out_pairs

MODEL = "Model"
GROUPS = {Seq2SeqLayers: MODEL, SequenceTokens: "Tokens", Seq2SeqTraining: "Training"}


@click.command("train-seq2seq", cls=HeadedCommand)
@click.argument("pairs", type=PATH)
@click.argument("targets", type=PATH, required=False)
@output_option("FILE", "Model to write, one .safetensors file.")
@click.option(
    "--validation",
    type=NAME_OR_PATH,
    metavar="FILE|FRACTION",
    default="0.02",
    show_default=True,
    help="Held-out pairs that choose the best epoch: a file as PAIRS, or a fraction of these; 0 for none.",
    **under(DATA),
)
@click.option(
    "--validation-targets",
    type=PATH,
    metavar="FILE",
    help="Targets of the file of --validation, if that has sources alone.",
    **under(DATA),
)
@encoding_option
@seed_option(MODEL)
@given_options(GROUPS, "parameters", without=("validation_fraction",))
@checkpoint_options
@made_format_option
@quiet_option
@click.pass_context
def train_seq2seq(
    ctx: click.Context,
    pairs: Path,
    targets: Path | None,
    output: Path,
    validation: str,
    validation_targets: Path | None,
    encoding: str,
    seed: int,
    parameters: dict[str, Any],
    saving: Saving,
    style: str,
    quiet: bool,
) -> None:
    """Train a network that turns one sequence into another, such as a translator.

    PAIRS is a file with a source and a target a line and a tab between them; or it has sources alone, and
    TARGETS as many lines with the targets. Both may be .gz, .bz2, .xz, .zst or .zip.

    A recurrent encoder reads the source in both directions; a recurrent decoder writes the target, and looks
    at the source by attention (Bahdanau et al. 2015, Luong et al. 2015).
    """
    begin = time.monotonic()
    check_file(output)
    check_not_read(output, pairs, *filter(None, (targets, validation_targets)), Path(validation))
    from embedkit import Seq2Seq, read_pairs

    fraction, held = held_out_pairs(validation, validation_targets, encoding)
    trainer = Seq2Seq(**parameters, validation_fraction=fraction, seed=seed)
    with console_progress(quiet) as progress, saving.beside(output) as checkpoint:
        progress.start(f"read {pairs.name}")
        data = read_pairs(pairs, targets, encoding)
        progress.finish(f"{len(data):,} pairs")
        made: dict[str, Any] = {"command": command_line(ctx), "data": data.describe()}
        if held:
            made["validation"] = held.describe()
        both = (held.sources, held.targets) if held else None
        model = trainer.train(
            data.sources,
            data.targets,
            validation_data=both,
            metadata=made,
            progress=progress,
            checkpoint=checkpoint,
        )
        model.save(output)
    size, seconds = output.stat().st_size / 1e6, time.monotonic() - begin
    sides = f"{len(model.source):,} and {len(model.target):,} tokens"
    summary = f"wrote {output}: {sides}, {size:,.2f} MB; {seconds:.1f} s in all"
    show_made(style, output, begin, summary=summary, quiet=quiet)
