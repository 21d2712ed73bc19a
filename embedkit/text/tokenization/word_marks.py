"""What goes on with a word without being a letter or a digit: marks and joiners; and the parts of words."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import chain

import numpy as np

JOINERS = "\u200c\u200d"  # zero-width joiners that Persian and the scripts of India write inside words
PLAIN_PART = "[0-9A-Za-z]+"  # `word_part` of ASCII text, at half the time


@cache
def word_part() -> str:
    r"""An expression for letters and digits (`[^\W_]`) and marks after any of them.

    The look-ahead spares ASCII text the class of all marks.
    """
    return rf"[^\W_]+(?:(?=[\u0300-\U0010ffff])[{_ranges(word_marks())}]+[^\W_]*)*"


def _ranges(characters: str) -> str:
    """The characters as ranges of a class in an expression, which is read faster: "abcx" gives "a-cx-x"."""
    codes = np.array(sorted(map(ord, characters)))
    runs = np.split(codes, np.flatnonzero(np.diff(codes) > 1) + 1)
    return "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in runs)


@cache
def word_marks() -> str:
    """All characters that go on with a word without being a letter or a digit."""
    characters = list(map(chr, chain(range(0x300, 0x1F000), range(0xE0100, 0xE01F0))))  # where the marks are
    categories = map(unicodedata.category, characters)
    marks = [mark for mark, category in zip(characters, categories, strict=True) if category[0] == "M"]
    return "".join(marks) + JOINERS
