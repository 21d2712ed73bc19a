"""The twin of fastText's kernels against the definition of the loss, and against word2vec."""

import numpy as np
import pytest

from embedkit.training.reference import negative_sampling, subwords
from tests.training.reference.test_negative_sampling import difference_quotient


@pytest.mark.parametrize("cbow", [False, True])
def test_words_without_ngrams_learn_as_those_of_word2vec(cbow):
    random = np.random.default_rng(0)
    inputs, outputs = random.normal(size=(6, 3)), random.normal(size=(6, 3))
    twin_inputs, twin_outputs = inputs.copy(), outputs.copy()
    made = subwords.train_window(inputs, outputs, [[4], [0], [2]], [1, 3], 0.5, cbow)
    expected = negative_sampling.train_window(twin_inputs, twin_outputs, [4, 0, 2], [1, 3], 0.5, cbow)
    assert made == pytest.approx(expected)
    np.testing.assert_allclose(inputs, twin_inputs)
    np.testing.assert_allclose(outputs, twin_outputs)


@pytest.mark.parametrize(("cbow", "predictors"), [(False, [[4, 0, 4], [5]]), (True, [[4, 0, 4, 5]])])
def test_every_row_takes_the_whole_gradient_of_its_mean(cbow, predictors):
    random = np.random.default_rng(1)
    inputs, outputs = random.normal(size=(6, 3)), random.normal(size=(4, 3))
    before, outputs_before = inputs.copy(), outputs.copy()
    means = np.stack([before[rows].mean(axis=0) for rows in predictors])
    gradients = difference_quotient(
        lambda: negative_sampling.negative_sampling_loss(means, outputs_before[[1, 3]]), means
    )
    subwords.train_window(inputs, outputs, [[4, 0, 4], [5]], [1, 3], 0.5, cbow)
    np.testing.assert_allclose(inputs[0], before[0] - 0.5 * gradients[0], atol=1e-7)
    np.testing.assert_allclose(inputs[4], before[4] - 2 * 0.5 * gradients[0], atol=1e-7)
    np.testing.assert_allclose(inputs[5], before[5] - 0.5 * gradients[-1], atol=1e-7)
    np.testing.assert_array_equal(inputs[1:4], before[1:4])


def test_a_small_step_lowers_the_loss():
    random = np.random.default_rng(2)
    inputs, outputs = random.normal(size=(9, 4)), random.normal(size=(9, 4))

    def step():
        return subwords.train_window(inputs, outputs, [[0, 1], [2, 1]], [3, 4, 5], 0.01, cbow=False)[1]

    assert step() > step() > step()


def test_weights_of_positions_take_the_gradient_that_the_sum_of_words_has():
    """Of one word, whose weighted vector is the mean: by finite differences. Those of other places stay."""
    random = np.random.default_rng(3)
    inputs, outputs, positions = (random.normal(size=(rows, 3)) for rows in (4, 4, 5))
    before, outputs_before = positions.copy(), outputs[[1, 2]]
    word, weights = inputs[[0, 3]].mean(axis=0), before[[4]]
    gradient = difference_quotient(
        lambda: negative_sampling.negative_sampling_loss(weights * word, outputs_before), weights
    )
    subwords.train_positioned_window(inputs, outputs, positions, [[0, 3]], [4], [1, 2], 0.5)
    np.testing.assert_allclose(positions[4], before[4] - 0.5 * gradient[0], atol=1e-7)
    np.testing.assert_array_equal(positions[:4], before[:4])


def test_weights_of_one_leave_cbow_as_it_is():
    random = np.random.default_rng(4)
    inputs, outputs = random.normal(size=(6, 3)), random.normal(size=(6, 3))
    twin_inputs, twin_outputs = inputs.copy(), outputs.copy()
    subwords.train_positioned_window(inputs, outputs, np.ones((2, 3)), [[4, 0], [2]], [0, 1], [1, 3], 0.5)
    subwords.train_window(twin_inputs, twin_outputs, [[4, 0], [2]], [1, 3], 0.5, cbow=True)
    np.testing.assert_allclose(inputs, twin_inputs)
    np.testing.assert_allclose(outputs, twin_outputs)
