"""`Tokenizer`: what turns text into tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from embedkit.text.tokenization.span import Span


class Tokenizer(Protocol):
    """What turns text into tokens; no token is empty or holds white space."""

    @property
    def name(self) -> str:
        """What it is called on the command line: "words", "spacy:en"."""

    def tokenize(self, text: str) -> list[str]:
        """The tokens of one text."""

    def tokenize_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The tokens of each text, in the order of the texts."""

    def spans(self, text: str) -> list[Span]:
        """The tokens of one text with their places in it."""

    def recipe(self) -> dict[str, object]:
        """What makes it again elsewhere, ready for JSON."""
