"""Texts with predicted emoji as text, JSON or TSV."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from embedkit.errors import InputError
from embedkit.text.emoji import name_of
from embedkit_cli.shared.text import DIGITS, json_line, padded, plain

if TYPE_CHECKING:
    from embedkit.emoji.insertion import EmojifiedText
    from embedkit.emoji.predictor import EmojiPredictor

SHOWN = 60  # characters of a text that a warning repeats


def open_emojifier(path: Path | None) -> EmojiPredictor:
    """The model in a file, or the one that ships."""
    from embedkit.model_files import EMOJIFY, load_predictor

    predictor = load_predictor(EMOJIFY if path is None else path)
    if predictor.kind != EMOJIFY:
        raise InputError(
            f"{path}: expected a model made by embedkit train-emojify, got a classifier of the kind "
            f"{predictor.kind}; embedkit classify asks it"
        )
    return predictor  # type: ignore[return-value]


def doubt(answer: EmojifiedText) -> str | None:
    """A warning about a text of which the model knows no word."""
    if not answer.guesses or answer.unknown < 1:
        return None
    best, text = answer.guesses[0], shorten(answer.text[: 4 * SHOWN], SHOWN, placeholder=" ...")
    return (
        f"the model knows no word of {plain(text)!r}; "
        f"{best.emoji} has a probability of {best.probability:.4f} without any"
    )


def as_text(answer: EmojifiedText, several: bool) -> str:
    """The text with its emoji; if `several` were asked for, the likeliest below it with probabilities."""
    lines = [
        f"  {padded(emoji, 2)}  {probability:.4f}  {name_of(emoji)}"
        for emoji, probability in answer.guesses
        if several
    ]
    return "\n".join([plain(answer.emojified, kept="\t"), *lines])


def as_json(answer: EmojifiedText, _: bool) -> str:
    """One object on one line."""
    guesses = [
        {"emoji": emoji, "name": name_of(emoji), "probability": round(probability, DIGITS)}
        for emoji, probability in answer.guesses
    ]
    content = {"text": answer.text, "emojified": answer.emojified, "emoji": guesses}
    return json_line({**content, "unknown_words": round(answer.unknown, DIGITS)})


def as_tsv(answer: EmojifiedText, _: bool) -> str:
    """A line an emoji: text, text with emoji, emoji, probability; the last two are empty if there is none."""
    guesses = [(emoji, f"{probability:.{DIGITS}f}") for emoji, probability in answer.guesses] or [("", "")]
    texts = f"{plain(answer.text)}\t{plain(answer.emojified)}"
    return "\n".join(f"{texts}\t{emoji}\t{probability}" for emoji, probability in guesses)


RENDERERS: dict[str, Callable[[EmojifiedText, bool], str]] = {"text": as_text, "json": as_json, "tsv": as_tsv}
