"""The twin against the definition of the loss: finite differences and closed forms."""

import numpy as np
import pytest

from embedkit.training.reference import negative_sampling as reference


def difference_quotient(function, matrix, step=1e-6):
    """The gradient of `function()` by `matrix`, entry by entry."""
    gradient = np.zeros_like(matrix)
    for index in np.ndindex(matrix.shape):
        value = matrix[index]
        matrix[index] = value + step
        above = function()
        matrix[index] = value - step
        gradient[index] = (above - function()) / (2 * step)
        matrix[index] = value
    return gradient


@pytest.mark.parametrize(("contexts", "negative"), [(1, 1), (4, 5)])
def test_gradients_are_those_of_the_loss(contexts, negative):
    random = np.random.default_rng(0)
    x, y = random.normal(size=(contexts, 7)), random.normal(size=(negative + 1, 7))
    by_contexts, by_samples = reference.negative_sampling_gradients(x, y)

    def loss():
        return reference.negative_sampling_loss(x, y)

    np.testing.assert_allclose(by_contexts, difference_quotient(loss, x), atol=1e-7)
    np.testing.assert_allclose(by_samples, difference_quotient(loss, y), atol=1e-7)


def test_loss_of_zero_vectors_is_log_two_a_pair():
    assert reference.negative_sampling_loss(np.zeros((3, 4)), np.ones((6, 4))) == pytest.approx(
        18 * np.log(2)
    )


def test_loss_follows_its_definition():
    x, target, noise = np.array([[1.0, 2.0]]), [0.5, 1.0], [3.0, -1.0]
    expected = np.log(1 + np.exp(-2.5)) + np.log(1 + np.exp(1.0))
    assert reference.negative_sampling_loss(x, np.array([target, noise])) == pytest.approx(expected)


def test_cbow_moves_every_context_word_by_the_gradient_of_the_mean():
    random = np.random.default_rng(1)
    inputs, outputs = random.normal(size=(5, 3)), random.normal(size=(4, 3))
    before, contexts, samples = inputs.copy(), [4, 0, 2], [1, 3]
    mean = inputs[contexts].mean(axis=0, keepdims=True)
    gradient, _ = reference.negative_sampling_gradients(mean, outputs[samples].copy())
    made, _ = reference.train_window(inputs, outputs, contexts, samples, 0.5, cbow=True)
    assert made == 1
    np.testing.assert_allclose(inputs[contexts], before[contexts] - 0.5 * gradient)
    np.testing.assert_array_equal(inputs[[1, 3]], before[[1, 3]])


def test_a_small_step_lowers_the_loss():
    random = np.random.default_rng(2)
    inputs, outputs = random.normal(size=(6, 4)), random.normal(size=(6, 4))
    _, first = reference.train_window(inputs, outputs, [0, 1, 2], [3, 4, 5], 0.01, cbow=False)
    _, second = reference.train_window(inputs, outputs, [0, 1, 2], [3, 4, 5], 0.01, cbow=False)
    assert second < first
