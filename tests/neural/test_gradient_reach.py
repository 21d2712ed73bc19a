"""How far gradients reach, and the task of memory that needs it."""

import numpy as np
import pytest

from embedkit import GRUCell, LSTMCell, SimpleRNNCell, gradient_norms
from embedkit.errors import InputError
from embedkit.neural.gradient_reach import ReachParameters, compare_reach
from embedkit.neural.recall import SIZE, SYMBOLS, recall_batch, train_to_recall


def linear(scale):
    """A simple network at 0, where its tangent is the identity: gradients are powers of its one weight."""
    return SimpleRNNCell(np.zeros((1, 1)), np.full((1, 1), scale), np.zeros(1))


@pytest.mark.parametrize("scale", [0.5, 1.5])
def test_gradients_vanish_and_explode_as_powers(scale):
    norms = gradient_norms(linear(scale), np.zeros((6, 2, 1)), np.random.default_rng(1))
    np.testing.assert_allclose(norms, scale ** np.arange(6))


def test_the_memory_of_an_lstm_passes_gradients_on_by_its_forget_gate():
    """Without recurrent weights only the sum of equation 9 is left: o (1 - tanh(c)²) f^k, here at c = 0."""
    cell = LSTMCell(np.zeros((1, 4)), np.zeros((1, 4)), np.array([0.0, 2.0, 0.0, 0.0]))
    norms = gradient_norms(cell, np.zeros((5, 1, 1)), np.random.default_rng(1))
    forget = 1 / (1 + np.exp(-2.0))
    np.testing.assert_allclose(norms, [1, *(0.5 * forget ** np.arange(1, 5))])


def test_a_gru_that_updates_nothing_keeps_the_gradient():
    cell = GRUCell(np.zeros((1, 3)), np.zeros((1, 3)), np.array([[50.0, 0, 0], [0, 0, 0]]))
    norms = gradient_norms(cell, np.zeros((9, 1, 1)), np.random.default_rng(1))
    np.testing.assert_allclose(norms, np.ones(9))


def test_cells_are_compared_by_name_and_seed():
    parameters = ReachParameters(distance=20, units=8)
    found = compare_reach(parameters, ["rnn", "lstm"], seed=1)
    assert [(reach.name, len(reach.norms), reach.recalled) for reach in found] == [
        ("RNN", 21, None),
        ("LSTM", 21, None),
    ]
    [again] = compare_reach(parameters, ["lstm"], seed=1)
    np.testing.assert_array_equal(again.norms, found[1].norms)
    with pytest.raises(InputError, match="expected cells of lstm, gru, rnn, got tree"):
        compare_reach(parameters, ["rnn", "tree"], seed=1)


def test_what_is_asked_for_is_the_first_symbol():
    inputs, first = recall_batch(4, 50, np.random.default_rng(1))
    symbols = inputs.argmax(axis=2)
    np.testing.assert_array_equal(symbols[0], first)
    assert first.max() < SYMBOLS <= symbols[1:].min()


def test_a_cell_learns_to_recall_over_a_few_steps():
    generator = np.random.default_rng(1)
    right = train_to_recall(GRUCell.initial(SIZE, 16, generator), 4, 150, generator)
    assert np.mean(right[:10]) < 0.5
    assert np.mean(right[-10:]) > 0.9
