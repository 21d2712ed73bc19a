"""Lone surrogates, which UTF-8 cannot hold: replaced before a text is handed to another library."""

from __future__ import annotations

import re

from embedkit.text.encodings import REPLACEMENT

LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """The text, of the same length, with the replacement character U+FFFD for each lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return LONE_SURROGATES.sub(REPLACEMENT, text)
    return text
