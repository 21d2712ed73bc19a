"""Texts with the emoji that a model puts to them, as text, JSON or TSV."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Literal, NamedTuple

from embedkit.errors import InputError
from embedkit.text.emoji import find_emoji, name_of, without_emoji
from embedkit_cli.classifiers.models import EMOJIFY
from embedkit_cli.query.output import DIGITS, padded, plain

if TYPE_CHECKING:
    from embedkit.emoji.emojifier import Emojifier, Guess

SHIPPED = "emojify.safetensors"
SHOWN = 60  # signs of a text that a warning repeats

Place = Literal["end", "inline"]


class Emojified(NamedTuple):
    """A text, the same with its emoji, the likeliest emoji, and the share of its words that are unknown.

    Without a guess there was nothing to read; `unknown` is then 1.
    """

    text: str
    emojified: str
    guesses: Sequence[Guess]
    unknown: float


def open_emojifier(path: Path | None) -> Emojifier:
    """The model in a file, or the one that ships."""
    from embedkit.model_files import load_model
    from embedkit.shipped_files import shipped_path

    model = load_model(shipped_path(SHIPPED) if path is None else path)
    if model.kind != EMOJIFY:
        raise InputError(
            f"{path}: expected a model made by embedkit train-emojify, got a classifier of the kind "
            f"{model.kind}; embedkit classify asks it"
        )
    return model  # type: ignore[return-value]


def emojify(
    model: Emojifier, texts: Sequence[str], top: int, place: Place, threshold: float
) -> Iterator[Emojified]:
    """The texts with the likeliest emoji of each, if it is as likely as `threshold` and not there already."""
    shares = model.unknown_shares(texts).tolist()
    for text, guesses, unknown in zip(texts, model.predict_top(texts, top), shares, strict=True):
        if not without_emoji(text).strip():
            yield Emojified(text, text, [], unknown)
            continue
        best = guesses[0]
        there = {found.emoji for found in find_emoji(text)}
        added = best.probability >= threshold and best.emoji not in there
        yield Emojified(text, _with(model, text, best.emoji, place) if added else text, guesses, unknown)


def doubt(found: Emojified) -> str | None:
    """A warning about a text of which the model knows no word."""
    if not found.guesses or found.unknown < 1:
        return None
    best = found.guesses[0]
    return (
        f"the model knows no word of {plain(shorten(found.text[: 4 * SHOWN], SHOWN, placeholder=' ...'))!r}; "
        f"{best.emoji} has a probability of {best.probability:.4f} without any"
    )


def as_text(found: Emojified, several: bool) -> str:
    """The text with its emoji; if `several` were asked for, the likeliest below it with probabilities."""
    lines = [
        f"  {padded(emoji, 2)}  {likely:.4f}  {name_of(emoji)}" for emoji, likely in found.guesses if several
    ]
    return "\n".join([plain(found.emojified), *lines])


def as_json(found: Emojified, _: bool) -> str:
    """One object on one line."""
    guesses = [
        {"emoji": emoji, "name": name_of(emoji), "probability": round(likely, DIGITS)}
        for emoji, likely in found.guesses
    ]
    content = {"text": found.text, "emojified": found.emojified, "emoji": guesses}
    return json.dumps({**content, "unknown_words": round(found.unknown, DIGITS)}, ensure_ascii=False)


def as_tsv(found: Emojified, _: bool) -> str:
    """A line an emoji: text, text with emoji, emoji, probability; the last two are empty if there is none."""
    guesses = [(emoji, f"{likely:.{DIGITS}f}") for emoji, likely in found.guesses] or [("", "")]
    texts = f"{plain(found.text)}\t{plain(found.emojified)}"
    return "\n".join(f"{texts}\t{emoji}\t{likely}" for emoji, likely in guesses)


RENDERERS: dict[str, Callable[[Emojified, bool], str]] = {"text": as_text, "json": as_json, "tsv": as_tsv}


def _with(model: Emojifier, text: str, emoji: str, place: Place) -> str:
    """The text with an emoji after its end, or after the word that speaks most for it."""
    from embedkit.models.assessment.occlusion import MOST, occlusions

    end = len(text.rstrip())
    if place == "inline" and len(text.split()) <= MOST:
        words = occlusions(model, text, model.classes_.tolist().index(emoji))
        strongest = max(words, key=lambda word: word.effect)
        end = strongest.end if strongest.effect > 0 else end
    return f"{text[:end]} {emoji}{text[end:]}"
