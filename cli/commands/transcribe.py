"""embedkit transcribe."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from embedkit.errors import DependencyError, EmbedkitError
from embedkit_cli.shared.common_options import NAME_OR_PATH, PATH, format_option
from embedkit_cli.shared.headings import INPUT, HeadedCommand, under
from embedkit_cli.shared.repeated import refuse_given
from embedkit_cli.shared.text import plain
from embedkit_cli.speech.output import render_found, render_transcript

DECODING, FINDING = "Decoding", "Words"
DIGITS = "digits"  # the model that ships


@click.command(cls=HeadedCommand)
@click.argument("files", type=NAME_OR_PATH, nargs=-1, metavar="[FILE]...")
@click.option(
    "-m",
    "--model",
    default=DIGITS,
    type=NAME_OR_PATH,
    metavar="FILE",
    help="Recognizer made by train-speech. Default: the bundled one, of English digits.",
    **under(INPUT),
)
@click.option(
    "--beam",
    type=click.IntRange(1, 10_000),
    default=None,
    metavar="N",
    help="Prefixes that are followed at once. Default: 1, the best label of each frame; 10 with a language "
    "model.",
    **under(DECODING),
)
@click.option(
    "--language-model",
    type=PATH,
    metavar="FILE",
    help="Language model of words, or of characters, made by train-lm, that tells which follow one another.",
    **under(DECODING),
)
@click.option(
    "--weight",
    type=click.FloatRange(0, 100),
    default=0.5,
    show_default=True,
    metavar="X",
    help="Weight of the log probabilities of the language model beside those of the recognizer.",
    **under(DECODING),
)
@click.option(
    "--bonus",
    type=click.FloatRange(-100, 100),
    default=0.0,
    show_default=True,
    metavar="X",
    help="Added to the score of each word, as a language model prefers few.",
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
@click.pass_context
def transcribe(
    ctx: click.Context,
    files: tuple[str, ...],
    model: str,
    beam: int | None,
    language_model: Path | None,
    weight: float,
    bonus: float,
    word: str | None,
    threshold: float,
    style: str,
) -> None:
    """Print what is said in recordings, or where a word is said.

    FILE is a recording: WAV, FLAC, OGG and others that libsndfile reads, of any sampling rate and number of
    channels; without one, or for -, stdin is read. Long recordings are read in pieces, cut at pauses. Times
    are in seconds. Of several files those that cannot be read are told on stderr and left out; the exit code
    is 2 then.
    """
    if not files and (sys.stdin is None or sys.stdin.isatty()):
        raise click.UsageError("expected recordings to transcribe, or one on stdin")
    _check_options(finding=word is not None, language=language_model is not None)
    from embedkit import LabelScores, LanguageModel, load_predictor
    from embedkit.speech.predictor import speech_predictor
    from embedkit.speech.recording import Recording

    predictor = speech_predictor(load_predictor(model))
    labels = predictor.labels
    scores = None
    if language_model is not None:
        scores = LabelScores(LanguageModel.load(language_model), labels.names, labels.units)

    def told(recording: Recording, shown: str | None, first: bool) -> str:
        if word is not None:
            found = predictor.find(word, recording, threshold=threshold)
            return render_found(found, recording.name, shown, style, first)
        transcript = predictor.transcribe(
            recording, beam=beam, language_model=scores, weight=weight, bonus=bonus
        )
        return render_transcript(transcript, recording.name, shown, style, first)

    several, first, failed = len(files) > 1, True, False
    for name in files or ("-",):
        try:
            with Recording(sys.stdin.buffer, "stdin") if name == "-" else Recording(name) as recording:
                text = told(recording, name if several else None, first)
        except (EmbedkitError, OSError) as error:
            if not several or isinstance(error, DependencyError):
                raise
            click.echo(f"Error: {plain(str(error))}", err=True)
            failed = True
            continue
        click.echo(text, nl=False)
        first = first and not text
    if failed:
        ctx.exit(2)


def _check_options(finding: bool, language: bool) -> None:
    """Raise `click.UsageError` for options that would change nothing."""
    if finding:
        refuse_given("beam", "language_model", "weight", "bonus", why="--find decodes nothing")
    else:
        refuse_given("threshold", why="--threshold belongs to --find")
    if not language:
        refuse_given("weight", "bonus", why="there is no --language-model")
