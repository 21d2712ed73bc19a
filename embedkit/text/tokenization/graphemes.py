"""The tokenizer `characters`: what a reader takes for one character, however many code points it has.

These are the extended grapheme clusters of Unicode Standard Annex 29, table 1c: a letter with its marks, a
syllable of Hangul jamo, a conjunct of an Indian script, a flag, an emoji with its modifiers and joiners.
Categories come from Python's `unicodedata`; what they do not tell stands below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import ClassVar

from embedkit.immutable import Immutable
from embedkit.text.tokenization.span import Span
from embedkit.text.tokenization.token_kinds import INVISIBLE, MARKS, Choice

# Sets of characters, as they stand between brackets in regular expressions.
_JOINERS = "\u200c\u200d"
_TONES_AND_TAGS = "\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
_VOWEL_SIGNS = "\u0e33\u0eb3"  # of Thai and Lao: go on with a character, and end a conjunct
_WITHIN = (  # spacing marks that may stand within a conjunct
    "\u09be\u09d7\u0b3e\u0b57\u0bbe\u0bd7\u0cc0\u0cc2\u0cc7\u0cc8\u0cca\u0ccb\u0cd5\u0cd6\u0d3e\u0d57"
    "\u0dcf\u0ddf\u1b35\u1b3b\u1b3d\u1b43\u1b44\u1baa\ua953\ua9c0"
)
_EXTENDING = f"{_JOINERS}\uff9e\uff9f{_TONES_AND_TAGS}{_VOWEL_SIGNS}"  # go on with a character as marks do
_APART = (  # marks of Burmese, Tai Tham and Ahom that are clusters of their own
    "\u102b\u102c\u1038\u1062-\u1064\u1067-\u106d\u1083\u1087-\u108c\u108f\u109a-\u109c\u1a61\u1a63\u1a64"
    "\uaa7b\uaa7d\U00011720\U00011721"
)
_PREPENDED = (  # signs of numbers and letters before which there is no boundary
    "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd\U000111c2\U000111c3\U0001193f"
    "\U00011941\U00011a3a\U00011a84-\U00011a89\U00011d46\U00011f02"
)
_LINKERS = (  # viramas, which join two consonants to one conjunct
    "\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d\u1039\u17d2\u1a60\u1b44\u1bab\ua9c0\uaaf6\U00010a3f\U00011133"
    "\U0001193e\U00011a47\U00011a99"
)
_CONSONANTS = (
    "\u0915-\u0939\u0958-\u095f\u0978-\u097f\u0995-\u09a8\u09aa-\u09b0\u09b2\u09b6-\u09b9\u09dc\u09dd\u09df"
    "\u09f0\u09f1\u0a95-\u0aa8\u0aaa-\u0ab0\u0ab2\u0ab3\u0ab5-\u0ab9\u0af9\u0b15-\u0b28\u0b2a-\u0b30\u0b32"
    "\u0b33\u0b35-\u0b39\u0b5c\u0b5d\u0b5f\u0b71\u0c15-\u0c28\u0c2a-\u0c39\u0c58-\u0c5a\u0d15-\u0d3a"
    "\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065\u1066\u106e-\u1070\u1075-\u1081\u108e"
    "\u1780-\u17b3\u1a20-\u1a54\u1b0b\u1b0c\u1b13-\u1b33\u1b45-\u1b4c\u1b83-\u1ba0\u1bae\u1baf\u1bbb-\u1bbd"
    "\ua989-\ua98b\ua98f-\ua9b2\ua9e0-\ua9e4\ua9e7-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa6f\uaa71-\uaa73\uaa7a\uaa7e"
    "\uaa7f\uaae0-\uaaea\uabc0-\uabda\U00010a00\U00010a10-\U00010a13\U00010a15-\U00010a17"
    "\U00010a19-\U00010a35\U00011103-\U00011126\U00011144\U00011147\U00011900-\U00011906\U00011909"
    "\U0001190c-\U00011913\U00011915\U00011916\U00011918-\U0001192f\U00011a00\U00011a0b-\U00011a32\U00011a50"
    "\U00011a5c-\U00011a83"
)
_PICTURES = (  # the blocks of pictographs, and the few that stand elsewhere
    "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff"
)
_FLAGS = "\U0001f1e6-\U0001f1ff"  # letters, of which two are a flag
# Hangul: initial consonants, vowels and final consonants; syllables of the first two, and of all three.
_INITIALS, _VOWELS = "\u1100-\u115f\ua960-\ua97c", "\u1160-\u11a7\ud7b0-\ud7c6"
_FINALS = "\u11a8-\u11ff\ud7cb-\ud7fb"
_OPEN, _CLOSED = "".join(map(chr, range(0xAC00, 0xD7A4, 28))), "\uac00-\ud7a3"


@dataclass(frozen=True)
class CharactersTokenizer(Immutable):
    r"""The characters of a text as readers count them; white space and what cannot be seen is none.

    Args:
        punctuation: keep the characters that have neither a letter nor a digit, emoji among them.

    Example:
        >>> from embedkit.text.tokenization.graphemes import CharactersTokenizer
        >>> CharactersTokenizer().tokenize("cafe\u0301!") == ["c", "a", "f", "e\u0301"]
        True
    """

    name: ClassVar[str] = "characters"
    punctuation: bool = False

    _choice: Choice = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_choice", Choice(self.punctuation))

    def tokenize(self, text: str) -> list[str]:
        """The tokens of one text."""
        characters = text if text.isascii() else _cluster().findall(text)
        return list(filter(None, map(self._choice.__getitem__, characters)))

    def tokenize_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The tokens of each text."""
        return map(self.tokenize, texts)

    def spans(self, text: str) -> list[Span]:
        """The tokens of one text and where they stand in it."""
        found = (Span(match[0], *match.span()) for match in _cluster().finditer(text))
        return [span for span in found if self._choice[span.token]]

    def recipe(self) -> dict[str, object]:
        """The name and the options, ready for JSON."""
        return {"tokenizer": self.name, "punctuation": self.punctuation}


