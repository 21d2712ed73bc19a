"""ICU's tokenizer: words by Unicode Standard Annex 29, and by dictionaries where no blanks part them.

Chinese, Japanese, Thai, Lao, Khmer and Burmese are segmented by the dictionaries and models of ICU, which
come with the package icu4py; all other scripts by the rules for word boundaries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

from embedkit.errors import DependencyError, InputError
from embedkit.immutable import Immutable
from embedkit.text.formats.encodings import replace_surrogates
from embedkit.text.text_batches import text_batches
from embedkit.text.tokenization.span import Span
from embedkit.text.tokenization.token_kinds import Choice

if TYPE_CHECKING:
    from icu4py.breakers import WordBreaker

KIND = "icu"
LANGUAGE = re.compile("[a-z]{2,3}")
BATCH = 1 << 16  # characters segmented at once
NARROW_BLANK = "\u202f"  # of French numbers, which ICU takes for a part of words


@dataclass(frozen=True)
class IcuTokenizer(Immutable):
    r"""The words of ICU.

    Args:
        language: whose rules to follow, such as "ja", where it has its own; "" for those of all languages.
            Dictionaries are chosen by the script, whatever the language.
        punctuation: keep the tokens that have neither a letter nor a digit.

    Example:
        >>> from embedkit.text.tokenization.icu import IcuTokenizer
        >>> IcuTokenizer("th").tokenize("\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22, don't!")[1:]
        ['\u0e44\u0e17\u0e22', "don't"]
    """

    language: str = ""
    punctuation: bool = False
    _choice: Choice = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_language(self.language)
        object.__setattr__(self, "_choice", Choice(self.punctuation, "\n"))

    @property
    def name(self) -> str:
        """Either "icu" or, with a language, "icu:ja"."""
        return f"{KIND}:{self.language}" if self.language else KIND

    def tokenize(self, text: str) -> list[str]:
        """The tokens of one text."""
        return self._tokens(text.replace("\n", "\v"))

    def tokenize_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The tokens of each text; many short texts are segmented in one call, as lines."""
        for batch, _ in text_batches(texts, BATCH):
            yield from self._tokenize_lines(batch)

    def spans(self, text: str) -> list[Span]:
        """The tokens of one text and where they stand in it."""
        spans = []
        end = 0
        for segment in self._segments(text.replace("\n", "\v")):
            begin, end = end, end + len(segment)
            if token := self._choice[segment]:
                begin += segment.index(token)
                spans.append(Span(token, begin, begin + len(token)))
        return spans

    def recipe(self) -> dict[str, object]:
        """The name and the options, ready for JSON."""
        return {"tokenizer": self.name, "punctuation": self.punctuation}

    def _tokenize_lines(self, texts: list[str]) -> Iterator[list[str]]:
        lines = "\n".join([*texts, ""])
        if lines.count("\n") > len(texts):
            lines = "\n".join([*(text.replace("\n", "\v") for text in texts), ""])
        tokens = self._tokens(lines)
        end = -1
        for _ in texts:
            begin, end = end + 1, tokens.index("\n", end + 1)
            yield tokens[begin:end]

    def _tokens(self, text: str) -> list[str]:
        """The tokens, and the line feeds."""
        return list(filter(None, map(self._choice.__getitem__, self._segments(text))))

    def _segments(self, text: str) -> WordBreaker:
        """All of a text in pieces, each as long as what it stands for, and each line feed by itself."""
        from icu4py.breakers import WordBreaker

        return WordBreaker(
            replace_surrogates(text.replace("\r", "\v").replace(NARROW_BLANK, " ")), self.language
        )


def check_language(language: str) -> None:
    """Raise an error unless ICU is there and `language` may be a language, or is "" for all of them.

    Raises:
        InputError: `language` is no code of a language.
        DependencyError: icu4py is not installed.
    """
    if language and not LANGUAGE.fullmatch(language):
        raise InputError(f"{language!r} is no language; use icu for all languages, or a code as in icu:ja")
    if find_spec("icu4py") is None:
        raise DependencyError("icu4py is not installed: pip install 'embedkit[icu]'")
