"""Layers that fit, those that do not, and the numbers of their weights."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import GRU, Dense, InputError, LastState
from embedkit.models.layers.stack import LayerStack
from embedkit.models.layers.summary import summary_rows
from embedkit.models.layers.windows import window_count, window_start


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ("", "expected at least one layer, got none"),
        ([], "expected at least one layer, got none"),
        ("max lstm:8", "layer 2, lstm:8, reads a sequence, but max before it leaves one vector a text"),
        ("lstm:8 attention:4 dense:3 conv:3", "layer 4, conv:3, reads a sequence, but attention:4 before"),
        ("bilstm:8 last max", "layer 3, max, reads a sequence, but last before it leaves one vector"),
        ("conv:8", '"conv:8" leaves a vector of each token; add max, mean or attention'),
        ("lstm:8 maxpool:2 dropout", "leaves a vector of each token"),
        ("dropout dense:8", "leaves a vector of each token"),
        ("lstm:8 dense:1:sigmoid", "the output layer is added for the labels; leave dense:1:sigmoid"),
        ("dense:3 " * 300, "expected at most 200 layers, got 300"),
    ],
)
def test_layers_that_do_not_fit(layers, message):
    with pytest.raises(InputError, match=message):
        LayerStack(layers)


def test_the_last_state_stands_where_nothing_reads_a_sequence():
    assert LayerStack("gru:4 dense:3").layers == (GRU(4), LastState(), Dense(3))
    assert LayerStack("gru:4 last dense:3").layers == (GRU(4), LastState(), Dense(3))
    assert LayerStack("gru:4 dense:3 mean").layers[:2] == (GRU(4), Dense(3))
    assert [type(layer).__name__ for layer in LayerStack("gru:4 gru:3").layers] == ["GRU", "GRU", "LastState"]


@pytest.mark.parametrize(
    ("layers", "size", "weights"),
    [
        ("lstm:64", 128, [4 * 64 * (128 + 64 + 1), 65]),
        ("bilstm:64 bilstm:32 dense:64:relu", 64, [66_048, 41_216, 64 * 64 + 64, 65]),
        ("gru:64", 128, [3 * 64 * (128 + 64 + 2), 65]),
        ("rnn:32 rnn:32 rnn:32", 32, [2080, 2080, 2080, 33]),
        ("conv:32:7 maxpool:5 conv:32:7 max", 128, [128 * 7 * 32 + 32, 0, 32 * 7 * 32 + 32, 0, 33]),
        ("bilstm:8 attention:5", 4, [2 * 4 * 8 * (4 + 8 + 1), 16 * 5 + 5 + 5, 17]),
    ],
)
def test_the_numbers_of_weights(layers, size, weights):
    stack = LayerStack(layers)
    rows = summary_rows(stack, 10_000, size, 1)
    assert [row.weights for row in rows] == [10_000 * size, *weights]
    assert sum(map(math.prod, stack.weight_shapes(size, 1).values())) == sum(weights)


@given(st.integers(1, 30), st.integers(1, 9), st.integers(1, 9))
def test_windows_of_a_text(length, size, strides):
    """Those of padding "valid" lie in the text, those of "same" begin at every `strides`th token."""
    lengths = np.array([length])
    [count], [start] = (
        function(np, lengths, size, strides, "valid") for function in (window_count, window_start)
    )
    assert start == 0
    assert count == max(1, len(range(0, length - size + 1, strides)))
    [count], [start] = (
        function(np, lengths, size, strides, "same") for function in (window_count, window_start)
    )
    assert count == len(range(0, length, strides))
    before, after = -start, start + (count - 1) * strides + size - length
    assert before >= 0
    assert after - before in (0, 1) or after < 0 or before == 0
