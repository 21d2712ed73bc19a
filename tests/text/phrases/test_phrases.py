"""Joining phrases in tokens, spans and numbered words."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from embedkit.text.phrases.phrases import Phrase, Phrases
from embedkit.text.phrases.settings import PhraseSettings
from embedkit.text.tokenization.numbered import number_words
from embedkit.text.tokenization.span import Span

WORDS = st.sampled_from(["a", "b", "c", "d", "a_b", "b_c"])
DOCUMENTS = st.lists(st.lists(WORDS, min_size=1, max_size=12), max_size=6)
PHRASES = st.sets(st.lists(WORDS, min_size=2, max_size=4).map(tuple), max_size=8)


def phrases(*words):
    return Phrases(tuple(Phrase(tuple(each), 0.5, 1) for each in words), PhraseSettings())


@pytest.mark.parametrize(
    ("known", "tokens", "expected"),
    [
        (["new york"], "i love new york", "i love new_york"),
        (["new york"], "new new york york", "new new_york york"),
        (["a b", "b c"], "a b c", "a_b c"),
        (["a b", "a b c"], "a b c a b", "a_b_c a_b"),
        (["a b", "a b c d"], "a b c a b c d", "a_b c a_b_c_d"),
        (["a a"], "a a a", "a_a a"),
        (["a of b"], "a of a of b", "a of a_of_b"),
        (["a b"], "", ""),
        ([], "a b", "a b"),
    ],
)
def test_the_longest_phrase_at_each_place_from_left_to_right(known, tokens, expected):
    assert phrases(*map(str.split, known)).apply(tokens.split()) == expected.split()


def test_spans_reach_from_the_first_word_to_the_last():
    text = "In New  York, today"
    spans = [Span("in", 0, 2), Span("new", 3, 6), Span("york", 8, 12), Span("today", 14, 19)]
    joined = phrases(["new", "york"]).spans(spans)
    assert joined == [Span("in", 0, 2), Span("new_york", 3, 12), Span("today", 14, 19)]
    assert text[joined[1].begin : joined[1].end] == "New  York"


@given(PHRASES, DOCUMENTS)
@example({("a", "b_c"), ("a_b", "c")}, [["a", "b_c", "a_b", "c"]])
def test_numbered_words_are_joined_as_tokens_are(known, documents):
    """Also where a phrase is spelled like a word, or like another phrase."""
    found = phrases(*sorted(known))
    joined = found.join(number_words(enumerate(documents)))
    expected = number_words(enumerate(map(found.apply, documents)))
    assert list(joined.words) == expected.words
    for ours, theirs in zip(joined, expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@given(PHRASES, DOCUMENTS)
def test_spans_are_joined_as_tokens_are(known, documents):
    found = phrases(*known)
    for tokens in documents:
        spans = [Span(token, 2 * number, 2 * number + 1) for number, token in enumerate(tokens)]
        assert [span.token for span in found.spans(spans)] == found.apply(tokens)
        assert found.spans(spans) == [] or found.spans(spans)[-1].end == spans[-1].end
