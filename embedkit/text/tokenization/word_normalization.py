"""Normalization of text before words are found in it: one spelling of a letter, an apostrophe, a hyphen.

The composed form (NFC), so that "é" is one letter however it was typed; one apostrophe and one hyphen for all
that look like them; letters for ligatures, presentation forms, full- and half-width letters; and no soft
hyphens, variation selectors, word joiners or byte order marks, which are invisible.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain

APOSTROPHES = "`\u00b4\u02bc\u2018\u2019\u201b\u2032\uff07"
HYPHENS = "\u2010\u2011"
IGNORED = ("\u00ad", "\u2060", "\ufeff", *map(chr, range(0xFE00, 0xFE10)))
_FORMS = chain(range(0xFB00, 0xFB07), range(0xFB13, 0xFB18), range(0xFB50, 0xFDFE), range(0xFE70, 0xFFE7))

REPLACEMENTS = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in _FORMS}
REPLACEMENTS = {form: letters for form, letters in REPLACEMENTS.items() if form != letters}
REPLACEMENTS |= dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(HYPHENS, "-") | dict.fromkeys(IGNORED, "")

_REPLACED = re.compile(f"[{''.join(map(re.escape, REPLACEMENTS))}]+")
_TABLE = str.maketrans(REPLACEMENTS)
_POSSESSIVE = re.compile(r"(?<=\b[^\W\d_])\.(?='s\b)", re.IGNORECASE)  # the last point of U.N.'s


def normalized(text: str) -> str:
    """The text in the spelling in which words are found.

    The dot that "İ" leaves over an i in lower case goes, as in "istanbul"; so does the last point of an
    abbreviation before 's.

    Example:
        >>> from embedkit.text.tokenization.word_normalization import normalized
        >>> normalized("don\u2018t \ufb01nd the U.N.'s caf\u0065\u0301")
        "don't find the U.N's café"
    """
    if text.isascii():
        text = text.replace("`", "'")
    else:
        text = unicodedata.normalize("NFC", _REPLACED.sub(_replacement, text)).replace("i\u0307", "i")
    return _POSSESSIVE.sub("", text) if ".'" in text else text


def _replacement(match: re.Match[str]) -> str:
    return match[0].translate(_TABLE)
