"""`WhitespaceTokenizer`: whatever stands between white space, for text that is tokenized already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from embedkit.text.tokenization.span import Span

_TOKEN = re.compile(r"\S+")


@dataclass(frozen=True)
class WhitespaceTokenizer:
    """Whatever stands between white space.

    Example:
        >>> from embedkit.text.tokenization.whitespace import WhitespaceTokenizer
        >>> WhitespaceTokenizer().tokenize("A-1, b")
        ['A-1,', 'b']
    """

    name: ClassVar[str] = "whitespace"

    def tokenize(self, text: str) -> list[str]:
        """The tokens of one text."""
        return text.split()

    def tokenize_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The tokens of each text."""
        return map(str.split, texts)

    def spans(self, text: str) -> list[Span]:
        """The tokens of one text with their places in it."""
        return [Span(match[0], *match.span()) for match in _TOKEN.finditer(text)]

    def recipe(self) -> dict[str, object]:
        """The name, ready for JSON."""
        return {"tokenizer": self.name}
