"""Tokenizers by name, their recipes, and spaCy's."""

import json
import sys

import pytest

from embedkit.errors import DependencyError, FormatError, InputError
from embedkit.text.tokenization.factory import make_tokenizer, tokenizer_from_recipe

TEXT = "Don't pay $5, Mr. O'Neill!"


@pytest.mark.parametrize(
    ("spec", "options", "tokens"),
    [
        ("words", {}, "don't pay 5 mr o'neill"),
        ("whitespace", {}, "don't pay $5, mr. o'neill!"),
        ("whitespace", {"lowercase": False}, "Don't pay $5, Mr. O'Neill!"),
        ("spacy:en", {}, "do n't pay 5 mr. o'neill"),
        ("spacy:en", {"lowercase": False, "punctuation": True}, "Do n't pay $ 5 , Mr. O'Neill !"),
        ("spacy:en", {"numbers": False, "punctuation": True}, "do n't pay $ , mr. o'neill !"),
    ],
)
def test_tokens_and_recipe(spec, options, tokens):
    tokenizer = make_tokenizer(spec, **options)
    assert tokenizer.name == spec
    assert tokenizer.tokenize(TEXT) == tokens.split()
    again = tokenizer_from_recipe(json.loads(json.dumps(tokenizer.recipe())))
    assert again.recipe() == tokenizer.recipe()
    assert list(again.tokenize_all([TEXT, " \r\n ", TEXT])) == [tokens.split(), [], tokens.split()]


@pytest.mark.parametrize(
    ("spec", "options", "error", "message"),
    [
        ("word", {}, InputError, "unknown tokenizer 'word'; choose words, whitespace, spacy:LANG"),
        ("spacy:", {}, InputError, "unknown tokenizer"),
        ("whitespace", {"numbers": False}, InputError, "use 'words'"),
        ("spacy:qq", {}, InputError, "spaCy knows no language 'qq'"),
        ("spacy:../evil", {}, InputError, "neither a language"),
        ("spacy:en_core_web_xx", {}, DependencyError, "python -m spacy download en_core_web_xx"),
    ],
)
def test_what_cannot_be_made(spec, options, error, message):
    with pytest.raises(error, match=message):
        make_tokenizer(spec, **options)


def test_spacy_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(DependencyError, match=r"pip install 'embedkit\[text\]'"):
        make_tokenizer("spacy:en")


@pytest.mark.parametrize(
    "recipe",
    [
        {},
        {"name": 3},
        {"name": "os.system"},
        {"name": "words", "lowercase": "yes", "numbers": True, "punctuation": False},
        {"name": "words", "lowercase": True, "numbers": True, "punctuation": False, "stem": True},
        {"name": "words", "lowercase": True},
        {"name": "words:en", "lowercase": True, "numbers": True, "punctuation": False},
        {"name": "spacy:", "lowercase": True, "numbers": True, "punctuation": False},
        {"name": "spacy:../evil", "lowercase": True, "numbers": True, "punctuation": False},
        {"name": "whitespace", "lowercase": True, "numbers": True},
        ["words"],
        None,
    ],
)
def test_nonsense_is_no_recipe(recipe):
    with pytest.raises(FormatError, match="recipe"):
        tokenizer_from_recipe(recipe)


def test_spacy_takes_a_text_longer_than_its_parser_could():
    assert len(make_tokenizer("spacy:xx").tokenize("ab " * 350_000)) == 350_000
