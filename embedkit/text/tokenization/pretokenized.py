"""Texts that are tokens or token ids already: joined by blanks, and the tokenizer that takes them apart.

Between the place where lists are given and the tokenizer a text of tokens is a string like any other, of a
type that tells what it is: whatever holds texts in lists holds these, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

import numpy as np

from embedkit.errors import InputError
from embedkit.text.formats.encodings import replace_surrogates
from embedkit.text.tokenization.span import Span
from embedkit.text.tokenization.whitespace import WhitespaceTokenizer

TextForm = Literal["texts", "tokens", "ids"]


class JoinedTokens(str):
    """The tokens of a text, joined by blanks; one with white space inside becomes several."""

    __slots__ = ()


class JoinedTokenIds(JoinedTokens):
    """The token ids of a text, joined by blanks, without 0, which is padding."""

    __slots__ = ()


@dataclass(frozen=True)
class PretokenizedTokenizer:
    """Takes texts apart that were joined of tokens, or of token ids.

    Example:
        >>> from embedkit.text.tokenization.pretokenized import PretokenizedTokenizer, joined_tokens
        >>> PretokenizedTokenizer().tokenize(joined_tokens([["Don't", "panic", "!"]])[0])
        ["Don't", 'panic', '!']
    """

    ids: bool = False

    @property
    def name(self) -> TextForm:
        """What it reads: "tokens" or "ids"."""
        return "ids" if self.ids else "tokens"

    def tokenize(self, text: str) -> list[str]:
        """The tokens of one text."""
        return text.split()

    def tokenize_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The tokens of each text."""
        return map(str.split, texts)

    def spans(self, text: str) -> list[Span]:
        """The tokens of one text with their places in it."""
        return WhitespaceTokenizer().spans(text)

    def recipe(self) -> dict[str, object]:
        """The name, ready for JSON."""
        return {"tokenizer": self.name}


def joined_tokens(rows: Sequence[Sequence[Any]]) -> list[JoinedTokens]:
    """Texts of lists of tokens, or of ids, of which 0 is padding.

    Raises:
        InputError: what is neither, ids below 0, or both together.

    Example:
        >>> from embedkit.text.tokenization.pretokenized import joined_tokens
        >>> joined_tokens([[12, 4, 0, 0], [7]])
        ['12 4', '7']
    """
    kinds = set(map(type, chain.from_iterable(rows)))
    if all(issubclass(kind, str) for kind in kinds):
        return [JoinedTokens(replace_surrogates(" ".join(row))) for row in rows]
    whole = {kind for kind in kinds if issubclass(kind, int | np.integer) and kind is not bool}
    for number, row in enumerate(rows):
        _check_ids(row, number, whole or {kind for kind in kinds if issubclass(kind, str)})
    return [JoinedTokenIds(" ".join(map(str, filter(None, row)))) for row in rows]


def _check_ids(row: Sequence[Any], number: int, kinds: set[type]) -> None:
    """Raise `InputError` for what is of other types than `kinds`, or less than 0."""
    for token in row:
        if type(token) not in kinds or not (isinstance(token, str) or token >= 0):
            advice = "; array.astype(int) makes ids of floats" if isinstance(token, float) else ""
            raise InputError(
                "expected tokens that are all strings, or ids that are all whole numbers of at least 0, got "
                f"{token!r:.40} in text {number} (counted from 0){advice}"
            )
