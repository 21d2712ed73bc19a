"""Scores of tags against counts by hand."""

import numpy as np
import pytest

from embedkit.statistics.intervals import wilson
from embedkit.tagging.scores import accuracy, entity_f1, plain_scores, span_scores

TRUTH = [["B-x", "I-x", "O", "B-y"], ["O", "O"], ["I-x", "B-x"]]
SAID = [["B-x", "I-x", "O", "B-x"], ["O", "B-y"], ["B-x", "I-x"]]


def test_spans_count_if_both_ends_and_the_type_are_right():
    # actual: x 0-2, y 3, x 0, x 1; said: x 0-2, x 3, y 1, x 0-2; right: one
    total, x, y = span_scores(TRUTH, SAID)
    assert (total.name, total.precision, total.recall, total.f1) == ("all spans", 1 / 4, 1 / 4, 1 / 4)
    assert (x.name, x.precision, x.recall, x.actual, x.predicted) == ("x", 1 / 3, 1 / 3, 3, 3)
    assert (y.precision, y.recall, y.f1) == (0, 0, 0)
    assert entity_f1(TRUTH, SAID) == 1 / 4


def test_schemes_do_not_matter_to_the_score():
    assert entity_f1([["B-x", "E-x", "S-y"]], [["I-x", "I-x", "B-y"]]) == 1.0


def test_plain_tags():
    noun, verb = plain_scores([["NOUN", "VERB"], ["NOUN"]], [["NOUN", "NOUN"], ["NOUN"]])
    assert (noun.precision, noun.recall, noun.f1) == (2 / 3, 1, 0.8)
    assert (verb.precision, verb.recall, verb.f1, verb.actual) == (None, 0, 0, 1)


def test_accuracy_and_its_interval():
    generator = np.random.default_rng(3)
    truth = [["A", "B"] * 10 for _ in range(100)]
    said = [[tag if generator.random() < 0.9 else "C" for tag in tags] for tags in truth]
    value, (low, high) = accuracy(truth, said)
    right = sum(
        a == b for own, other in zip(truth, said, strict=True) for a, b in zip(own, other, strict=True)
    )
    assert value == right / 2000
    half = 1.96 * np.sqrt(0.9 * 0.1 / 2000)  # of independent tokens
    assert (high - low) / 2 == pytest.approx(half, rel=0.25)


def test_nothing_to_score():
    assert accuracy([], []) == (None, None)
    [total] = span_scores([["O"]], [["O"]])
    assert (total.precision, total.f1, total.low) == (None, None, None)
    assert entity_f1([["O"]], [["O"]]) == 0


def test_all_right_is_not_certain():
    value, (low, high) = accuracy([["A", "B"]] * 5, [["A", "B"]] * 5)
    assert (value, low, high) == (1.0, *wilson(10, 10))
    [total, _] = span_scores([["B-x"]] * 4, [["B-x"]] * 4)
    assert (total.f1, total.low, total.high) == (1.0, *wilson(4, 4))
