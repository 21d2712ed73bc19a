"""Compiled steps beside the readable cells: states, final states and all gradients."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from embedkit import (
    Bidirectional,
    GRUCell,
    LSTMCell,
    ResetFirstGRUCell,
    SimpleRNNCell,
    backward_stack,
    backward_through_time,
    forward_stack,
    forward_through_time,
)

LENGTHS = np.array([2, 5, 1, 4])


class PeepholeLSTM:
    """Makes an LSTM whose gates see its memory."""

    @staticmethod
    def initial(size, units, generator):
        return replace(LSTMCell.initial(size, units, generator), peepholes=drawn(3, units, seed=6))


def single_cell(kind, size, units):
    generator = np.random.default_rng(1)
    cell = kind.initial(size, units, generator)
    cell.bias[...] = generator.normal(size=cell.bias.shape)
    return cell


def drawn(*shape, seed=2):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize(
    ("kind", "units", "lengths", "reverse"),
    [*product([SimpleRNNCell, LSTMCell, GRUCell, PeepholeLSTM], [3, 16], [None, LENGTHS], [False, True])],
)
def test_compiled_steps_are_those_of_the_cells(kind, units, lengths, reverse):
    cell, inputs = single_cell(kind, 3, units), drawn(5, 4, 3)
    initial, of_states = drawn(cell.state_parts, 4, units, seed=3), drawn(5, 4, units, seed=4)
    of_final = drawn(cell.state_parts, 4, units, seed=5)
    passes = [
        forward_through_time(cell, inputs, initial, lengths, reverse, compiled) for compiled in (False, True)
    ]
    assert [isinstance(done.kept, list) for done in passes] == [True, False]
    readable, fast = (backward_through_time(done, of_states, of_final) for done in passes)
    np.testing.assert_allclose(passes[1].states, passes[0].states, atol=1e-5)
    np.testing.assert_allclose(passes[1].final, passes[0].final, atol=1e-5)
    np.testing.assert_allclose(fast.inputs, readable.inputs, atol=1e-5)
    np.testing.assert_allclose(fast.initial, readable.initial, atol=1e-5)
    for name, gradient in readable.weights.items():
        np.testing.assert_allclose(fast.weights[name], gradient, atol=2e-5, err_msg=name)


def test_cells_without_compiled_steps_are_read_all_the_same():
    cell, inputs = single_cell(ResetFirstGRUCell, 3, 2), drawn(5, 4, 3)
    for other in (cell, double(single_cell(GRUCell, 3, 2))):
        done = forward_through_time(other, inputs, compiled=True)
        np.testing.assert_array_equal(done.states, forward_through_time(other, inputs).states)


def double(cell):
    return type(cell)(*(weight.astype(np.float64) for weight in cell.weights().values()))


def test_stacks_hand_on_that_steps_are_compiled():
    layers = [
        Bidirectional(single_cell(GRUCell, 3, 2), single_cell(GRUCell, 3, 2)),
        single_cell(LSTMCell, 4, 3),
    ]
    passes = [
        forward_stack(layers, drawn(5, 4, 3), None, LENGTHS, (), compiled) for compiled in (False, True)
    ]
    assert not any(isinstance(done.kept, list) for done in (*passes[1].passes[0].passes, passes[1].passes[1]))
    readable, fast = (backward_stack(done, drawn(5, 4, 3, seed=3)) for done in passes)
    np.testing.assert_allclose(fast.inputs, readable.inputs, atol=1e-5)
