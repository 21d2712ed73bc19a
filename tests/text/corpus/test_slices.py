"""Long lines: the tokens are those of the whole line."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.text.corpus.slices import SLICE, _slices, words_by_line
from embedkit.text.pipeline.parameters import text_pipeline
from tests.text.phrases.written import NEW_YORK

SENTENCE = "Mr. O\u2019Neill paid 3.14 to cafe\u0301-owners in the U.S.\u00a0and\u2003didn't\tmind  ΟΔΟΣ. "


@pytest.mark.parametrize("spec", ["words", "whitespace", "characters"])
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


@pytest.mark.parametrize("options", [{}, {"html": "strip"}, {"phrases": NEW_YORK}, {"tokenizer": "icu"}])
def test_a_long_line_is_read_as_a_whole_where_steps_look_beyond_white_space(options):
    pipeline = text_pipeline(**options)
    line = "new york <b class='long one'>it</b> is; " * 500
    words = [word for _, words in words_by_line(pipeline, [line], 0) for word in words]
    assert words == pipeline(line)


def test_functions_see_whole_lines():
    pipeline = text_pipeline(lambda text: [str(len(text))])
    assert list(words_by_line(pipeline, ["a b" * 5000], 3)) == [(3, ["15000"])]
