"""Long lines: the tokens are those of the whole line."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.text.corpus.slices import SLICE, _slices, words_by_line
from embedkit.text.pipeline.parameters import text_pipeline

SENTENCE = "Mr. O\u2019Neill paid 3.14 to cafe\u0301-owners in the U.S.\u00a0and\u2003didn't\tmind  ΟΔΟΣ. "


@pytest.mark.parametrize("spec", ["words", "whitespace", "spacy:en"])
def test_long_lines_have_the_words_of_short_ones(spec):
    tokenizer = text_pipeline(spec)
    lines = ["short", SENTENCE * 200, "", SENTENCE]
    parts = list(words_by_line(tokenizer, lines, 7))
    assert len(parts) > len(lines)
    joined = {number: [] for number in range(7, 11)}
    for number, words in parts:
        joined[number] += words
    assert list(joined.values()) == list(map(tokenizer.tokenize, lines))


@given(st.lists(st.text("ab \t\u3000\u0301", max_size=30), max_size=4), st.integers(1, 9))
def test_slices(lines, size):
    slices = list(_slices(lines, 0, size))
    for number, line in enumerate(lines):
        parts = [part for found, part in slices if found == number]
        assert "".join(parts) == line
        for part, following in pairwise(parts):
            assert len(part) >= size
            assert following[0].isspace()
            assert not any(map(str.isspace, part[size:]))


def test_a_run_without_white_space_stays_whole():
    run = "x" * (3 * SLICE)
    assert list(words_by_line(text_pipeline("words"), [run], 0)) == [(0, [run])]
