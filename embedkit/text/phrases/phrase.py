"""`Phrase`: words that are one."""

from __future__ import annotations

from typing import NamedTuple

DELIMITER = "_"


class Phrase(NamedTuple):
    """Words that are one, how strongly they belong together, and how often they stood together."""

    words: tuple[str, ...]
    score: float
    frequency: int

    @property
    def token(self) -> str:
        """The words as one: "new_york"."""
        return DELIMITER.join(self.words)
