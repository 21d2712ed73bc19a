"""Tokenizers by name: made, checked without loading what they stand for, and made again from recipes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from embedkit.errors import FormatError, InputError
from embedkit.text.tokenization.pretokenized import PretokenizedTokenizer
from embedkit.text.tokenization.tokenizer import Tokenizer
from embedkit.text.tokenization.whitespace import WhitespaceTokenizer
from embedkit.text.tokenization.words import VERSION, WordsTokenizer


class TokenizerKind(NamedTuple):
    """A kind of tokenizer.

    Args:
        usage: how it is asked for.
        make: makes one of what follows the colon in its name, and options.
        check: raises an error for what cannot follow the colon, without loading anything.
        options: the types of the options in its recipe.
        lower: where the case of letters is lowered: before or after, or by the tokenizer itself, as it was
            trained.
    """

    usage: str
    make: Callable[..., Tokenizer]
    check: Callable[[str], None]
    options: Mapping[str, type]
    lower: Literal["before", "after", "itself"] = "before"


def _no_detail(detail: str) -> None:
    """Raise `InputError` if anything follows the colon in the name of a tokenizer that has no kinds."""
    if detail:
        raise InputError(f"expected nothing behind the colon of this tokenizer, got {detail!r}")


def _words(detail: str, punctuation: bool = False, version: int = VERSION) -> Tokenizer:
    return WordsTokenizer(punctuation, version)


def _whitespace(detail: str) -> Tokenizer:
    return WhitespaceTokenizer()


def _tokens(detail: str) -> Tokenizer:
    return PretokenizedTokenizer()


def _ids(detail: str) -> Tokenizer:
    return PretokenizedTokenizer(ids=True)


def _characters(detail: str, **options: Any) -> Tokenizer:
    from embedkit.text.tokenization.graphemes import CharactersTokenizer

    return CharactersTokenizer(**options)


def _icu(detail: str, **options: Any) -> Tokenizer:
    from embedkit.text.tokenization.icu import IcuTokenizer

    return IcuTokenizer(detail, **options)


def _check_icu(detail: str) -> None:
    from embedkit.text.tokenization.icu import check_language

    check_language(detail)


def _spacy(detail: str, **options: Any) -> Tokenizer:
    from embedkit.text.tokenization.spacy import SpacyTokenizer

    return SpacyTokenizer(detail, **options)


def _check_spacy(detail: str) -> None:
    from embedkit.text.tokenization.spacy import check_pipeline

    check_pipeline(detail)


def _subwords(detail: str, definition: str | None = None, sha256: str | None = None) -> Tokenizer:
    from embedkit.text.tokenization.subwords import SubwordTokenizer

    if definition is None:
        return SubwordTokenizer.load(detail)
    tokenizer = SubwordTokenizer(definition)
    if tokenizer.sha256 != sha256:
        raise FormatError("the recipe of the subword tokenizer is damaged: its sha256 is another")
    return tokenizer


def _check_subwords(detail: str) -> None:
    from embedkit.text.tokenization.subword_files import check_subwords

    check_subwords(detail)


_MARKS = {"punctuation": bool}
KINDS = {
    "words": TokenizerKind("words", _words, _no_detail, {**_MARKS, "version": int}),
    "whitespace": TokenizerKind("whitespace", _whitespace, _no_detail, {}),
    "characters": TokenizerKind("characters", _characters, _no_detail, _MARKS),
    "icu": TokenizerKind("icu or icu:LANG", _icu, _check_icu, _MARKS),
    "spacy": TokenizerKind(
        "spacy:LANG or spacy:PACKAGE",
        _spacy,
        _check_spacy,
        {**_MARKS, "lemmatize": bool, "pos": list, "entities": bool},
        "after",
    ),
    "tokens": TokenizerKind("tokens", _tokens, _no_detail, {}),
    "ids": TokenizerKind("ids", _ids, _no_detail, {}),
    "subwords": TokenizerKind(
        "a tokenizer.json", _subwords, _check_subwords, {"sha256": str, "definition": str}, "itself"
    ),
}


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
    for option in given.keys() - kind.options.keys():
        having = ", ".join(other.usage for other in KINDS.values() if option in other.options)
        raise InputError(f"the tokenizer {name} has no option {option}; {having or 'no tokenizer'} has it")
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
        name, _, detail = options.pop("tokenizer").partition(":")
        if name != "subwords":
            KINDS[name].check(detail)
        return KINDS[name].make(detail, **options)
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


def lowers(name: str) -> Literal["before", "after", "itself"]:
    """Where the case of letters is lowered for a tokenizer: see `TokenizerKind`."""
    kind = KINDS.get(name.partition(":")[0])
    return kind.lower if kind else "after"


def is_file(name: str) -> bool:
    """Whether a name that is one can only be the path of a tokenizer.json, or of a folder that holds it."""
    return name.partition(":")[0] not in KINDS.keys() - {"subwords"}


def _kind_of(name: str) -> tuple[TokenizerKind, str]:
    """The kind of a name, and what tells more of it: what follows the colon, or the path of a file."""
    kind, _, detail = name.partition(":")
    if kind in KINDS and name != "subwords":
        return KINDS[kind], detail
    if name and (name.endswith(".json") or _names_file(name)):
        return KINDS["subwords"], name
    usages = ", ".join(known.usage for known in KINDS.values())
    beside = f" ({name} is there, and is none)" if Path(name).exists() else ""
    raise InputError(f"unknown tokenizer {name!r}; choose {usages}{beside}")


def _names_file(name: str) -> bool:
    """Whether a name is that of a file or folder: a bare one could be a slip for the name of a tokenizer."""
    from embedkit.text.tokenization.subword_files import may_be_subwords

    path = Path(name)
    bare = name == path.name and not path.suffix
    return may_be_subwords(path) if bare else path.exists()
