"""`emojify`: texts with the predicted emoji added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from embedkit.emoji.predictor import EmojiGuess, EmojiPredictor
from embedkit.models.assessment.occlusion import MOST, occlusions
from embedkit.models.inference.predictor import Texts
from embedkit.text.emoji import find_emoji, without_emoji

if TYPE_CHECKING:
    from embedkit.emoji.emojifier import Emojifier

Place = Literal["end", "inline"]


class EmojifiedText(NamedTuple):
    """A text, the same with its emoji, the likeliest emoji, and the share of its words that are unknown.

    Without a guess there was nothing to read; `unknown` is then 1.
    """

    text: str
    emojified: str
    guesses: Sequence[EmojiGuess]
    unknown: float


def emojify(
    model: Emojifier | EmojiPredictor,
    texts: Texts,
    top: int = 1,
    place: Place = "end",
    threshold: float = 0.0,
) -> Iterator[EmojifiedText]:
    """The texts with the likeliest emoji of each, if it is as likely as `threshold` and not there already.

    Args:
        model: an emojifier, or its predictor.
        texts: as many as there are.
        top: how many of the likeliest emoji to tell of each.
        place: "end" for after the text, "inline" for after the word that speaks most for the emoji.
        threshold: a probability.

    Example:
        >>> import embedkit
        >>> [answer] = embedkit.emojify(embedkit.load_predictor("emojify"), ["I want pizza"])
        >>> answer.emojified
        'I want pizza 🍴'
    """
    predictor: EmojiPredictor = getattr(model, "predictor_", model)
    texts = list(texts)
    shares = predictor.unknown_shares(texts).tolist()
    for text, guesses, unknown in zip(texts, predictor.predict_top(texts, top), shares, strict=True):
        if not without_emoji(text).strip():
            yield EmojifiedText(text, text, [], unknown)
            continue
        best = guesses[0]
        there = {emoji.emoji for emoji in find_emoji(text)}
        added = best.probability >= threshold and best.emoji not in there
        emojified = _inserted(predictor, text, best.emoji, place) if added else text
        yield EmojifiedText(text, emojified, guesses, unknown)


def _inserted(predictor: EmojiPredictor, text: str, emoji: str, place: Place) -> str:
    """The text with an emoji after its end, or after the word that speaks most for it."""
    end = len(text.rstrip())
    if place == "inline" and len(text.split()) <= MOST:
        words = occlusions(predictor, text, predictor.classes.tolist().index(emoji))
        strongest = max(words, key=lambda word: word.effect)
        end = strongest.end if strongest.effect > 0 else end
    return f"{text[:end]} {emoji}{text[end:]}"
