r"""The default tokenizer: words and numbers, and whatever else a reader takes for one, by one expression.

A word is a run of letters, digits and the marks that combine with them, and of what a reader takes for its
inner punctuation:

- an apostrophe or an underscore between two letters or digits: don't, O'Neill's, new_york;
- a hyphen, unless both neighbors are digits: state-of-the-art, covid-19, but 1939 and 1945 of "1939-1945";
- a point or a comma between digits, a slash too, a colon before two of them: 3.14, 1,000, 1/2/2020, 10:30;
- a point between single letters, and in degrees: U.S, e.g, Ph.D;
- an ampersand, asterisks or a dollar sign between letters: AT&T, f**k, ke$ha; Catalan's and Hebrew's signs.

One token each are addresses of the web and of mail, domains and names of files (node.js), @mentions, #tags,
C++ and C#, .NET, and what `pipeline.clean` writes in the place of such things: <url>. Everything else parts
words. Emoji with all that modifies them, and emoticons, are each one sign of punctuation.

Text is first brought to one spelling (`word_normalization`). Scripts written without spaces between words
need a tokenizer of their language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from embedkit.errors import InputError
from embedkit.text.tokenization import words_version_1
from embedkit.text.tokenization.aligned import AlignedText
from embedkit.text.tokenization.span import Span
from embedkit.text.tokenization.word_normalization import normalized
from embedkit.text.tokenization.word_patterns import full_pattern, special_runs, usual_pattern

VERSION = 2  # of the rules; `words_version_1` has those before


@dataclass(frozen=True)
class WordsTokenizer:
    """Words and numbers, and punctuation on request (one sign, one token).

    Args:
        punctuation: keep every sign that is neither white space nor part of a word, as a token of its own.
        version: of the rules; those of version 1 are for files that were made with them.

    Example:
        >>> from embedkit.text.tokenization.words import WordsTokenizer
        >>> WordsTokenizer().tokenize("Don't panic: AT&T uses C++ at 10:30!")
        ["Don't", 'panic', 'AT&T', 'uses', 'C++', 'at', '10:30']
    """

    name: ClassVar[str] = "words"
    punctuation: bool = False
    version: int = VERSION

    def __post_init__(self) -> None:
        if not 1 <= self.version <= VERSION:
            raise InputError(
                f"the rules of words have the versions 1 to {VERSION}, got {self.version!r}; upgrade embedkit"
            )

    def tokenize(self, text: str) -> list[str]:
        """The tokens of one text."""
        if self.version == 1:
            return words_version_1.find_words(text, self.punctuation)
        text = normalized(text)
        plain = text.isascii()
        usual, full = usual_pattern(plain, self.punctuation), full_pattern(plain, self.punctuation)
        tokens: list[str] = []
        place = 0
        for begin, end in special_runs(text):
            tokens += usual.findall(text, place, begin)
            tokens += filter(None, full.findall(text, begin, end))
            place = end
        return tokens + usual.findall(text, place)

    def tokenize_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The tokens of each text."""
        return map(self.tokenize, texts)

    def tokenize_runs(self, text: str) -> list[list[str]]:
        """The tokens of each line of a text whose lines hold few characters and seldom only usual ones."""
        text = normalized(text)
        found = full_pattern(text.isascii(), self.punctuation).findall
        return [list(filter(None, found(line))) for line in text.split("\n")]

    def spans(self, text: str) -> list[Span]:
        """The tokens of one text with their places in it."""
        first = self.version == 1
        aligned = AlignedText.of(text).normalized(words_version_1.normalized if first else normalized)
        pattern_for = words_version_1.word_pattern if first else full_pattern
        pattern = pattern_for(aligned.text.isascii(), self.punctuation)
        wanted = 0 if first or self.punctuation else 1
        matches = pattern.finditer(aligned.text)
        return [aligned.span(*match.span(wanted)) for match in matches if match[wanted]]

    def recipe(self) -> dict[str, object]:
        """The name and the options, ready for JSON."""
        return {"tokenizer": self.name, "version": self.version, "punctuation": self.punctuation}


def is_number(token: str) -> bool:
    """Whether a token has digits and no letter: true of "3.14", false of "3rd" and of "-"."""
    return any(map(str.isnumeric, token)) and not any(map(str.isalpha, token))
