r"""The rules of `words` in recipes of version 1, kept for the vectors, corpora and models that name them.

A word is a run of letters, digits and the marks that combine with them, with an inner apostrophe or
underscore between two letters or digits, a hyphen unless both neighbors are digits, a point or a comma
between digits, and a point between single letters. Addresses, tags and names such as C++ fall apart.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from embedkit.text.tokenization.word_marks import PLAIN_PART, word_part

REPLACEMENTS = {"\u2019": "'", "\u2010": "-", "\u2011": "-", "\u00ad": ""}  # apostrophe, hyphens, soft hyphen
REPLACEMENTS |= dict.fromkeys(map(chr, range(0xFE00, 0xFE10)), "")  # variation selectors

_INNER = r"""
    (?: ['_]
      | - (?: (?<!\d-) | (?!\d) )
      | [.,] (?<=\d.) (?=\d)
      | \. (?<=\b[^\W\d_]\.) (?=[^\W\d_]\b)
    )
"""


def find_words(text: str, punctuation: bool) -> list[str]:
    """The words of a text, and each other character but white space if `punctuation` is kept."""
    words: list[str] = word_pattern(text.isascii(), punctuation).findall(normalized(text))
    return words


def normalized(text: str) -> str:
    """The text in NFC, with one apostrophe, one hyphen, no soft hyphens and no variation selectors."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    for character, replacement in REPLACEMENTS.items():
        text = text.replace(character, replacement)
    return text


@cache
def word_pattern(plain: bool, punctuation: bool) -> re.Pattern[str]:
    """The expression for words; `plain` text is ASCII."""
    part = PLAIN_PART if plain else word_part()
    other = r"|\S" if punctuation else ""
    return re.compile(f"{part}(?:{_INNER}{part})*{other}", re.VERBOSE)
