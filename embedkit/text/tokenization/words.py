r"""The default tokenizer: words and numbers, matched by one compiled regular expression.

A word is a run of letters, digits and the marks that combine with them, and of what a reader takes for its
inner punctuation:

- an apostrophe or an underscore between two letters or digits: don't, O'Neill's, new_york;
- a hyphen, unless both neighbours are digits: state-of-the-art, covid-19, but 1939 and 1945 of "1939-1945";
- a point or a comma between digits: 3.14, 1,000; a point between single letters: U.S, e.g.

Everything else parts words. Curly apostrophes become straight ones, the hyphens U+2010 and U+2011 become "-",
soft hyphens and variation selectors vanish, and the text is brought to Unicode's composed form (NFC) first,
so that "é" is one letter however it was typed. Scripts written without spaces between words need a tokenizer
of their language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from itertools import chain
from typing import ClassVar

_INNER = r"""
    (?: ['_]
      | - (?: (?<!\d-) | (?!\d) )
      | [.,] (?<=\d.) (?=\d)
      | \. (?<=\b[^\W\d_]\.) (?=[^\W\d_]\b)
    )
"""
_JOINERS = "\u200c\u200d"  # zero-width joiners that Persian and the scripts of India write inside words
REPLACEMENTS = {"\u2019": "'", "\u2010": "-", "\u2011": "-", "\u00ad": ""}  # apostrophe, hyphens, soft hyphen
REPLACEMENTS |= dict.fromkeys(map(chr, range(0xFE00, 0xFE10)), "")  # variation selectors


@dataclass(frozen=True)
class WordsTokenizer:
    """Words and numbers, and punctuation on request (one character, one token).

    Args:
        lowercase: lower the case of everything.
        numbers: keep the tokens that have no letter, such as 1984 and 3.14.
        punctuation: keep every character that is neither a space nor part of a word, as a token of its own.
    """

    name: ClassVar[str] = "words"
    lowercase: bool = True
    numbers: bool = True
    punctuation: bool = False

    def tokenize(self, text: str) -> list[str]:
        """The tokens of one text: "Don't panic!" gives ["don't", "panic"]."""
        if self.lowercase:
            text = text.lower()
        plain = text.isascii()
        pattern = _pattern(plain, self.punctuation)
        tokens: list[str] = pattern.findall(text if plain else normalize(text))
        return tokens if self.numbers else [token for token in tokens if not is_number(token)]

    def tokenize_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The tokens of each text."""
        return map(self.tokenize, texts)

    def recipe(self) -> dict[str, object]:
        """The name and the options, ready for JSON."""
        return {"name": self.name, **asdict(self)}


def normalize(text: str) -> str:
    """The text in NFC, with one apostrophe, one hyphen, no soft hyphens and no variation selectors."""
    text = unicodedata.normalize("NFC", text)
    for character, replacement in REPLACEMENTS.items():
        text = text.replace(character, replacement)
    return text


def is_number(token: str) -> bool:
    """Whether a token has digits and no letter: true of "3.14", false of "3rd" and of "-"."""
    return any(map(str.isnumeric, token)) and not any(map(str.isalpha, token))


@cache
def _pattern(plain: bool, punctuation: bool) -> re.Pattern[str]:
    """The expression that finds tokens; on ASCII text the `plain` one finds the same in half the time."""
    part = "[0-9A-Za-z]+" if plain else _unicode_part()
    other = r"|\S" if punctuation else ""
    return re.compile(f"{part}(?:{_INNER}{part})*{other}", re.VERBOSE)


def _unicode_part() -> str:
    r"""Letters and digits (`[^\W_]`) and marks after any of them; the look-ahead spares ASCII that class."""
    return rf"[^\W_]+(?:(?=[\u0300-\U0010ffff])[{word_marks()}]+[^\W_]*)*"


def word_marks() -> str:
    """What goes on with a word without being a letter or a digit: Unicode's marks, zero-width joiners."""
    characters = map(chr, chain(range(0x300, 0x1F000), range(0xE0100, 0xE01F0)))  # where the marks are
    return "".join(mark for mark in characters if unicodedata.category(mark).startswith("M")) + _JOINERS
