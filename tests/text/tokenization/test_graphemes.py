"""Characters as readers count them: held against ICU's, which follow the same annex."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.text.tokenization.graphemes import CharactersTokenizer
from embedkit.text.tokenization.token_kinds import is_visible

EVERYTHING = CharactersTokenizer(punctuation=True)
DIFFICULT = (
    "ab1!\u00e9\u0301\u0327\u00df\u0430\u4e2d\u3042\uff9f\u200d\u200c\u00ad\u200b\ufe0f\u20e3 \n\t\u2028"
    "\u1100\u1161\u11a8\uac00\uac01\U0001f1e9\U0001f1ea\U0001f468\U0001f469\U0001f44d\U0001f3fd\u2764"
    "\u0e01\u0e33\u0e47\u0915\u094d\u0937\u093f\u09ac\u09cd\u0995\u0600\u0d4e\U000110bd\U000e0067\U000e007f"
)


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("na\u00efve!", ["n", "a", "\u00ef", "v", "e", "!"]),
        ("nai\u0308ve", ["n", "a", "i\u0308", "v", "e"]),
        ("a b\tc\r\nd", ["a", "b", "c", "d"]),
        ("\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7", ["\U0001f1e9\U0001f1ea", "\U0001f1eb\U0001f1f7"]),
        ("\U0001f44d\U0001f3fd!", ["\U0001f44d\U0001f3fd", "!"]),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", ["\U0001f468\u200d\U0001f469\u200d\U0001f467"]),
        ("1\ufe0f\u20e32", ["1\ufe0f\u20e3", "2"]),
        ("\u1112\u1161\u11ab\uae00", ["\u1112\u1161\u11ab", "\uae00"]),
        ("\u0915\u094d\u0937\u093f\u0915", ["\u0915\u094d\u0937\u093f", "\u0915"]),
        ("\u0e01\u0e33\u0e01", ["\u0e01\u0e33", "\u0e01"]),
        ("\u200b\ufeff\x00", []),
        ("", []),
        ("\u0995\u09cd\u0e33\u0995", ["\u0995\u09cd\u0e33", "\u0995"]),  # a vowel sign ends a conjunct
    ],
)
def test_characters(text, characters):
    assert EVERYTHING.tokenize(text) == characters


def test_what_is_no_letter_or_digit_is_left_out():
    assert CharactersTokenizer().tokenize("\u4f60\u597d, caf\u00e9 5!\U0001f600") == list(
        "\u4f60\u597dcaf\u00e95"
    )
    assert CharactersTokenizer().tokenize("Hi, you: 5!") == list("Hiyou5")


@given(st.text(st.sampled_from(DIFFICULT)))
def test_the_same_as_icu(text):
    breakers = pytest.importorskip("icu4py.breakers")
    clusters = [part for cluster in breakers.CharacterBreaker(text, "") for part in cluster.split()]
    assert EVERYTHING.tokenize(text) == list(filter(is_visible, clusters))


@given(st.text(st.one_of(st.sampled_from(DIFFICULT), st.characters())), st.booleans())
def test_spans(text, punctuation):
    tokenizer = CharactersTokenizer(punctuation)
    spans = tokenizer.spans(text)
    assert [span.token for span in spans] == tokenizer.tokenize(text) == next(tokenizer.tokenize_all([text]))
    assert [text[span.begin : span.end] for span in spans] == [span.token for span in spans]
    assert not any(map(str.isspace, "".join(span.token for span in spans)))


@given(st.text())
def test_no_character_that_can_be_seen_is_lost(text):
    assert list(filter(is_visible, "".join(EVERYTHING.tokenize(text)))) == list(filter(is_visible, text))
