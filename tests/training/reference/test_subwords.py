"""The twin against the definition of the loss: finite differences and closed forms."""

import numpy as np
import pytest

from embedkit.training.reference import subwords as reference
from tests.training.reference.test_negative_sampling import difference_quotient


def test_gradients_are_those_of_the_loss():
    random = np.random.default_rng(0)
    x, y, sides = random.normal(size=7), random.normal(size=(4, 7)), np.array([1, 1, -2.5, -0.5])
    errors = reference.score_errors(x, y, sides)

    def loss():
        return reference.weighted_loss(x, y, sides)

    np.testing.assert_allclose(errors @ y, difference_quotient(loss, x), atol=1e-7)
    np.testing.assert_allclose(np.outer(errors, x), difference_quotient(loss, y), atol=1e-7)


def test_a_noise_word_of_weight_five_is_as_many():
    x, y = np.array([1.0, 2.0]), np.array([[0.5, 1.0], [3.0, -1.0]])
    expected = np.log(1 + np.exp(-2.5)) + 5 * np.log(1 + np.exp(1.0))
    assert reference.weighted_loss(x, y, np.array([1, -5.0])) == pytest.approx(expected)


def test_every_row_takes_the_whole_gradient_of_the_mean():
    random = np.random.default_rng(1)
    inputs, outputs = random.normal(size=(5, 3)), random.normal(size=(4, 3))
    before, rows, samples = inputs.copy(), [4, 0, 4], [1, 3]
    mean = (2 * before[4] + before[0]) / 3
    gradient = reference.score_errors(mean, outputs[samples], np.array([1, -1.0])) @ outputs[samples]
    made, _ = reference.train_cbow_window(inputs, outputs, [[4], [0, 4]], 1, [3], 0.5)
    assert made == 1
    np.testing.assert_allclose(inputs[0], before[0] - 0.5 * gradient)
    np.testing.assert_allclose(inputs[4], before[4] - 2 * 0.5 * gradient)
    np.testing.assert_array_equal(inputs[[1, 2, 3]], before[[1, 2, 3]])


def test_shared_noise_stands_for_what_every_prediction_would_draw():
    """As often as noise of its own for each target, but never for a target that it is."""
    assert reference.noise_sides([3, 4, 5], [6, 7], negative=4) == [-6, -6]
    assert reference.noise_sides([3, 4, 3], [3, 4], negative=2) == [-1, -2]


def test_a_small_step_lowers_the_loss():
    random = np.random.default_rng(2)
    inputs, outputs = random.normal(size=(9, 4)), random.normal(size=(9, 4))

    def step():
        return reference.train_skipgram_window(inputs, outputs, [0, 1, 2], [3, 4], [5, 6], 3, rate=0.01)[1]

    assert step() > step() > step()
