"""Kinds of tokens: words, punctuation, and what nobody sees."""

from __future__ import annotations

import unicodedata

MARKS = ("Mn", "Mc", "Me")  # categories of Unicode
INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs")  # control, format, surrogates, separators
REMEMBERED = 1 << 18  # segments


def is_wordlike(token: str) -> bool:
    """Whether a token has a letter or a digit: true of "3rd" and "ß", false of "..." and of an emoji."""
    return any(map(str.isalnum, token))


def is_visible(token: str) -> bool:
    """Whether a token has a character that can be seen: false of "", of blanks and of zero-width signs."""
    return any(unicodedata.category(character) not in INVISIBLE for character in token)


class Choice(dict[str, str]):
    """The token that each segment of a text becomes, "" for none; chosen once a segment, then looked up.

    Args:
        punctuation: keep the segments that can be seen and have neither a letter nor a digit.
        kept: segments that stay what they are.
    """

    def __init__(self, punctuation: bool, *kept: str) -> None:
        super().__init__()
        self._kept = kept
        self._is_wanted = is_visible if punctuation else is_wordlike

    def __missing__(self, segment: str) -> str:
        if len(self) >= REMEMBERED:
            self.clear()
        token = segment.strip()
        if segment in self._kept:
            return segment
        self[segment] = chosen = token if self._is_wanted(token) else ""
        return chosen
