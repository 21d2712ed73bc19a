"""Sentences: hard cases made by hand, in several languages, and properties over any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.text.sentences import sentence_lines, sentence_spans, split_sentences

CASES = [  # sentences, parted by |
    # stops
    "Hello there. | I am Anna.",
    "Who are you? | I am Anna.",
    "There it is! | I found it!",
    "Really?! | Yes!! | Why?",
    "She waited\u2026 | Nobody came.",
    "I never said so.... | He went home.",
    "it goes on ... and on",
    "Well . . . it goes on",
    "The end",
    # abbreviations and initials
    "Dr. Mary Q. Jones met Mr. and Mrs. Hill.",
    "My name is Jonas E. Smith.",
    "J. R. R. Tolkien wrote it. | He was born in 1892.",
    "See e.g. Figure 3, i.e. Rome, or Prof. Brown et al. Here it is.",
    "We climbed Mt. Fuji. | It was cold.",
    "She works for the U.S. Government in Ohio.",
    "She lives in the U.S. | How is it there?",
    "He has lived in the U.S. for 20 years.",
    "Ask Pitt, Briggs & Co. about it.",
    "They sold it to Pitt & Co. | It was cheap.",
    "Apple Inc. Chairman Tim Cook spoke at 5 p.m. Monday.",
    "You and I. | Did you see Albert I. Jones?",
    # numbers
    "It costs $3.50. | That is 1,000.50 less.",
    "Take bus No. 5 to p. 55. | It is full.",
    "Did he say No. | He did not.",
    "Version 2.0.1 is out. | Get it at www.example.com/a.html today.",
    "1. Flour and milk. | Stir.",
    "Am 3. Mai kam Hr. Meier, d.h. Karl. | Er blieb.",
    # quotes and brackets
    'She said, "This is great." | He nodded.',
    '"This is great!" she said.',
    "(It was late.) | They left.",
    "He teaches (he was an engineer.) at a school.",
    "\u201cGo.\u201d | \u201cWhere?\u201d | \u2018Home.\u2019",
    "\u00bfQu\u00e9 tal? | \u00a1Hola! | \u00c9l vino.",
    "Er sagte: \u201eKomm!\u201c | Sie kam.",
    # other scripts
    "\u041e\u043d \u0432\u043e\u0448\u0451\u043b. | \u041e\u043d\u0430 \u2014 \u043d\u0435\u0442.",
    "\u0410. \u0421. \u041f\u0443\u0448\u043a\u0438\u043d, \u0442.\u0435. \u043f\u043e. | \u0414.",
    "\u03a4\u03b9 \u03ba\u03ac\u03bd\u03b5\u03b9\u03c2; | \u039a\u03b1\u03bb\u03ac.",
    "\u4f60\u597d\u3002|\u6211\u8d70\u4e86\uff01|\u4f60\u5462\uff1f",
    "\u300c\u884c\u304f\u304b\uff1f\u300d\u3068\u8a00\u3063\u305f\u3002|\u305d\u3046\u3002",
    "\u4ed6\u8bf4\uff1a\u201c\u6211\u8d70\u4e86\u3002\u201d|\u5979\u54ed\u4e86\u3002",
    "\u092e\u0948\u0902 \u0939\u0942\u0901\u0964 | \u0935\u0939 \u0939\u0948\u0964",
    "\u0645\u0627 \u0627\u0633\u0645\u0643\u061f | \u0623\u0646\u0627. | \u0646\u0639\u0645.",
    "\u1006\u102c\u104b | \u1000\u102c\u104b",
]
TEXTS = st.text(
    st.one_of(st.sampled_from(".!?\u2026\u3002\uff1f;\"')( \n\t\u00a0aBZ1\u03b1\u0391U.S"), st.characters())
)


@pytest.mark.parametrize("case", CASES)
def test_hard_cases(case):
    sentences = [part.strip() for part in case.split("|")]
    text = case.replace(" | ", " ").replace("|", "")
    assert split_sentences(text) == sentences
    assert sentence_lines(text) == "\n".join(sentences)


def test_lines_end_sentences_and_stay_lines():
    text = "A title\n\n  One. Two.  \nThree\r\nFour. \n"
    assert split_sentences(text) == ["A title", "One.", "Two.", "Three", "Four."]
    assert sentence_lines(text) == "A title\n\n  One.\nTwo.  \nThree\r\nFour. \n"
    assert sentence_lines("\u597d\u3002  \n\u597d") == "\u597d\u3002  \n\u597d"


@given(TEXTS)
def test_sentences_are_pieces_of_the_text(text):
    spans = sentence_spans(text)
    assert [text[span.begin : span.end] for span in spans] == [span.token for span in spans]
    assert "".join("".join(span.token for span in spans).split()) == "".join(text.split())
    assert all(span.token and span.token == span.token.strip() for span in spans)


@given(TEXTS)
def test_the_same_as_lines(text):
    lines = [line.strip() for line in sentence_lines(text).split("\n")]
    assert list(filter(None, lines)) == split_sentences(text)


@given(TEXTS)
def test_lines_change_nothing_but_blanks(text):
    assert "".join(sentence_lines(text).split()) == "".join(text.split())
    assert sentence_lines(text).count("\n") >= text.count("\n")


@pytest.mark.parametrize("run", [".", ". ", "\uff01", "\u3002", '"', ".\u201d", "(", " "])
def test_long_runs_take_time_in_proportion(run):
    text = f"He saw{'!' + run * 20_000}"  # seconds, if each stop looked at all that follow
    assert "".join(split_sentences(text)).replace(" ", "") == text.replace(" ", "")
