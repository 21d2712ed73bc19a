"""Macro-F1 has an interval that holds the true value about as often as it promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import f1_score

from embedkit.statistics.f1 import macro_f1
from embedkit.statistics.intervals import Estimate, wilson

LABELS = arrays(bool, st.tuples(st.integers(1, 12), st.just(3)))


@given(LABELS, st.integers(0, 10))
def test_the_value_is_that_of_scikit_learn_and_within_its_interval(truth, seed):
    predicted = np.random.default_rng(seed).random(truth.shape) < 0.5
    found = macro_f1(truth, predicted)
    if not (truth.any() or predicted.any()):
        assert found == Estimate(None, None)
        return
    known = f1_score(truth, predicted, average=None, zero_division=np.nan)
    assert found.value == pytest.approx(np.nanmean(known))
    assert 0 <= found.interval.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.interval.high <= 1


@pytest.mark.parametrize("classes", [2, 5])
def test_of_equal_classes_that_are_all_right_the_interval_is_wilsons(classes):
    truth = np.eye(classes, dtype=bool).repeat(20, axis=0)
    found = macro_f1(truth, truth)
    assert found.value == 1
    assert found.interval == pytest.approx(wilson(20 * classes, 20 * classes))
    assert macro_f1(truth, np.roll(truth, 1, axis=1)).interval.low == 0


def test_many_texts_have_the_interval_of_the_bootstrap():
    generator = np.random.default_rng(1)
    truth = generator.random((3000, 3)) < [0.3, 0.1, 0.5]
    predicted = truth ^ (generator.random((3000, 3)) < [0.1, 0.02, 0.2])
    weights = generator.multinomial(3000, np.full(3000, 1 / 3000), size=2000)
    drawn = 2 * (weights @ (truth & predicted)) / (weights @ (truth.astype(int) + predicted))
    expected = np.quantile(drawn.mean(axis=1), [0.025, 0.975])
    np.testing.assert_allclose(macro_f1(truth, predicted).interval, expected, atol=2e-3)


def drawn_classes(generator, shares, accuracy, texts):
    """Texts of one class each; a class is told with its accuracy, else taken for any other one."""
    actual = generator.choice(len(shares), texts, p=shares)
    wrong = (actual + generator.integers(1, len(shares), texts)) % len(shares)
    said = np.where(generator.random(texts) < np.take(accuracy, actual), actual, wrong)
    return np.eye(len(shares), dtype=bool)[actual], np.eye(len(shares), dtype=bool)[said]


@pytest.mark.parametrize(
    ("shares", "accuracy", "texts"),
    [
        ([0.5, 0.5], [0.7, 0.7], 30),
        ([0.5, 0.5], [0.98, 0.98], 30),
        ([0.5, 0.5], [0.9, 0.6], 100),
        ([1 / 6] * 6, [0.9] * 6, 100),
        ([0.7, 0.2, 0.07, 0.03], [0.98] * 4, 200),
        ([0.7, 0.2, 0.07, 0.03], [0.95, 0.9, 0.7, 0.4], 500),
        ([0.05] * 20, [0.4] * 20, 500),
    ],
)
def test_the_true_value_is_covered(shares, accuracy, texts):
    generator, classes = np.random.default_rng(3), len(shares)
    joint = np.diag(np.multiply(shares, accuracy))
    missed = np.multiply(shares, np.subtract(1, accuracy))[:, None] / (classes - 1)
    joint = joint + missed * (1 - np.eye(classes))
    true = np.mean(2 * np.diag(joint) / (joint.sum(axis=0) + joint.sum(axis=1)))
    ends = np.array([macro_f1(*drawn_classes(generator, shares, accuracy, texts))[1] for _ in range(500)])
    covered = np.mean((ends[:, 0] <= true) & (true <= ends[:, 1]))
    assert 0.915 <= covered <= 0.99


def test_the_true_value_is_covered_where_texts_have_several_labels():
    generator = np.random.default_rng(4)
    shares, found, wrong = np.array([[0.3, 0.1, 0.5], [0.8, 0.6, 0.95], [0.05, 0.02, 0.1]])
    true = np.mean(2 * shares * found / (shares + shares * found + (1 - shares) * wrong))
    ends = []
    for _ in range(500):
        truth = generator.random((120, 3)) < shares
        predicted = generator.random((120, 3)) < np.where(truth, found, wrong)
        ends.append(macro_f1(truth, predicted).interval)
    covered = np.mean([low <= true <= high for low, high in ends])
    assert 0.92 <= covered <= 0.98
