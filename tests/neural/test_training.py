"""What trains weights: Adam, clipping, dropout, and how weights begin."""

import numpy as np
import pytest

from embedkit.neural.adam import Adam
from embedkit.neural.averaging import MovingAverage
from embedkit.neural.clipping import clip_by_norm, clip_by_value
from embedkit.neural.dropout import dropout_mask
from embedkit.neural.initializers import orthogonal


def test_adam_takes_the_steps_of_the_paper():
    weights = {"w": np.array([1.0, -2.0])}
    adam, mean, square, expected = Adam(weights), 0.0, 0.0, weights["w"].copy()
    for step in range(1, 5):
        gradient = 2 * weights["w"]
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        expected -= 0.1 * (mean / (1 - 0.9**step)) / np.sqrt(square / (1 - 0.999**step))
        adam.step({"w": gradient}, 0.1)
        np.testing.assert_allclose(weights["w"], expected, rtol=1e-6)


def test_of_a_table_only_rows_that_were_read_move():
    weights = {"table": np.zeros((3, 2), np.float32)}
    adam = Adam(weights)
    adam.step({"table": np.ones((1, 2), np.float32)}, 0.5, {"table": np.array([1])})
    np.testing.assert_allclose(weights["table"], [[0, 0], [-0.5, -0.5], [0, 0]], rtol=1e-5)


def test_averages_are_those_of_the_weights_with_falling_shares():
    weights, expected = {"w": np.zeros(2)}, np.zeros(2)
    average = MovingAverage(weights, 0.5)
    for step in range(1, 30):
        weights["w"][:] = [step, 1]
        share = min(0.5, step / (step + 10))
        expected = share * expected + (1 - share) * weights["w"]
        average.update()
    with average.applied():
        assert weights["w"] == pytest.approx(expected)
    assert weights["w"].tolist() == [29, 1]


def test_gradients_are_clipped_only_beyond_the_limit():
    small = {"a": np.array([0.3]), "b": np.array([0.4])}
    assert clip_by_norm(small, 0.6) == pytest.approx(0.5)
    assert small["a"].item() == 0.3
    large = {"a": np.full(3, 3.0, np.float32), "b": np.full((2, 2), -4.0, np.float32)}
    clip_by_norm(large, 1)
    assert sum((value**2).sum() for value in large.values()) == pytest.approx(1)
    assert large["a"].dtype == np.float32
    clip_by_value(large, 0.1)
    assert {float(np.abs(value).max()) for value in large.values()} == {np.float32(0.1)}


@pytest.mark.parametrize("rate", [0.0, 0.25, 0.9])
def test_dropout_leaves_out_its_share_and_keeps_the_mean(rate):
    mask = dropout_mask((300, 400), rate, np.random.default_rng(1))
    assert (mask == 0).mean() == pytest.approx(rate, abs=0.01)
    assert mask.mean() == pytest.approx(1, abs=0.02)
    assert mask.dtype == np.float32


def test_each_gate_begins_orthogonal():
    kernels = orthogonal(np.random.default_rng(1), (2, 3, 12))
    for kernel in kernels.reshape(2, 3, 4, 3).swapaxes(1, 2).reshape(-1, 3, 3):
        np.testing.assert_allclose(kernel @ kernel.T, np.eye(3), atol=1e-6)
