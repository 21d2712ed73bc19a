"""Emoji as words of a vocabulary, however they are typed."""

from __future__ import annotations

from embedkit.text.emoji import SELECTORS, list_emoji
from embedkit.text.vocabulary import Vocabulary


def emoji_word(vocabulary: Vocabulary, typed: str) -> str | None:
    """The word of a vocabulary that is the emoji typed; None if there is none, or if no emoji was typed.

    An emoji typed with or without its variation selector, in any skin tone, or by its name, is found in the
    form that was typed but for the selector, else without skin tone: "❤", "❤️" and ":red_heart:" find "❤️",
    and a vocabulary of texts in which it is written without a selector has it as "❤".
    """
    found = list_emoji(typed)
    if len(found) != 1:
        return None
    forms = (typed, SELECTORS.sub("", typed), found[0], SELECTORS.sub("", found[0]))
    return next((form for form in forms if form in vocabulary), None)
