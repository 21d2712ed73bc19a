"""Tokenizers by name: made, checked without loading what they stand for, and made again from recipes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from embedkit.errors import FormatError, InputError
from embedkit.text.tokenization.tokenizer import Tokenizer
from embedkit.text.tokenization.whitespace import WhitespaceTokenizer
from embedkit.text.tokenization.words import VERSION, WordsTokenizer


class TokenizerKind(NamedTuple):
    """A kind of tokenizer: how it is asked for, what makes one, and the types of its options.

    `make` and `check` are given what follows the colon of a name, the former the options too.
    """

    usage: str
    make: Callable[..., Tokenizer]
    check: Callable[[str], None]
    options: Mapping[str, type]


def _no_detail(detail: str) -> None:
    """Raise `InputError` if anything follows the colon in the name of a tokenizer that has no kinds."""
    if detail:
        raise InputError(f"this tokenizer has no {detail!r}")


def _words(detail: str, punctuation: bool = False, version: int = VERSION) -> Tokenizer:
    return WordsTokenizer(punctuation, version)


def _whitespace(detail: str) -> Tokenizer:
    return WhitespaceTokenizer()


def _spacy(detail: str, **options: Any) -> Tokenizer:
    from embedkit.text.tokenization.spacy import SpacyTokenizer

    return SpacyTokenizer(detail, **options)


def _check_spacy(detail: str) -> None:
    from embedkit.text.tokenization.spacy import check_pipeline

    check_pipeline(detail)


KINDS = {
    "words": TokenizerKind("words", _words, _no_detail, {"punctuation": bool, "version": int}),
    "whitespace": TokenizerKind("whitespace", _whitespace, _no_detail, {}),
    "spacy": TokenizerKind("spacy:LANG or spacy:PACKAGE", _spacy, _check_spacy, {"punctuation": bool}),
}
NOT_MARKED = {"punctuation"}  # options that mean nothing, rather than being wrong, to a kind without them


def make_tokenizer(name: str = "words", **options: Any) -> Tokenizer:
    """The tokenizer called `name`, with options of its kind; those that are False or None are not given.

    Raises:
        InputError: the name of no tokenizer, or an option that it has not.
        DependencyError: the package behind it is not installed.

    Example:
        >>> from embedkit.text.tokenization.factory import make_tokenizer
        >>> make_tokenizer("words", punctuation=True).tokenize("Don't panic, it's 3.14!")
        ["Don't", 'panic', ',', "it's", '3.14', '!']
    """
    kind, detail = _kind_of(name)
    kind.check(detail)
    given = {option: value for option, value in options.items() if value not in (False, None)}
    for option in given.keys() - kind.options.keys() - NOT_MARKED:
        having = ", ".join(other.usage for other in KINDS.values() if option in other.options)
        raise InputError(f"the tokenizer {name} has no option {option}; {having} have it")
    return kind.make(detail, **{option: given[option] for option in given.keys() & kind.options.keys()})


def check_tokenizer(name: str) -> None:
    """Raise an error for a name that `make_tokenizer` cannot take, without loading what it stands for."""
    kind, detail = _kind_of(name)
    kind.check(detail)


def tokenizer_from_recipe(recipe: Mapping[str, Any]) -> Tokenizer:
    """The tokenizer whose `recipe()` this is.

    Raises:
        FormatError: it is none, or asks for what is not to be had here.
    """
    check_tokenizer_recipe(recipe)
    options = dict(recipe)
    try:
        kind, detail = _kind_of(options.pop("tokenizer"))
        kind.check(detail)
        return kind.make(detail, **options)
    except InputError as error:
        raise FormatError(f"the recipe of the tokenizer cannot be followed: {error}") from None


def check_tokenizer_recipe(recipe: Mapping[str, Any]) -> None:
    """Raise `FormatError` unless `recipe` has the form of one, without loading what it asks for."""
    name = recipe.get("tokenizer")
    kind = KINDS.get(name.partition(":")[0]) if isinstance(name, str) else None
    if kind is None:
        raise FormatError(f"not the recipe of a tokenizer that embedkit has: {name!r:.200}")
    options = {option: value for option, value in recipe.items() if option != "tokenizer"}
    if options.keys() != kind.options.keys() or not all(
        type(value) is kind.options[option] for option, value in options.items()
    ):
        raise FormatError(f"the recipe of {name!r:.80} has other options than expected: {options!r:.200}")


def _kind_of(name: str) -> tuple[TokenizerKind, str]:
    """The kind that a name begins with, and what follows the colon."""
    kind, _, detail = name.partition(":")
    if kind not in KINDS:
        usages = ", ".join(known.usage for known in KINDS.values())
        raise InputError(f"unknown tokenizer {name!r}; choose {usages}")
    return KINDS[kind], detail
