"""`TokenSet`: the characters, words or subwords of one side, and texts as their numbers and back.

Subwords and words that begin behind a blank carry a mark in its place, so that tokens joined give the text
again: "Yes, sir." has the words "_Yes" "," "_sir" "." (with U+2581 for the underscore).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from embedkit.errors import InputError
from embedkit.progress import SILENT, Progress
from embedkit.translation.parameters import SequenceTokens, SequenceUnit

if TYPE_CHECKING:
    from embedkit.text.tokenization.subwords import SubwordTokenizer

END, UNKNOWN, BEGIN = range(3)  # numbers of special tokens
SPECIAL = ("", "<unk>", "<s>")
BLANK = "\u2581"
WORD = re.compile(rf"{BLANK}?\w+|{BLANK}?[^\w{BLANK}]|{BLANK}")


class TokenSet:
    """The tokens of one side.

    Args:
        unit: what they are.
        tokens: all, the special ones first, by falling counts.
        tokenizer: of subwords, else None.
        lowercase: whether text is lowered.
    """

    def __init__(
        self,
        unit: SequenceUnit,
        tokens: Sequence[str],
        tokenizer: SubwordTokenizer | None = None,
        lowercase: bool = False,
    ) -> None:
        self.unit, self.tokens, self.tokenizer, self.lowercase = unit, tuple(tokens), tokenizer, lowercase
        self._numbers = {token: number for number, token in enumerate(self.tokens)}

    def __len__(self) -> int:
        return len(self.tokens)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self):,} {self.unit}>"

    def split(self, texts: Iterable[str]) -> list[list[str]]:
        """The tokens of texts, known or not.

        Example:
            >>> from embedkit.translation.token_sets import SPECIAL, TokenSet
            >>> words = TokenSet("words", SPECIAL).split(["Yes, sir."])
            >>> [word.replace("\u2581", "_") for word in words[0]]
            ['_Yes', ',', '_sir', '.']
        """
        return split_texts(texts, self.unit, self.tokenizer, self.lowercase)

    def encode(self, texts: Iterable[str]) -> list[list[int]]:
        """The numbers of the tokens of texts, without an end."""
        get = self._numbers.get
        return [[get(token, UNKNOWN) for token in tokens] for tokens in self.split(texts)]

    def surfaces(self, text: str) -> list[str]:
        """The tokens of a text as they stand in it, also where no token is known for a piece."""
        if self.tokenizer is None:
            return self.split([text])[0]
        return [
            span.token if span.token not in SPECIAL else text[span.begin : span.end]
            for span in self.tokenizer.spans(text)
        ]

    def decode(self, numbers: Iterable[int], unknown: Mapping[int, str] | None = None) -> str:
        """The text of numbers; what stands in `unknown` for a place is taken for the token there.

        Example:
            >>> from embedkit.translation.token_sets import SPECIAL, TokenSet
            >>> words = TokenSet("words", [*SPECIAL, "\u2581a", "\u2581rose"])
            >>> words.decode([3, 4]), words.decode([3, 1], {1: "\u2581tulip"})
            ('a rose', 'a tulip')
        """
        copied = unknown or {}
        tokens = [copied.get(place, self.tokens[number]) for place, number in enumerate(numbers)]
        if self.unit == "characters":
            return "".join(tokens)
        marked = (BLANK + token if token == SPECIAL[UNKNOWN] else token for token in tokens)
        return " ".join("".join(marked).replace(BLANK, " ").split())


def split_texts(
    texts: Iterable[str], unit: SequenceUnit, tokenizer: SubwordTokenizer | None, lowercase: bool
) -> list[list[str]]:
    """The tokens of texts."""
    if tokenizer is not None:
        return [list(tokens) for tokens in tokenizer.tokenize_all(texts)]
    lowered = map(str.lower, texts) if lowercase else texts
    if unit == "characters":
        return list(map(list, lowered))
    return [WORD.findall("".join(BLANK + word for word in text.split())) for text in lowered]


def learn_tokens(
    sources: Sequence[str], targets: Sequence[str], parameters: SequenceTokens, progress: Progress = SILENT
) -> tuple[TokenSet, TokenSet]:
    """The tokens of both sides, learned from their texts.

    Raises:
        InputError: a side without any token.
        DependencyError: subwords without the package `tokenizers`.
    """
    units = (parameters.source_tokens or parameters.tokens, parameters.target_tokens or parameters.tokens)
    sides = (sources, targets)
    shared = None
    if parameters.joint and units == ("subwords", "subwords"):
        shared = _tokenizer([*sources, *targets], parameters, progress)
    sets = []
    for name, unit, texts in zip(("sources", "targets"), units, sides, strict=True):
        tokenizer = shared
        if unit != "subwords":
            tokenizer = None
        elif tokenizer is None:
            tokenizer = _tokenizer(texts, parameters, progress)
        counts = Counter(chain.from_iterable(split_texts(texts, unit, tokenizer, parameters.lowercase)))
        if not counts:
            raise InputError(f"expected text to learn from, got none: the {name} have no token")
        sets.append(TokenSet(unit, _kept(counts, parameters), tokenizer, parameters.lowercase))
    return sets[0], sets[1]


def _kept(counts: Mapping[str, int], parameters: SequenceTokens) -> list[str]:
    """The special tokens, and the others by falling counts, ties by spelling."""
    ranked = sorted((-count, token) for token, count in counts.items() if token not in SPECIAL)
    frequent = [token for count, token in ranked if -count >= parameters.min_count]
    return [*SPECIAL, *frequent[: parameters.vocabulary_size]]


def _tokenizer(texts: Sequence[str], parameters: SequenceTokens, progress: Progress) -> SubwordTokenizer:
    from embedkit.text.reading.texts import Texts
    from embedkit.text.subword_training import train_tokenizer

    given = Texts([" ".join(text.split()) for text in texts if text.strip()])
    return train_tokenizer(
        given, vocabulary_size=parameters.vocabulary_size, lowercase=parameters.lowercase, progress=progress
    )
