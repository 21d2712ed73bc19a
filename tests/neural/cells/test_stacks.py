"""Bidirectional and deep layers: what they are made of, and their gradients beside finite differences."""

import numpy as np
import pytest

from embedkit import (
    Bidirectional,
    GRUCell,
    LSTMCell,
    SimpleRNNCell,
    backward_stack,
    forward_both,
    forward_stack,
    forward_through_time,
)
from embedkit.neural.dropout import dropout_mask

LENGTHS = np.array([2, 5, 1, 4])


def drawn(*shape, seed=2):
    return np.random.default_rng(seed).normal(size=shape)


def cell(kind, size, units, seed):
    made = kind.initial(size, units, np.random.default_rng(seed))
    return kind(*(drawn(*weight.shape, seed=seed + i) for i, weight in enumerate(made.weights().values())))


def test_both_directions_stand_side_by_side():
    cells, inputs = Bidirectional(cell(LSTMCell, 3, 2, 1), cell(LSTMCell, 3, 2, 9)), drawn(5, 4, 3)
    initial = drawn(2, 4, 4, seed=3)
    done = forward_both(cells, inputs, initial, LENGTHS)
    for i, (own, side) in enumerate(zip(cells, (slice(2), slice(2, 4)), strict=True)):
        alone = forward_through_time(own, inputs, initial[..., side], LENGTHS, reverse=bool(i))
        np.testing.assert_array_equal(done.states[..., side], alone.states)
        np.testing.assert_array_equal(done.final[..., side], alone.final)


def test_gradients_of_a_deep_stack_are_finite_differences():
    layers = [
        Bidirectional(cell(GRUCell, 3, 2, 1), cell(GRUCell, 3, 2, 9)),
        cell(LSTMCell, 4, 3, 20),
        cell(SimpleRNNCell, 3, 2, 30),
    ]
    inputs = drawn(5, 4, 3)
    initial = [drawn(1, 4, 4, seed=3), drawn(2, 4, 3, seed=4), drawn(1, 4, 2, seed=5)]
    of_states, of_final = drawn(5, 4, 2, seed=6), [drawn(*state.shape, seed=7) for state in initial]
    masks = [dropout_mask((1, 4, width), 0.5, np.random.default_rng(1)) for width in (4, 3)]

    def run():
        return forward_stack(layers, inputs, initial, LENGTHS, masks)

    def loss():
        done = run()
        return (done.states * of_states).sum() + sum(
            (a * b).sum() for a, b in zip(done.final, of_final, strict=True)
        )

    found = backward_stack(run(), of_states, of_final)
    checked = [(inputs, found.inputs), *zip(initial, found.initial, strict=True)]
    named = {"forward/": layers[0].forward, "backward/": layers[0].backward}
    for prefix, own in [("layer1/" + side, own) for side, own in named.items()] + [
        ("layer2/", layers[1]),
        ("layer3/", layers[2]),
    ]:
        checked += [(weight, found.weights[prefix + name]) for name, weight in own.weights().items()]
    assert len(checked) == 4 + len(found.weights)
    for values, gradient in checked:
        direction, kept = drawn(*values.shape, seed=8), values.copy()
        values += 1e-5 * direction
        above = loss()
        values[:] = kept - 1e-5 * direction
        below = loss()
        values[:] = kept
        assert (gradient * direction).sum() == pytest.approx((above - below) / 2e-5, rel=1e-5, abs=1e-8)


def test_without_final_gradients_they_are_zeros():
    layers = [cell(GRUCell, 3, 2, 1), cell(LSTMCell, 2, 2, 9)]
    done = forward_stack(layers, drawn(5, 4, 3))
    of_states = drawn(5, 4, 2, seed=3)
    zeros = [np.zeros_like(state) for state in done.final]
    for name, gradient in backward_stack(done, of_states).weights.items():
        np.testing.assert_array_equal(gradient, backward_stack(done, of_states, zeros).weights[name])
