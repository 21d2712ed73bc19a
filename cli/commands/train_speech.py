"""embedkit train-speech."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from embedkit.progress import console_progress
from embedkit.vectors.rows import RowType
from embedkit_cli.options import given_options, seed_option
from embedkit_cli.shared.checkpoints import Saving, checkpoint_options
from embedkit_cli.shared.common_options import NAME_OR_PATH, PATH, output_option, quiet_option
from embedkit_cli.shared.headings import INPUT, HeadedCommand, under
from embedkit_cli.shared.outputs import check_file, check_not_read, dtype_option
from embedkit_cli.shared.provenance import command_line
from embedkit_cli.shared.results import made_format_option, show_made
from embedkit_cli.shared.tables import text_table
from embedkit_cli.speech.parameters import MODEL, SPEECH_OPTIONS, WITHOUT
from embedkit_cli.speech.tables import error_content, error_table


@click.command("train-speech", cls=HeadedCommand)
@click.argument("manifest", type=PATH)
@output_option("FILE", "Model to write, one .safetensors file.")
@click.option(
    "--validation",
    type=NAME_OR_PATH,
    metavar="FILE|FRACTION",
    default="0.1",
    show_default=True,
    help="Held-out recordings that choose the best epoch: a table as MANIFEST, or a fraction; 0 for none.",
    **under(INPUT),
)
@click.option(
    "--file-column",
    metavar="COLUMN",
    help="Column of the files, by name or number from 1; default: file, path, audio or the first of two.",
    **under(INPUT),
)
@click.option(
    "--transcript-column",
    metavar="COLUMN",
    help="Column of the transcripts, likewise; default: transcript, text or the second of two.",
    **under(INPUT),
)
@click.option(
    "--start",
    type=NAME_OR_PATH,
    metavar="FILE",
    help="Learn on from this recognizer, whose features, layers and words stay: to make it know a voice, or "
    "to let it learn longer.",
    **under(MODEL),
)
@seed_option(MODEL)
@given_options(SPEECH_OPTIONS, "parameters", without=WITHOUT)
@dtype_option
@checkpoint_options
@made_format_option
@quiet_option
@click.pass_context
def train_speech(
    ctx: click.Context,
    manifest: Path,
    output: Path,
    validation: str,
    file_column: str | None,
    transcript_column: str | None,
    start: str | None,
    seed: int,
    parameters: dict[str, Any],
    dtype: RowType | None,
    saving: Saving,
    style: str,
    quiet: bool,
) -> None:
    """Train a recognizer of speech on recordings and transcripts.

    MANIFEST is a .csv, .tsv, .jsonl or .parquet table with a file and its transcript a row; files are found
    from its folder, and may be WAV, FLAC, OGG and others that libsndfile reads.

    Convolutions and recurrent layers read log-mel features, and learn by connectionist temporal
    classification (Graves et al. 2006) from transcripts without times. In each epoch recordings are played
    faster or slower, joined with pauses, and heard in noise.
    """
    begin = time.monotonic()
    check_file(output)
    check_not_read(output, manifest, Path(validation))
    from embedkit import SpeechRecognizer, load_predictor, read_manifest, transcript_errors
    from embedkit.speech.predictor import speech_predictor
    from embedkit.text.datasets.held_out import held_out_fraction

    before = speech_predictor(load_predictor(start)) if start else None
    kept = before.structure() if before else {}
    recognizer = SpeechRecognizer(**kept | parameters, validation_fraction=0.0, seed=seed)
    recognizer.check_parameters()
    columns = {"file_column": file_column, "transcript_column": transcript_column}
    training, held, fraction = read_manifest(manifest, **columns), None, held_out_fraction(validation)
    if fraction is None:
        held = read_manifest(Path(validation), **columns)
    elif fraction:
        training, held = training.split(fraction, seed)
    with console_progress(quiet) as progress, saving.beside(output) as checkpoint:
        pairs = (held.paths, held.transcripts) if held else None
        recognizer.fit(
            training.paths,
            training.transcripts,
            validation_data=pairs,
            start=before,
            progress=progress,
            checkpoint=checkpoint,
        )
        made: dict[str, Any] = {"command": command_line(ctx), "data": training.describe()}
        if held:
            heard = [recognizer.transcribe(path).text for path in held.paths]
            errors = transcript_errors(held.transcripts, heard)
            made |= {"validation": held.describe(), "metrics": error_content(errors)}
        recognizer.save(output, made, dtype or "float32")
    size, labels = output.stat().st_size / 1e6, len(recognizer.classes_)
    told = f"{labels} {recognizer.units}, {size:,.2f} MB; {time.monotonic() - begin:.1f} s in all"
    text = text_table(error_table(errors)) if held else ""
    show_made(style, output, begin, text=text, summary=f"wrote {output}: {told}", quiet=quiet)