@cache
def _cluster() -> re.Pattern[str]:
    """The expression of a cluster.

    Sets of the first plane are looked up in a table by `re`, sets beyond it are gone through one by one:
    where most characters pass, each is looked for in the former alone. Conjuncts are held together by at most
    thirty marks, so that no text takes long.
    """
    marks, hidden = _sets()
    plane = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x10000))))
    joining = f"{_VOWELS}{_FINALS}\U00010000-\U0010ffff"
    mark = f"(?:[{_within(plane, marks)}]|(?![\x00-\uffff])[{marks}])"
    spaced = (chr(code) for code in range(0x20000) if unicodedata.category(chr(code)) == "Mc")
    apart = _ranges([sign for sign in spaced if sign not in _WITHIN])
    within = f"(?![{_VOWEL_SIGNS}{apart}]){mark}"  # of a conjunct
    ordinary = _within(plane, rf"^\s{hidden}{marks}{_PREPENDED}{_PICTURES}{_INITIALS}{_VOWELS}{_FINALS}")
    core = "|".join(
        (
            f"[{_CONSONANTS}](?:{within}{{0,30}}[{_LINKERS}]{within}{{0,30}}[{_CONSONANTS}])*",
            f"[{ordinary}](?![{_VOWELS}{_FINALS}])",
            f"[{_FLAGS}]{{2}}",
            f"[{_PICTURES}](?:{mark}*\u200d[{_PICTURES}])*",
            f"[{_INITIALS}]*(?:[{_VOWELS}]+|[{_OPEN}][{_VOWELS}]*|[{_CLOSED}])[{_FINALS}]*",
            f"[{_INITIALS}]+|[{_FINALS}]+",
            rf"[^\s{hidden}{marks}{_PREPENDED}]",
        )
    )
    return re.compile(
        f"[{ordinary}](?![{_within(plane, marks)}{joining}])"  # most characters
        f"|[{_PREPENDED}]*(?:{core}){mark}*|[{_PREPENDED}]+{mark}*|{mark}+"
    )


def _sets() -> tuple[str, str]:
    """Two sets of characters: what goes on with a cluster; what cannot be seen, and ends it."""
    others = re.compile(f"[{_APART}{_EXTENDING}{_PREPENDED}]")
    marks: list[str] = []
    hidden: list[str] = []
    for character in map(chr, (*range(0x20000), *range(0xE0000, 0xE0200))):
        category = unicodedata.category(character)
        if category in (*MARKS, *INVISIBLE) and not others.match(character):
            (marks if category in MARKS else hidden).append(character)
    return _EXTENDING + _ranges(marks), _ranges(hidden)


def _within(characters: str, members: str) -> str:
    """The set of those of some characters that are in a set."""
    return _ranges(re.findall(f"[{members}]", characters))


def _ranges(characters: Iterable[str]) -> str:
    """Characters in order as a set: neighbors become a range, written as escapes."""
    codes = list(map(ord, characters))
    begins = [code for last, code in pairwise([-2, *codes]) if code != last + 1]
    ends = [code for code, after in pairwise([*codes, -2]) if after != code + 1]
    return "".join(rf"\U{begin:08x}-\U{end:08x}" for begin, end in zip(begins, ends, strict=True))
