"""GloVe's twin against the definition of its cost: closed forms and finite differences."""

import numpy as np
import pytest

from embedkit.training.reference.glove import (
    AdaGradState,
    Nonzero,
    cost,
    gradients,
    train_nonzero,
    train_pass,
    weight,
)


def sides(random, words=5, vector_size=4):
    return [
        AdaGradState.of(random.normal(size=(words, vector_size)), random.normal(size=words)) for _ in range(2)
    ]


def test_the_weight_is_that_of_the_paper():
    assert weight(100, x_max=100, alpha=0.75) == weight(1e9, x_max=100, alpha=0.75) == 1
    assert weight(1, x_max=16, alpha=0.75) == pytest.approx(1 / 8)


def test_the_cost_follows_its_definition():
    words, contexts = (
        AdaGradState.of(np.array([[1.0, 2.0]]), np.array([0.5])),
        AdaGradState.of(np.eye(2), np.array([0, 1.0])),
    )
    difference = 2 + 0.5 + 1 - np.log(4)
    assert cost(words, contexts, Nonzero(0, 1, 4), 16, 0.5) == pytest.approx(0.5 * 0.5 * difference**2)


@pytest.mark.parametrize("count", [0.1, 3.0, 50.0])
def test_gradients_are_those_of_the_cost(count):
    words, contexts = sides(np.random.default_rng(0))
    nonzero = Nonzero(2, 4, count)
    by_word, by_context, by_bias = gradients(words, contexts, nonzero, 10, 0.75)
    for entries, row, expected in (
        (words.vectors, 2, by_word),
        (contexts.vectors, 4, by_context),
        (words.biases, 2, by_bias),
        (contexts.biases, 4, by_bias),
    ):
        found = np.empty_like(entries[row])
        for index in np.ndindex(found.shape):
            at, value, step = (row, *index), entries[(row, *index)], 1e-6
            entries[at] = value + step
            above = cost(words, contexts, nonzero, 10, 0.75)
            entries[at] = value - step
            found[index] = (above - cost(words, contexts, nonzero, 10, 0.75)) / (2 * step)
            entries[at] = value
        np.testing.assert_allclose(found, expected, atol=1e-7)


def test_a_step_is_adagrad_from_squares_of_one():
    words, contexts = sides(np.random.default_rng(1))
    nonzero, rate = Nonzero(1, 3, 7.0), 0.05
    before = [np.copy(array) for side in (words, contexts) for array in side]
    by_word, by_context, by_bias = gradients(words, contexts, nonzero, 10, 0.75)
    for _ in range(2):
        train_nonzero(words, contexts, nonzero, 10, 0.75, rate)
        if _ == 0:
            np.testing.assert_allclose(words.vectors[1], before[0][1] - rate * by_word)
            np.testing.assert_allclose(contexts.vectors[3], before[4][3] - rate * by_context)
            assert words.biases[1] == pytest.approx(before[1][1] - by_bias)
            np.testing.assert_allclose(words.vector_squares[1], 1 + (rate * by_word) ** 2)
            np.testing.assert_allclose(contexts.bias_squares[3], 1 + by_bias**2)
    others = np.arange(5) != 1
    np.testing.assert_array_equal(words.vectors[others], before[0][others])


def test_gradients_are_clipped():
    words, contexts = sides(np.random.default_rng(2))
    contexts.vectors[0] = [1e6, -1e6, 0, 1e-9]
    before = words.vectors[0].copy()
    train_nonzero(words, contexts, Nonzero(0, 0, 20.0), 10, 0.75, 0.1)
    np.testing.assert_allclose(np.abs(words.vectors[0] - before)[:3], [10, 10, 0])


def test_the_cost_falls_from_pass_to_pass():
    random = np.random.default_rng(3)
    words, contexts = sides(random, 8)
    nonzeros = [Nonzero(i, j, x) for i in range(8) for j, x in enumerate(random.uniform(0.2, 30, 8))]
    totals = [sum(train_pass(words, contexts, nonzeros, 10, 0.75, 0.05)) for _ in range(10)]
    assert totals == sorted(totals, reverse=True)
    assert totals[-1] < totals[0] / 2
