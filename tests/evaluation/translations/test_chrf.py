"""chrF: closed forms, and equal to sacrebleu on random texts."""

import random

import pytest

from embedkit import InputError, chrf

LETTERS = "ab ,.(é\u00a0"


def test_equal_texts_score_100():
    assert chrf(["a cat sat"], ["a cat sat"]) == pytest.approx(100)


def test_recall_counts_four_times_as_much_as_precision():
    """Of "ab" both letters are right, of "abcd" half are said: P = 1, R = 1/2, F = 5 P R / (4 P + R)."""
    assert chrf(["ab"], ["abcd"], character_order=1) == pytest.approx(100 * 5 / 2 / (4 + 1 / 2))
    assert chrf(["abcd"], ["ab"], character_order=1) == pytest.approx(100 * 5 / 2 / (2 + 1))
    assert chrf(["abcd"], ["ab"], character_order=1, beta=1) == pytest.approx(100 * 2 / 3)


def test_orders_that_one_side_lacks_are_left_out():
    assert chrf(["ab"], ["ab"], character_order=6) == pytest.approx(100)
    assert chrf(["", "x"], ["y", ""]) == 0


def test_white_space_does_not_count_and_words_may():
    assert chrf(["ab c"], ["a bc"]) == pytest.approx(100)
    assert chrf(["ab c"], ["a bc"], word_order=2) < 100
    assert chrf(["A"], ["a"], lowercase=True) == pytest.approx(100)


def test_the_closest_reference_counts():
    assert chrf(["abc"], [["xyz", "abc"]]) == pytest.approx(100)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("word_order", [0, 2])
def test_equal_to_sacrebleu(seed, word_order):
    sacrebleu = pytest.importorskip("sacrebleu")
    generator = random.Random(seed)
    texts = ["".join(generator.choices(LETTERS, k=generator.randint(0, 12))) for _ in range(12)]
    said, *streams = texts[:4], texts[4:8], texts[8:]
    other = sacrebleu.CHRF(word_order=word_order).corpus_score(said, streams).score
    own = chrf(said, list(zip(*streams, strict=True)), word_order=word_order)
    assert own == pytest.approx(other, abs=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"character_order": 0}, "character_order must be a number from 1"),
        ({"word_order": 17}, "word_order must be a number from 0 to 16"),
        ({"beta": float("inf")}, "beta must be more than 0"),
    ],
)
def test_parameters_that_cannot_be(options, message):
    with pytest.raises(InputError, match=message):
        chrf(["a"], ["a"], **options)
