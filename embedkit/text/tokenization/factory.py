"""Tokenizers: one protocol, a few implementations, and the recipes that make them again elsewhere.

A recipe is what a corpus or a file of vectors keeps of its tokenizer: a name and options, ready for JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Protocol

from embedkit.errors import FormatError, InputError
from embedkit.text.tokenization.words import WordsTokenizer

NAMES = re.compile("words|whitespace|spacy:[a-z]{2,3}(_[a-z0-9_]+)?")
OPTIONS = {
    "words": {"lowercase", "numbers", "punctuation"},
    "whitespace": {"lowercase"},
    "spacy": {"lowercase", "numbers", "punctuation"},
}  # what the recipe of each kind of tokenizer holds beside its name


class Tokenizer(Protocol):
    """What turns text into tokens; no token is empty or holds white space."""

    @property
    def name(self) -> str:
        """What `make_tokenizer` takes: "words", "whitespace", "spacy:en"."""

    def tokenize(self, text: str) -> list[str]:
        """The tokens of one text."""

    def tokenize_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The tokens of each text, in the order of the texts."""

    def recipe(self) -> dict[str, object]:
        """The name and the options, ready for JSON; `tokenizer_from_recipe` reads it."""


@dataclass(frozen=True)
class WhitespaceTokenizer:
    """Whatever stands between white space: for text that is tokenized already."""

    name: ClassVar[str] = "whitespace"
    lowercase: bool = True

    def tokenize(self, text: str) -> list[str]:
        """The tokens of one text: "A-1, b" gives ["a-1,", "b"]."""
        return (text.lower() if self.lowercase else text).split()

    def tokenize_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The tokens of each text."""
        return map(self.tokenize, texts)

    def recipe(self) -> dict[str, object]:
        """The name and the options, ready for JSON."""
        return {"name": self.name, **asdict(self)}


WITH_COMPILED_TWIN = (WordsTokenizer, WhitespaceTokenizer)  # `compiled.compiled_twin` makes it


def make_tokenizer(
    spec: str = "words", *, lowercase: bool = True, numbers: bool = True, punctuation: bool = False
) -> Tokenizer:
    """The tokenizer called `spec`: "words", "whitespace", "spacy:LANG" or "spacy:PACKAGE".

    Args:
        spec: the name. "spacy:en" is spaCy's rule-based tokenizer of a language, "spacy:en_core_web_sm" that
            of an installed trained pipeline.
        lowercase: lower the case of every token.
        numbers: keep tokens without letters. "whitespace" keeps them always.
        punctuation: keep punctuation as tokens. "whitespace" leaves it where it stands.

    Example:
        >>> from embedkit.text.tokenization.factory import make_tokenizer
        >>> make_tokenizer("words", punctuation=True).tokenize("Don't panic, it's 3.14!")
        ["don't", 'panic', ',', "it's", '3.14', '!']
    """
    if spec == WordsTokenizer.name:
        return WordsTokenizer(lowercase, numbers, punctuation)
    if spec == WhitespaceTokenizer.name:
        if not numbers:
            raise InputError("the whitespace tokenizer keeps every token; use 'words' to leave numbers out")
        return WhitespaceTokenizer(lowercase)
    check_tokenizer(spec)
    from embedkit.text.tokenization.spacy import SpacyTokenizer

    return SpacyTokenizer(spec.partition(":")[2], lowercase, numbers, punctuation)


def check_tokenizer(spec: str) -> None:
    """Raise an error for a name that `make_tokenizer` cannot take, without loading what it stands for.

    Raises:
        InputError: it is the name of no tokenizer.
        DependencyError: spaCy or the package of a pipeline is not installed.
    """
    if spec in (WordsTokenizer.name, WhitespaceTokenizer.name):
        return
    kind, _, pipeline = spec.partition(":")
    if kind != "spacy" or not pipeline:
        raise InputError(f"unknown tokenizer {spec!r}; choose words, whitespace, spacy:LANG or spacy:PACKAGE")
    from embedkit.text.tokenization.spacy import check_pipeline

    check_pipeline(pipeline)


def tokenizer_from_recipe(recipe: Mapping[str, object]) -> Tokenizer:
    """The tokenizer that wrote `recipe`; a recipe that no tokenizer writes raises `FormatError`."""
    check_recipe(recipe)
    options: dict[str, Any] = dict(recipe)
    try:
        return make_tokenizer(options.pop("name"), **options)
    except InputError as error:
        raise FormatError(f"the recipe of the tokenizer cannot be followed: {error}") from None


def check_recipe(recipe: object) -> None:
    """Raise `FormatError` unless `recipe` has the form of one, without loading what it asks for."""
    if not isinstance(recipe, Mapping) or not isinstance(name := recipe.get("name"), str):
        raise FormatError(f"not the recipe of a tokenizer: {recipe!r:.200}")
    if not NAMES.fullmatch(name):
        raise FormatError(f"not the recipe of a tokenizer that embedkit has: {name!r:.200}")
    options = {option: value for option, value in recipe.items() if option != "name"}
    if set(options) != OPTIONS[name.partition(":")[0]] or not all(
        isinstance(value, bool) for value in options.values()
    ):
        raise FormatError(f"the recipe of {name!r:.80} has other options than expected: {options!r:.200}")
