"""ICU's words: those of scripts with and without blanks, held against what icu4py gives for each text."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.errors import DependencyError, InputError
from embedkit.text.tokenization.icu import BATCH, IcuTokenizer, check_language

breakers = pytest.importorskip("icu4py.breakers")
LETTERS = (
    "ab3.,'\u2019-_ \n\r\t\u00a0\u202f\u2028\u0301\u00ad\u200b"
    "\u4f60\u597d\u4e16\u754c\u306f\u0e01\u0e32\U0001f44d"
)
TEXTS = st.text(st.one_of(st.sampled_from(LETTERS), st.characters(exclude_categories=["Cs"])))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Don\u2019t panic, Mr. O'Neill: 3.14 for 1,000!", "Don\u2019t panic Mr O'Neill 3.14 for 1,000"),
        (
            "\u4f60\u597d\u4e16\u754c\uff0c\u4eca\u5929\u5929\u6c14\u5f88\u597d\u3002",
            "\u4f60\u597d \u4e16\u754c \u4eca\u5929 \u5929\u6c14 \u5f88\u597d",
        ),
        (
            "\u4eca\u65e5\u306f\u3068\u3066\u3082\u3044\u3044\u5929\u6c17",
            "\u4eca\u65e5 \u306f \u3068\u3066\u3082 \u3044\u3044 \u5929\u6c17",
        ),
        (
            "\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22\u0e2a\u0e27\u0e22\u0e07\u0e32\u0e21",
            "\u0e20\u0e32\u0e29\u0e32 \u0e44\u0e17\u0e22 \u0e2a\u0e27\u0e22\u0e07\u0e32\u0e21",
        ),
        ("\ud55c\uad6d\uc5b4\ub294 \ub744\uc5b4", "\ud55c\uad6d\uc5b4\ub294 \ub744\uc5b4"),
        ("1\u202f000 \u20ac", "1 000"),
        ("", ""),
    ],
)
def test_words(text, tokens):
    assert IcuTokenizer().tokenize(text) == tokens.split()


def test_punctuation_and_emoji_on_request():
    text = "Hi, \U0001f44d\U0001f3fd (you)\u200b!"
    assert IcuTokenizer(punctuation=True).tokenize(text) == [*["Hi", ",", "👍🏽", "(", "you", ")", "!"]]


def test_names_and_recipes():
    assert IcuTokenizer().recipe() == {"tokenizer": "icu", "punctuation": False}
    assert IcuTokenizer("ja", True).recipe() == {"tokenizer": "icu:ja", "punctuation": True}


@given(st.text(st.characters(exclude_characters="\u202f", exclude_categories=["Cs"])))
def test_segments_are_those_of_icu(text):
    segments = breakers.WordBreaker(text, "")
    expected = [segment for segment in segments if any(map(str.isalnum, segment))]
    assert IcuTokenizer().tokenize(text) == expected


@given(st.lists(TEXTS), st.booleans())
def test_one_by_one_all_at_once_and_as_spans(texts, punctuation):
    tokenizer = IcuTokenizer(punctuation=punctuation)
    found = list(map(tokenizer.tokenize, texts))
    assert list(tokenizer.tokenize_all(texts)) == found
    for text, tokens in zip(texts, found, strict=True):
        spans = tokenizer.spans(text)
        assert [span.token for span in spans] == tokens
        assert [text[span.begin : span.end] for span in spans] == tokens
        assert not any(map(str.isspace, "".join(tokens)))


def test_lone_surrogates_are_replaced():
    tokenizer = IcuTokenizer(punctuation=True)
    assert tokenizer.tokenize("a \ud800 b") == ["a", "\ufffd", "b"]
    assert list(tokenizer.tokenize_all(["a\udfff"])) == [["a", "\ufffd"]]
    assert tokenizer.spans("\udc80b") == [("\ufffd", 0, 1), ("b", 1, 2)]


def test_batches_follow_each_other():
    texts = ["one two", "x " * BATCH, "", "three"]
    assert list(map(len, IcuTokenizer().tokenize_all(iter(texts)))) == [2, BATCH, 0, 1]


@pytest.mark.parametrize("language", ["../x", "english", "EN", "e", "en_US"])
def test_no_language(language):
    with pytest.raises(InputError, match="is no language"):
        check_language(language)


def test_icu_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "icu4py", None)
    with pytest.raises(DependencyError, match=r"pip install 'embedkit\[icu\]'"):
        check_language("ja")
