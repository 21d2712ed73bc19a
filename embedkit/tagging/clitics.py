"""Clitics of raw texts, parted as the training tokens part them: "don't" is "do" and "n't" in treebanks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_ENDING = re.compile("(?:n['\u2019]t|['\u2019]\\w{1,3})")  # 's, 'll, n't
_BEGINNING = re.compile("\\w{1,4}['\u2019]")  # l', qu'
MIN_COUNT = 2  # what occurs once may be a mistake


@dataclass(frozen=True)
class Clitics:
    """The clitics that stand alone among training tokens, in lower case.

    Args:
        beginnings: those that end with an apostrophe, such as l'.
        endings: those that begin with one, and n't.

    Example:
        >>> from embedkit.tagging.clitics import clitics_of
        >>> clitics = clitics_of([["I", "do", "n't"], ["Do", "n't", "!"]])
        >>> clitics.split(["He", "doesn't", "say", "it's", "n't"])
        ['He', 'does', "n't", 'say', "it's", "n't"]
    """

    beginnings: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()

    def split(self, tokens: Sequence[str]) -> list[str]:
        """The tokens, those with a clitic in two, or in three with one at either end."""
        return [part for token in tokens for part in self._parts(token)]

    def _parts(self, token: str) -> list[str]:
        lower = token.lower()
        first = next((len(own) for own in self.beginnings if lower.startswith(own) and lower != own), 0)
        last = next((len(own) for own in self.endings if lower[first:].endswith(own)), 0)
        end = len(token) - last if last < len(token) - first else len(token)
        return [part for part in (token[:first], token[first:end], token[end:]) if part]


def clitics_of(sentences: Iterable[Sequence[str]]) -> Clitics:
    """The clitics among the tokens of sentences, longer ones first."""
    counts = Counter(
        token.lower() for tokens in sentences for token in tokens if "'" in token or "\u2019" in token
    )
    known = [token for token, count in counts.items() if count >= MIN_COUNT]
    return Clitics(
        *(
            tuple(sorted(filter(kind.fullmatch, known), key=lambda own: (-len(own), own)))
            for kind in (_BEGINNING, _ENDING)
        )
    )
