"""Transcripts and words that were found as text, JSON or TSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from embedkit_cli.shared.tables import tsv_lines
from embedkit_cli.shared.text import json_line, plain, rounded

if TYPE_CHECKING:
    from embedkit.speech.transcript import SpokenWord, Transcript

COLUMNS = "file", "begin", "end", "word", "probability"


def render_transcript(transcript: Transcript, file: str, shown: str | None, style: str, first: bool) -> str:
    """What is said in a recording: a line of text, an object, or a row a word.

    Args:
        transcript: of the recording.
        file: its name.
        shown: the name that stands before the text, if any.
        style: "text", "json" or "tsv".
        first: whether the names of columns stand above rows.
    """
    if style == "json":
        words = list(map(_object, transcript.words))
        told = {"file": file, "seconds": round(transcript.seconds, 3), "text": transcript.text}
        return json_line({**told, "words": words}) + "\n"
    if style == "tsv":
        return _rows(transcript.words, file, first)
    return _named(shown, transcript.text)


def render_found(found: Sequence[SpokenWord], file: str, shown: str | None, style: str, first: bool) -> str:
    """Where a word is said: lines of seconds and confidence, an object, or rows."""
    if style == "json":
        return json_line({"file": file, "found": list(map(_object, found))}) + "\n"
    if style == "tsv":
        return _rows(found, file, first)
    return "".join(
        _named(shown, f"{one.begin:.2f}-{one.end:.2f}  {one.word}  {one.probability:.3f}") for one in found
    )


def _named(shown: str | None, text: str) -> str:
    return f"{plain(text)}\n" if shown is None else f"{plain(shown)}: {plain(text)}\n"


def _object(word: SpokenWord) -> dict[str, Any]:
    return rounded(word._asdict())


def _rows(words: Sequence[SpokenWord], file: str, first: bool) -> str:
    rows = [(file, one.begin, one.end, one.word, one.probability) for one in words]
    lines = list(tsv_lines(COLUMNS, rows))[0 if first else 1 :]
    return "".join(f"{line}\n" for line in lines)
