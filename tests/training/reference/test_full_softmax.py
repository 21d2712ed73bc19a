"""Full softmax against the definition of its loss."""

import numpy as np
import pytest

from embedkit.training.reference import full_softmax as reference
from embedkit.training.reference.negative_sampling import Window


def test_gradients_are_those_of_the_loss():
    random = np.random.default_rng(0)
    x, y = random.normal(size=(3, 5)), random.normal(size=(7, 5))
    for matrix, gradient in zip((x, y), reference.softmax_gradients(x, y, 2), strict=True):
        for index in np.ndindex(matrix.shape):
            value, losses = matrix[index], []
            for matrix[index] in (value + 1e-6, value - 1e-6):
                losses.append(reference.softmax_loss(x, y, 2))
            matrix[index] = value
            assert gradient[index] == pytest.approx((losses[0] - losses[1]) / 2e-6, abs=1e-7)


def test_all_words_are_as_likely_to_begin_with():
    assert reference.softmax_loss(np.ones((2, 4)), np.zeros((8, 4)), 3) == pytest.approx(2 * np.log(8))


def test_probabilities_of_large_scores_add_up_to_one():
    probabilities = reference.word_probabilities(np.full((1, 2), 1e3), np.array([[1, 1], [2, 2], [-1, -1.0]]))
    np.testing.assert_allclose(probabilities, [[0, 1, 0]], atol=1e-12)


@pytest.mark.parametrize("cbow", [False, True])
def test_training_finds_how_often_words_follow_one_another(cbow):
    """Of word 0 the neighbor is word 1 in three cases of four, else word 2."""
    random = np.random.default_rng(1)
    inputs, outputs = random.normal(size=(3, 4)), np.zeros((3, 4))
    windows = [Window(target, [0], []) for target in (1, 1, 2, 1)]
    for _ in range(400):
        reference.train_windows(inputs, outputs, windows, 0.02, cbow)
    np.testing.assert_allclose(
        reference.word_probabilities(inputs[:1], outputs), [[0, 0.75, 0.25]], atol=0.03
    )
