"""The equations of each cell in closed form, and the gradients beside finite differences in float64."""

import numpy as np
import pytest

from embedkit import (
    GRUCell,
    LSTMCell,
    ResetFirstGRUCell,
    SimpleRNNCell,
    backward_through_time,
    forward_through_time,
)
from embedkit.errors import InputError

STEPS, TEXTS, SIZE, UNITS = 5, 4, 3, 2
LENGTHS = np.array([2, 5, 1, 4])
CELLS = [SimpleRNNCell, LSTMCell, "peepholes", GRUCell, ResetFirstGRUCell]


def double_cell(kind):
    """A cell in float64 with no weight at zero."""
    generator = np.random.default_rng(1)
    made = (LSTMCell if kind == "peepholes" else kind).initial(SIZE, UNITS, generator)
    weights = {name: generator.normal(size=weight.shape) for name, weight in made.weights().items()}
    if kind == "peepholes":
        weights["peepholes"] = generator.normal(size=(3, UNITS))
    return type(made)(**weights)


def drawn(*shape, seed=2):
    return np.random.default_rng(seed).normal(size=shape)


def logistic(x):
    return 1 / (1 + np.exp(-x))


def test_an_lstm_step_follows_its_equations():
    cell = LSTMCell(np.array([[0.1, 0.2, 0.3, 0.4]]), np.full((1, 4), 0.5), np.zeros(4))
    before = np.array([[[0.6]], [[0.7]]])
    (h, c), _ = cell.step(cell.project(np.ones((1, 1))), before)
    i, f, o = (logistic(w + 0.5 * 0.6) for w in (0.1, 0.2, 0.4))
    memory = f * 0.7 + i * np.tanh(0.3 + 0.5 * 0.6)
    assert c.item() == pytest.approx(memory)
    assert h.item() == pytest.approx(o * np.tanh(memory))


def test_peepholes_let_gates_see_the_memory():
    """The output gate sees the memory after the step, the others that before it (Graves 2013, 7 to 10)."""
    cell = LSTMCell(np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4), np.array([[2.0], [3.0], [5.0]]))
    (h, c), _ = cell.step(np.array([[0, 0, 1.0, 0]]), np.array([[[0.0]], [[0.7]]]))
    memory = logistic(3 * 0.7) * 0.7 + logistic(2 * 0.7) * np.tanh(1)
    assert c.item() == pytest.approx(memory)
    assert h.item() == pytest.approx(logistic(5 * memory) * np.tanh(memory))


def test_the_two_forms_of_the_gru_differ_in_where_the_state_is_reset():
    recurrent = np.array([[0.0, 0, 0, 0, 0.5, 2.0], [0, 0, 0, 0, 3.0, 0.25]])
    given, before = np.array([[0.0, 0, 1.0, -1.0, 0.1, 0.2]]), np.array([[[0.3, 0.4]]])
    reset, h = logistic(np.array([1.0, -1.0])), before[0, 0]
    inner = recurrent[:, 4:]
    first, _ = ResetFirstGRUCell(given[:0], recurrent, np.zeros(6)).step(given, before)
    after, _ = GRUCell(given[:0], recurrent, np.zeros((2, 6))).step(given, before)
    expected = [np.tanh(given[0, 4:] + (reset * h) @ inner), np.tanh(given[0, 4:] + reset * (h @ inner))]
    np.testing.assert_allclose(first[0, 0], (h + expected[0]) / 2)
    np.testing.assert_allclose(after[0, 0], (h + expected[1]) / 2)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("lengths", [None, LENGTHS])
@pytest.mark.parametrize("kind", CELLS)
def test_gradients_are_finite_differences(kind, lengths, reverse):
    cell = double_cell(kind)
    inputs, initial = drawn(STEPS, TEXTS, SIZE), drawn(cell.state_parts, TEXTS, UNITS, seed=3)
    of_states, of_final = drawn(STEPS, TEXTS, UNITS, seed=4), drawn(*initial.shape, seed=5)

    def loss():
        done = forward_through_time(cell, inputs, initial, lengths, reverse)
        return (done.states * of_states).sum() + (done.final * of_final).sum()

    done = forward_through_time(cell, inputs, initial, lengths, reverse)
    found = backward_through_time(done, of_states, of_final)
    assert found.weights.keys() == cell.weights().keys()
    checked = {"inputs": (inputs, found.inputs), "initial": (initial, found.initial)}
    checked |= {name: (weight, found.weights[name]) for name, weight in cell.weights().items()}
    for name, (values, gradient) in checked.items():
        direction, kept = drawn(*values.shape, seed=6), values.copy()
        values += 1e-5 * direction
        above = loss()
        values[:] = kept - 1e-5 * direction
        below = loss()
        values[:] = kept
        assert (gradient * direction).sum() == pytest.approx((above - below) / 2e-5, rel=1e-6), name


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("kind", CELLS)
def test_a_sequence_is_read_as_if_it_stood_alone(kind, reverse):
    cell, inputs = double_cell(kind), drawn(STEPS, TEXTS, SIZE)
    initial = drawn(cell.state_parts, TEXTS, UNITS, seed=3)
    done = forward_through_time(cell, inputs, initial, LENGTHS, reverse)
    for i, length in enumerate(LENGTHS):
        alone = forward_through_time(cell, inputs[:length, i : i + 1], initial[:, i : i + 1], reverse=reverse)
        np.testing.assert_allclose(done.states[:length, i], alone.states[:, 0])
        np.testing.assert_allclose(done.final[:, i], alone.final[:, 0])
        assert not done.states[length:, i].any()


@pytest.mark.parametrize("kind", CELLS)
def test_a_carried_state_goes_on_where_the_sequence_was_cut(kind):
    cell, inputs = double_cell(kind), drawn(STEPS, TEXTS, SIZE)
    whole = forward_through_time(cell, inputs)
    first = forward_through_time(cell, inputs[:2])
    second = forward_through_time(cell, inputs[2:], first.final)
    np.testing.assert_allclose(np.concatenate([first.states, second.states]), whole.states)
    np.testing.assert_allclose(second.final, whole.final)


@pytest.mark.parametrize("lengths", [[2, 6, 1, 4], [2, 5, 0, 4], [2, 5, 1]])
def test_lengths_that_cannot_be_are_refused(lengths):
    with pytest.raises(InputError, match="expected 4 lengths from 1 to 5"):
        forward_through_time(double_cell(GRUCell), drawn(STEPS, TEXTS, SIZE), lengths=np.array(lengths))


def test_single_precision_stays_single():
    cell = LSTMCell.initial(SIZE, UNITS, np.random.default_rng(1))
    done = forward_through_time(cell, np.ones((STEPS, TEXTS, SIZE), np.float32))
    found = backward_through_time(done, np.ones_like(done.states))
    arrays = [done.states, done.final, found.inputs, found.initial, *found.weights.values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
