"""`emojify`: texts with the predicted emoji added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from embedkit.emoji.predictor import EmojiGuess, EmojiPredictor
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count
from embedkit.models.assessment.occlusion import MAX_WORDS, occlusions
from embedkit.models.columns import checked_texts
from embedkit.models.inference.predictor import TextSequence, predictor_of
from embedkit.text.emoji import find_emoji, without_emoji
from embedkit.text.label_words import PREFIX, without_labels

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
    texts: TextSequence,
    *,
    top: int = 1,
    insert: Place = "end",
    threshold: float = 0.0,
) -> Iterator[EmojifiedText]:
    """The texts with the likeliest emoji of each, if it is as likely as `threshold` and not there already.

    fastText's labels in a text, words that begin with `__label__`, stay there without being read.

    Args:
        model: an emojifier, or its predictor.
        texts: as many as there are.
        top: how many of the likeliest emoji to tell of each.
        insert: "end" for after the text, "inline" for after the word that speaks most for the emoji.
        threshold: a probability.

    Raises:
        InputError: anything but texts, a trained emojifier, and settings as they are described.

    Example:
        >>> import embedkit
        >>> [answer] = embedkit.emojify(embedkit.load_predictor("emojify"), ["I want pizza"])
        >>> answer.emojified
        'I want pizza 🍴'
    """
    check_count("top", top)
    if insert not in get_args(Place):
        raise InputError(f"insert must be one of {', '.join(map(repr, get_args(Place)))}, got {insert!r}")
    if not 0 <= threshold <= 1:
        raise InputError(f"threshold must be a probability, from 0 to 1, got {threshold!r}")
    predictor = predictor_of(model, EmojiPredictor)
    return _emojified(predictor, checked_texts(texts), top, insert, threshold)


def _emojified(
    predictor: EmojiPredictor, texts: list[str], top: int, place: Place, threshold: float
) -> Iterator[EmojifiedText]:
    read = list(map(without_labels, texts))
    for text, words, guesses, unknown in zip(texts, read, *predictor.guess(read, top), strict=True):
        if not without_emoji(words).strip():
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
    if place == "inline" and len(text.split()) <= MAX_WORDS:
        words = occlusions(predictor, text, predictor.classes.tolist().index(emoji))
        read = [word for word in words if not text.startswith(PREFIX, word.begin)]
        strongest = max(read, key=lambda word: word.effect)
        end = strongest.end if strongest.effect > 0 else end
    return f"{text[:end]} {emoji}{text[end:]}"
