"""The font of emoji that ships, as a part of pages that show some: not every system has one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from embedkit import plots
from embedkit.explorer.parts import PageParts

LICENCE = "Emoji are Twemoji's, by Twitter and others, CC BY 4.0."
FONT = "twemoji.woff"  # of the package of plots
FIRST = "\u2600"  # the first character that is looked at more closely


def emoji_parts(words: Iterable[str]) -> PageParts:
    """The font, if any word holds an emoji, and what its license wants said.

    Example:
        >>> [list(emoji_parts([word]).arrays) for word in ("pizza", "🍕")]
        [[], ['emoji']]
    """
    from embedkit.text.emoji import list_emoji

    if not any(max(word, default="") >= FIRST and list_emoji(word) for word in words):
        return PageParts({})
    font = Path(str(plots.__file__)).with_name(FONT)
    return PageParts({"emoji": LICENCE}, {"emoji": np.frombuffer(font.read_bytes(), np.uint8)})
