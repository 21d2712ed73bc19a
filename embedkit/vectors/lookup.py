"""Vocabulary look-up: words that users type, of texts, of word lists and of benchmarks.

What each forgives differs, so each is a function or a class of its own here:

- typed words (`WordLookup`) and their sums (`ExpressionLookup`): exact, then with composed accents, in lower
  case if the vectors are so, then as an emoji; what is unknown raises with close spellings;
- words of texts (`KnownWords`) and of word lists (`known_form`): exact, then in lower case if the vectors
  are so;
- words of benchmarks (`RowLookup`): exact, or as a fold of case spells both sides, among the first rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import InputError, UnknownWordError
from embedkit.text.emoji import SELECTORS, list_emoji
from embedkit.text.pipeline.normalize import recipe_lowercases
from embedkit.text.tokenization.word_normalization import normalized
from embedkit.text.tokenization.words import is_number
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.checks import checked_word, checked_words
from embedkit.vectors.expression_parser import parse_expression, spaced_out
from embedkit.vectors.expressions import Expression
from embedkit.vectors.word_vectors import WordVectors

UNKNOWN = -1  # the row of a word that is not in the vocabulary
HINTED = 20  # unknown words that get close spellings; for thousands, those would take longer than the answers
SAMPLE = 10_000  # frequent words among which cased vectors have some with a capital

INVISIBLE = re.compile("[\u200b\u200e\u200f]")

Fold = Callable[[str], str]


class WordLookup:
    """Finds words as people type them in the vocabulary of vectors, as the commands do.

    A word is looked up as typed, then with composed accents and straight apostrophes, in lower case if the
    vectors are of lower-cased text, and without invisible characters; an emoji in any skin tone, with or
    without its variation selector, or by its name such as :pizza:.

    Args:
        vectors: the vectors.
        hinted: how many unknown words get close spellings, which take milliseconds each.

    Example:
        >>> from embedkit import Embeddings, WordLookup
        >>> lookup = WordLookup(Embeddings([[1, 0], [0, 1]], ["paris", "❤"]))
        >>> lookup.words(["Paris", ":red_heart:"])
        ('paris', '❤')
    """

    def __init__(self, vectors: WordVectors, hinted: int = HINTED) -> None:
        self._vectors = vectors
        self._hinted = hinted
        self._unknown = 0

    def words(self, typed: Iterable[str]) -> tuple[str, ...]:
        """Several words as the vocabulary spells them; an unknown one raises as `word` does."""
        return tuple(map(self.word, checked_words(typed)))

    def word(self, typed: str) -> str:
        """A word as the vocabulary spells it.

        Raises:
            UnknownWordError: it has none like it; the first few times with the closest spellings.
            InputError: an emoji that it has not.
        """
        if (known := self._known(checked_word(typed))) is not None:
            return known
        if self._vectors.subwords is not None:
            return INVISIBLE.sub("", normalized(self._plain(typed)))
        if list_emoji(typed):
            raise InputError(
                f"{typed!r} is not in the vocabulary; embedkit emoji-vectors adds emoji that words describe"
            )
        self._unknown += 1
        raise UnknownWordError(typed, self._suggestions(typed) if self._unknown <= self._hinted else ())

    def by_subwords(self, words: Iterable[str]) -> dict[str, str]:
        """Those of the words found that are not in the vocabulary, and the kind of subwords that know them.

        Example:
            >>> from embedkit import Embeddings, WordLookup
            >>> WordLookup(Embeddings([[1, 0], [0, 1]], ["paris", "❤"])).by_subwords(["paris"])
            {}
        """
        vectors = self._vectors
        if vectors.subwords is None:
            return {}
        return {word: vectors.subwords.kind for word in words if word not in vectors.vocabulary}

    def _known(self, typed: str) -> str | None:
        """A word as the vocabulary spells it; None if it has none like it."""
        vocabulary, plain = self._vectors.vocabulary, self._plain(typed)
        forms = (typed, unicodedata.normalize("NFC", plain), INVISIBLE.sub("", normalized(plain)))
        return _first_known(vocabulary, forms) or emoji_word(vocabulary, typed)

    def _plain(self, typed: str) -> str:
        return typed.lower() if self._lowercase else typed

    def _suggestions(self, typed: str) -> tuple[str, ...]:
        return self._vectors.vocabulary.suggestions(typed)

    @cached_property
    def _lowercase(self) -> bool:
        return is_lowercase(self._vectors)


class ExpressionLookup(WordLookup):
    """Finds words and expressions as people type them: sums such as king - man + woman.

    What is found is written so that `Embeddings.neighbors` and others take it for what it was.

    Example:
        >>> from embedkit import Embeddings
        >>> lookup = ExpressionLookup(Embeddings([[1, 0], [0, 1], [1, 1]], ["paris", "rome", "a - b"]))
        >>> lookup.words(["2 Paris - 'A - B'", "Rome", "A - B"])
        ("2*paris - 'a - b'", 'rome', 'a - b')
    """

    def word(self, typed: str) -> str:
        """The expression of words as the vocabulary spells them.

        Raises:
            UnknownWordError: one of its words is unknown.
            InputError: operators that make no sum, or an emoji that the vectors have not.
        """
        if typed in ("+", "-") and not self._is_known(typed):
            raise InputError(f"{typed!r} is not in the vocabulary; put a sum in quotes: 'king - man + woman'")
        found = parse_expression(checked_word(typed), self._is_known).with_words(super().word)
        if found.word is not None and self._parsed(found.word).word == found.word:
            return found.word
        return str(found)

    def by_subwords(self, words: Iterable[str]) -> dict[str, str]:
        """The words in expressions that are not in the vocabulary, and the kind of their subwords."""
        return super().by_subwords(word for text in words for word in self._parsed(text).words)

    def _parsed(self, found: str) -> Expression:
        return parse_expression(found, self._vectors.vocabulary.__contains__)

    def _is_known(self, typed: str) -> bool:
        return self._known(typed) is not None

    def _suggestions(self, typed: str) -> tuple[str, ...]:
        spaced = spaced_out(typed, self._is_known)
        return (spaced,) if spaced else super()._suggestions(typed)


class KnownWords:
    """Reads texts as the text behind `vectors` was read, as far as they record it.

    Args:
        vectors: the vectors.
        numbers: whether numbers are words, too; else they are left out.

    Example:
        >>> from embedkit import Embeddings
        >>> KnownWords(Embeddings([[1, 0], [0, 1]], ["snow", "alps"])).words("Snow-capped Alps, 3000 m")
        ['snow', 'capped', 'alps', 'm']
    """

    def __init__(self, vectors: WordVectors, *, numbers: bool = False) -> None:
        self._vocabulary = vectors.vocabulary
        self._lowercase = is_lowercase(vectors)
        self._numbers = numbers
        from embedkit.text.pipeline.parameters import text_pipeline

        self.tokenizer = vectors.tokenizer or text_pipeline(lowercase=False)

    def words(self, text: str) -> list[str]:
        """The words of a text as the vocabulary spells them; unknown ones in lower case if the vectors are.

        An unknown word with hyphens is taken apart: "snow-capped" gives ["snow", "capped"].
        """
        return [word for token in self.tokenizer.tokenize(text) for word in self.words_in(token)]

    def words_in(self, token: str) -> Iterator[str]:
        """The words of one token of a text: none of a number, several of an unknown word with hyphens."""
        if self._numbers or not is_number(token):
            yield from self._parts(token)

    def _parts(self, token: str) -> Iterator[str]:
        known = known_form(self._vocabulary, token, self._lowercase)
        if known or "-" not in token:
            yield known or (token.lower() if self._lowercase else token)
            return
        for part in filter(None, token.split("-")):
            yield from self._parts(part)


class RowLookup:
    """The rows of words, exact or as `fold` spells both sides; the first row of a spelling stands for it.

    Args:
        vocabulary: the words.
        count: how many of them, from the first, are known; None for all.
        fold: how both sides are spelled before they are compared; None for exact spelling.

    Example:
        >>> from embedkit import Vocabulary
        >>> RowLookup(Vocabulary(["Paris", "paris", "Rome"]), fold=str.upper).row("PARIS")
        0
    """

    def __init__(self, vocabulary: Vocabulary, count: int | None = None, fold: Fold | None = None) -> None:
        self.vocabulary = vocabulary
        self.count = min(len(vocabulary), count or len(vocabulary))
        self.fold = fold

    def row(self, word: str) -> int:
        """The row that stands for a word, `UNKNOWN` if none does."""
        if self.fold:
            return self._first.get(self.fold(word), UNKNOWN)
        row = self.vocabulary.get(word, UNKNOWN)
        return row if row < self.count else UNKNOWN

    def __contains__(self, word: str) -> bool:
        return self.row(word) != UNKNOWN

    @cached_property
    def first_alike(self) -> Longs1d:
        """For each known row the first row of the same spelling, (count,)."""
        if self.fold is None:
            return np.arange(self.count)
        words = self.vocabulary.words[: self.count]
        return np.fromiter((self._first[self.fold(word)] for word in words), np.int64, self.count)

    @cached_property
    def _first(self) -> dict[str, int]:
        """The first row of each spelling."""
        fold = self.fold or str
        first: dict[str, int] = {}
        for row, word in enumerate(self.vocabulary.words[: self.count]):
            first.setdefault(fold(word), row)
        return first


def known_form(vocabulary: Vocabulary, word: str, lowercase: bool) -> str | None:
    """The word as it is written or, if the vectors are of `lowercase` text, in lower case; None if unknown.

    In cased vectors "Bill" and "bill" are different words, and one does not stand for the other.
    """
    return _first_known(vocabulary, (word, word.lower()) if lowercase else (word,))


def emoji_word(vocabulary: Vocabulary, typed: str) -> str | None:
    """The word of a vocabulary that is the emoji typed; None if there is none, or if no emoji was typed.

    An emoji typed with or without its variation selector, in any skin tone, or by its name, is found in the
    form that was typed but for the selector, else without skin tone: "❤", "❤️" and ":red_heart:" find "❤️",
    and a vocabulary of texts in which it is written without a selector has it as "❤".
    """
    emoji = list_emoji(typed)
    if len(emoji) != 1:
        return None
    return _first_known(vocabulary, (typed, SELECTORS.sub("", typed), emoji[0], SELECTORS.sub("", emoji[0])))


def is_lowercase(vectors: WordVectors) -> bool:
    """Whether vectors are of lower-cased text, as they record or as their frequent words show.

    Example:
        >>> from embedkit import Embeddings
        >>> is_lowercase(Embeddings([[1, 0], [0, 1]], ["Bonn", "paris"]))
        False
    """
    recorded = vectors.metadata.get("tokenizer")
    if isinstance(recorded, Mapping):
        return recipe_lowercases(recorded)
    return all(word == word.lower() for word in vectors.vocabulary.words[:SAMPLE])


def _first_known(vocabulary: Vocabulary, forms: Iterable[str]) -> str | None:
    return next((form for form in forms if form in vocabulary), None)
