"""The twin of hierarchical softmax against the definition of its loss."""

import numpy as np
import pytest

from embedkit.training.huffman import HuffmanTree
from embedkit.training.reference import hierarchical_softmax as reference
from embedkit.training.reference.negative_sampling import Window


def test_gradients_are_those_of_the_loss():
    random = np.random.default_rng(0)
    x, y, signs = random.normal(size=(3, 5)), random.normal(size=(4, 5)), np.array([1.0, -1, -1, 1])
    for matrix, gradient in zip((x, y), reference.path_gradients(x, y, signs), strict=True):
        for index in np.ndindex(matrix.shape):
            value, losses = matrix[index], []
            for matrix[index] in (value + 1e-6, value - 1e-6):
                losses.append(reference.path_loss(x, y, signs))
            matrix[index] = value
            assert gradient[index] == pytest.approx((losses[0] - losses[1]) / 2e-6, abs=1e-7)


def test_the_probabilities_of_all_words_add_up_to_one():
    random = np.random.default_rng(1)
    paths = HuffmanTree(np.array([9, 5, 4, 3, 1, 1])).paths
    nodes, x = random.normal(size=(6, 3)), random.normal(size=(1, 3))
    losses = []
    for word in range(6):
        path, signs = reference.path_of(word, paths)
        losses.append(reference.path_loss(x, nodes[path], signs))
    assert np.exp(-np.array(losses)).sum() == pytest.approx(1)


@pytest.mark.parametrize("cbow", [False, True])
def test_a_window_moves_its_rows_by_the_gradient(cbow):
    random = np.random.default_rng(2)
    paths = HuffmanTree(np.array([4, 2, 1, 1])).paths
    inputs, nodes = random.normal(size=(4, 3)), random.normal(size=(4, 3))
    before, nodes_before = inputs.copy(), nodes.copy()
    path, signs = reference.path_of(2, paths)
    contexts = [0, 3, 3]
    x = inputs[contexts].mean(axis=0, keepdims=True) if cbow else inputs[contexts]
    by_contexts, by_nodes = reference.path_gradients(x, nodes[path], signs)
    made, _ = reference.train_window(inputs, nodes, Window(2, contexts, []), paths, 0.5, cbow)
    assert made == (1 if cbow else 3)
    np.testing.assert_allclose(inputs[0], before[0] - 0.5 * by_contexts[0])
    np.testing.assert_allclose(inputs[3], before[3] - by_contexts[-1])  # stands there twice
    np.testing.assert_array_equal(inputs[[1, 2]], before[[1, 2]])
    np.testing.assert_allclose(nodes[path], nodes_before[path] - 0.5 * by_nodes)
