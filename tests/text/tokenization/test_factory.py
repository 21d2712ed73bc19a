"""Tokenizers by name and their recipes."""

import json
import sys
from pathlib import Path

import pytest

from embedkit.errors import DependencyError, FormatError, InputError
from embedkit.text.tokenization.factory import check_tokenizer, make_tokenizer, tokenizer_from_recipe

DEFINITION = '{"model": {"type": "WordLevel", "vocab": {"the": 0, "?": 1}, "unk_token": "?"}}'
TEXT = "Don't pay $5, Mr. O'Neill!"


@pytest.mark.parametrize(
    ("name", "options", "tokens"),
    [
        ("words", {}, "Don't pay 5 Mr O'Neill"),
        ("words", {"punctuation": True}, "Don't pay $ 5 , Mr . O'Neill !"),
        ("whitespace", {}, TEXT),
        ("characters", {}, " ".join("DontpayMrONeill").replace("y M", "y 5 M")),
        ("icu", {}, "Don't pay 5 Mr O'Neill"),
        ("icu:en", {"punctuation": True}, "Don't pay $ 5 , Mr . O'Neill !"),
        ("spacy:en", {}, "Do n't pay 5 Mr. O'Neill"),
        ("spacy:en", {"punctuation": True}, "Do n't pay $ 5 , Mr. O'Neill !"),
    ],
)
def test_tokens_and_recipe(name, options, tokens):
    check_tokenizer(name)
    tokenizer = make_tokenizer(name, **options)
    assert tokenizer.name == name
    assert tokenizer.tokenize(TEXT) == tokens.split()
    assert [span.token for span in tokenizer.spans(TEXT)] == tokens.split()
    again = tokenizer_from_recipe(json.loads(json.dumps(tokenizer.recipe())))
    assert again.recipe() == tokenizer.recipe()
    assert list(again.tokenize_all([TEXT, " \r\n ", TEXT])) == [tokens.split(), [], tokens.split()]


@pytest.mark.parametrize(
    ("name", "options", "error", "message"),
    [
        ("word", {}, InputError, "unknown tokenizer 'word'; choose words, whitespace, characters, icu"),
        ("words:en", {}, InputError, "expected nothing behind the colon .* got 'en'"),
        ("whitespace", {"lemmatize": True}, InputError, "has no option lemmatize; spacy:LANG"),
        ("whitespace", {"punctuation": True}, InputError, "has no option punctuation; words, characters"),
        ("spacy:", {}, InputError, "neither a language"),
        ("spacy:qq", {}, InputError, "spaCy knows no language 'qq'"),
        ("spacy:../evil", {}, InputError, "neither a language"),
        ("spacy:en_core_web_xx", {}, DependencyError, "python -m spacy download en_core_web_xx"),
        ("icu:../evil", {}, InputError, "no language"),
        ("missing.json", {}, InputError, "missing.json"),
        ("subwords", {}, InputError, "unknown tokenizer 'subwords'"),
    ],
)
def test_what_cannot_be_made(name, options, error, message):
    with pytest.raises(error, match=message):
        make_tokenizer(name, **options)


def test_spacy_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(DependencyError, match=r"pip install 'embedkit\[text\]'"):
        make_tokenizer("spacy:en")


@pytest.mark.parametrize("folder", [True, False])
def test_a_file_called_as_a_misspelt_tokenizer_hides_nothing(tmp_path, monkeypatch, folder):
    monkeypatch.chdir(tmp_path)
    path = Path("word")
    path.mkdir() if folder else path.write_text("one\ntwo\n")
    with pytest.raises(
        InputError, match=r"'word'; choose words, .* a tokenizer\.json \(word is there, and is"
    ):
        make_tokenizer("word")
    with pytest.raises(InputError, match=r"tokenizer\.json"):
        make_tokenizer("./word")
    if folder:
        (path / "tokenizer.json").write_text(DEFINITION)
    else:
        path.write_text(f" {DEFINITION}\n")
    pytest.importorskip("tokenizers")
    assert make_tokenizer("word").tokenize("the") == ["the"]


@pytest.mark.parametrize(
    "recipe",
    [
        {},
        {"tokenizer": 3},
        {"tokenizer": "os.system"},
        {"tokenizer": "words", "version": 2},
        {"tokenizer": "words", "version": 9, "punctuation": False},
        {"tokenizer": "words", "version": True, "punctuation": False},
        {"tokenizer": "words", "version": 2, "punctuation": "yes"},
        {"tokenizer": "words", "version": 2, "punctuation": False, "stem": True},
        {"tokenizer": "whitespace", "punctuation": False},
        {"tokenizer": "spacy:", "punctuation": False},
        {"tokenizer": "spacy:../evil", "punctuation": False},
        {"tokenizer": "icu:../evil", "punctuation": False},
        {"tokenizer": "subwords", "sha256": "", "definition": "{}"},
    ],
)
def test_nonsense_is_no_recipe(recipe):
    with pytest.raises(FormatError):
        tokenizer_from_recipe(recipe)


def test_spacy_takes_a_text_longer_than_its_parser_could():
    assert len(make_tokenizer("spacy:xx").tokenize("ab " * 350_000)) == 350_000
