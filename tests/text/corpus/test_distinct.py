"""DistinctWords: within a few standard errors of the truth, and blind to repetition and order."""

import pytest

from embedkit.text.corpus.distinct import DistinctWords
from embedkit.text.packed_words import PackedWords


@pytest.mark.parametrize("number", [0, 1, 1000, 20_000, 60_000, 300_000])
def test_the_estimate_is_near(number):
    distinct = DistinctWords()
    words = PackedWords.of([f"wörd{i}" for i in range(number)])
    distinct.add(words)
    estimate = distinct.estimate()
    assert abs(estimate - number) <= 4 * 0.0081 * number
    distinct.add(words.take(range(number // 2)))
    assert distinct.estimate() == estimate


def test_words_that_differ_in_one_place_or_in_length():
    distinct = DistinctWords()
    words = ["a" * n for n in range(1, 300)] + ["a" * n + "b" for n in range(300)]
    distinct.add(PackedWords.of(words))
    assert distinct.estimate() == pytest.approx(len(words), rel=0.03)
