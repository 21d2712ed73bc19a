"""Rows of n-grams: the same means and updates as if each n-gram had a row of its own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedkit.training.fasttext.ngram_rows import NgramRows
from tests.training.kernels.test_subwords import fnv1a, ngrams


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text("abö", min_size=1, max_size=6), min_size=1, max_size=12, unique=True),
    st.integers(1, 3),
    st.integers(0, 2),
    st.integers(1, 40),
)
def test_lists_of_rows_stand_for_all_ngrams(words, shortest, more, bucket):
    rows = NgramRows.of(words, shortest, shortest + more, bucket)
    row_of = dict(zip(rows.buckets.tolist(), rows.bucket_rows.tolist(), strict=True))
    for number, word in enumerate(words):
        hashes = [fnv1a(ngram) % bucket for ngram in ngrams(word, shortest, shortest + more)]
        place = slice(rows.offsets[number], rows.offsets[number + 1])
        summed, moved = np.zeros(rows.size), np.zeros(rows.size)
        np.add.at(summed, rows.rows[place], rows.weights[place])
        np.add.at(moved, rows.rows[place], 1)
        expected = np.zeros(rows.size)
        np.add.at(expected, [rows.own[number], *(row_of[hashed] for hashed in hashes)], 1)
        np.testing.assert_array_equal(summed, expected)
        assert rows.lengths[number] == len(hashes) + 1
        for row, times in [(rows.own[number], 1), *((row_of[h], hashes.count(h)) for h in hashes)]:
            assert moved[row] == times


def test_rows_that_always_move_together_are_one():
    rows = NgramRows.of(["government", "governments", "cat"], 5, 5, 1_000_003)
    assert rows.lengths.tolist() == [9, 10, 2]
    assert rows.size == 4  # what both have; what "government" has alone; "governments"; "cat"
    assert rows.weights.tolist() == [2, 7, 3, 7, 2]


@pytest.mark.parametrize(("longest", "words"), [(0, ["cat", "dog"]), (3, ["</s>", "cat"])])
def test_words_may_have_no_ngrams(longest, words):
    """By choice, or as the end of a line in fastText."""
    rows = NgramRows.of(words, 3, longest, 100)
    assert rows.lengths[0] == 1
    assert rows.rows[: rows.offsets[1]].tolist() == [rows.own[0]]
