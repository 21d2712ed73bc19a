"""Emoji in texts: where they are, their normal form and their names.

An emoji has many spellings: with or without the variation selector that asks for a picture, in six skin
tones, by a name between colons (`:red_heart:`, or an alias such as `:heart:`). Its normal form here is the
one that Unicode calls fully qualified (UTS #51), without skin tone, which tells of the writer and not of what
is said; a few emoji of two people have no form without, and keep theirs. Names and forms are those of the
package `emoji`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from embedkit.errors import InputError

SELECTORS = re.compile("[\ufe0e\ufe0f]")  # ask for text, or for a picture
TONES = re.compile("[\U0001f3fb-\U0001f3ff]")
NAMES = re.compile(r"(?=(:[^\s:]+:))")  # looked for from each colon, as a name may end where the next begins


class EmojiMatch(NamedTuple):
    """An emoji in a text: where its spelling begins and ends, and its normal form."""

    begin: int
    end: int
    emoji: str


def normal_emoji(spelling: str) -> str:
    """The normal form of a single emoji: "❤", "❤️", ":red_heart:" and ":heart:" all give "❤️".

    Raises:
        InputError: no emoji, or more than that.

    Example:
        >>> from embedkit.text.emoji import normal_emoji
        >>> normal_emoji(":joy:")
        '😂'
    """
    emoji = list_emoji(spelling)
    if len(emoji) != 1:
        raise InputError(
            f"expected one emoji, or its name such as :red_heart: between colons, got {spelling!r:.80}"
        )
    return emoji[0]


def list_emoji(text: str) -> list[str]:
    """The normal forms of emoji that stand side by side, perhaps parted by white space or commas.

    Empty if the text holds anything else.
    """
    others = without_emoji(text, "").replace(",", "").strip()
    return [] if others else [emoji for _, _, emoji in find_emoji(text)]


def find_emoji(text: str) -> Iterator[EmojiMatch]:
    """The emoji of a text in order, names between colons among them.

    Example:
        >>> from embedkit.text.emoji import find_emoji
        >>> [(match.begin, match.end, match.emoji) for match in find_emoji("ha 😂 :joy:")]
        [(3, 4, '😂'), (5, 10, '😂')]
    """
    if text.isascii() and ":" not in text:
        return
    place = 0
    for begin, end, spelling in sorted([*_characters(text), *_names(text)]):
        normal = _normal_form(spelling)
        if begin >= place and normal is not None:
            place = end + bool(SELECTORS.match(text, end))
            yield EmojiMatch(begin, place, normal)


def without_emoji(text: str, instead: str = " ") -> str:
    """The text with something else in the place of each emoji: "so ❤️!" gives "so  !"."""
    parts, place = [], 0
    for begin, end, _ in find_emoji(text):
        parts.append(text[place:begin])
        place = end
    return instead.join([*parts, text[place:]])


def name_of(emoji: str) -> str:
    """The English name of an emoji: "❤️" gives ":red_heart:"; of anything else the same text."""
    from emoji import demojize

    return demojize(emoji)


def _characters(text: str) -> Iterator[tuple[int, int, str]]:
    from emoji import emoji_list

    for match in emoji_list(text):
        yield match["match_start"], match["match_end"], match["emoji"]


def _names(text: str) -> Iterator[tuple[int, int, str]]:
    """Names between colons with the characters that they stand for."""
    from emoji import emojize

    for match in NAMES.finditer(text):
        meant = emojize(match[1], language="alias")
        if meant != match[1]:
            yield *match.span(1), meant


@cache
def _normal_form(spelling: str) -> str | None:
    """None of characters that are only parts of emoji, such as a skin tone."""
    forms = _qualified()
    bare = SELECTORS.sub("", spelling)
    return forms.get(TONES.sub("", bare)) or forms.get(bare)


@cache
def _qualified() -> dict[str, str]:
    """All emoji in their fully qualified form, by their characters without selectors."""
    from emoji import EMOJI_DATA, STATUS

    whole = (emoji for emoji, facts in EMOJI_DATA.items() if facts["status"] == STATUS["fully_qualified"])
    return {SELECTORS.sub("", emoji): emoji for emoji in whole}
