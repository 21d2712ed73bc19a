"""Argument checks: words of the wrong type."""

from __future__ import annotations

from collections.abc import Iterable

from embedkit.errors import InputError


def checked_word(word: object) -> str:
    """`word`, or `InputError` if it is no string."""
    if not isinstance(word, str):
        raise InputError(f"expected a word, got {word!r}")
    return word


def checked_words(words: Iterable[object]) -> list[str]:
    """The words as a list, or `InputError` if one is no string, or if they are one string."""
    if isinstance(words, str):
        raise InputError(f"expected a list of words, got the string {words!r}")
    return list(map(checked_word, words))
