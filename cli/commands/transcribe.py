"""embedkit transcribe."""

from __future__ import annotations

import sys

import click

from embedkit_cli.shared.common_options import format_option
from embedkit_cli.shared.headings import INPUT, HeadedCommand, under
from embedkit_cli.speech.output import render_found, render_transcript

DECODING, FINDING = "Decoding", "Words"
DIGITS = "digits"  # the model that ships


@click.command(cls=HeadedCommand)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "-m",
    "--model",
    default=DIGITS,
    metavar="FILE",
    help="Recognizer made by train-speech. Default: the bundled one, of English digits.",
    **under(INPUT),
)
@click.option(
    "--beam",
    type=click.IntRange(1, 10_000),
    default=1,
    show_default=True,
    metavar="N",
    help="Prefixes that are followed at once; 1 takes the best label of each frame.",
    **under(DECODING),
)
@click.option(
    "--find",
    "word",
    metavar="WORD",
    help="Print where WORD, or several words in a row, is said, instead of all that is said.",
    **under(FINDING),
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.7,
    show_default=True,
    metavar="P",
    help="Least confidence in a word that is found.",
    **under(FINDING),
)
@format_option(
    "json: one object per file; tsv: file, begin, end, word and probability a line.", ("text", "json", "tsv")
)
def transcribe(
    files: tuple[str, ...], model: str, beam: int, word: str | None, threshold: float, style: str
) -> None:
    """Print what is said in recordings, or where a word is said.

    FILE is a recording: WAV, FLAC, OGG and others that libsndfile reads, of any sampling rate and number of
    channels; without one, or for -, stdin is read. Long recordings are read in pieces, cut at pauses. Times
    are in seconds.
    """
    if not files and (sys.stdin is None or sys.stdin.isatty()):
        raise click.UsageError("expected recordings to transcribe, or one on stdin")
    from embedkit import load_predictor
    from embedkit.speech.predictor import speech_predictor
    from embedkit.speech.recording import Recording

    predictor = speech_predictor(load_predictor(model))
    for number, name in enumerate(files or ("-",)):
        source = Recording(sys.stdin.buffer, "stdin") if name == "-" else Recording(name)
        shown = name if len(files) > 1 else None
        with source as recording:
            if word is None:
                transcript = predictor.transcribe(recording, beam=beam)
                click.echo(render_transcript(transcript, source.name, shown, style, number == 0), nl=False)
            else:
                found = predictor.find(word, recording, threshold=threshold)
                click.echo(render_found(found, source.name, shown, style, number == 0), nl=False)
