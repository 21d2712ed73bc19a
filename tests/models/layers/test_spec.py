"""Layers in words are read and written alike, and what is no layer is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import (
    GRU,
    LSTM,
    Attention,
    Conv1D,
    Dense,
    Dropout,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    InputError,
    LastState,
    MaxPooling1D,
    SimpleRNN,
)
from embedkit.models.layers.spec import KINDS, read_layers, write_layers

SIZES, RATES = st.integers(1, 1000), st.floats(0, 0.95)
ACTIVATIONS, PADDINGS = (
    st.sampled_from(["linear", "relu", "tanh", "sigmoid"]),
    st.sampled_from(["same", "valid"]),
)
LAYERS = st.one_of(
    st.builds(LSTM, SIZES, st.booleans(), RATES),
    st.builds(GRU, SIZES, st.booleans(), RATES),
    st.builds(SimpleRNN, SIZES, st.booleans(), RATES),
    st.builds(Conv1D, SIZES, SIZES, SIZES, PADDINGS, ACTIVATIONS),
    st.builds(MaxPooling1D, SIZES, st.none() | SIZES, PADDINGS),
    st.builds(Dense, SIZES, ACTIVATIONS),
    st.builds(Attention, SIZES),
    st.builds(Dropout, RATES),
    st.sampled_from([GlobalMaxPooling1D(), GlobalAveragePooling1D(), LastState()]),
)


@given(st.lists(LAYERS, max_size=5))
def test_what_is_written_is_read_as_it_was(layers):
    assert read_layers(write_layers(layers)) == tuple(layers)


def test_layers_in_words():
    assert read_layers("bilstm:64 bilstm:32  dense:64:relu\n") == (
        LSTM(64, bidirectional=True),
        LSTM(32, bidirectional=True),
        Dense(64, "relu"),
    )
    assert read_layers(["conv:8:3:strides=2 maxpool", GRU(4)]) == (
        Conv1D(8, 3, strides=2),
        MaxPooling1D(2),
        GRU(4),
    )
    assert read_layers("lstm:8:recurrent_dropout=0.25") == (LSTM(8, recurrent_dropout=0.25),)
    assert read_layers(Dense(3)) == (Dense(3),)


def test_every_kind_has_defaults():
    for name in KINDS:
        assert write_layers(read_layers(name)).split(":")[0] == name


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ("transformer:8", "expected a layer of lstm, bilstm, .*, got 'transformer' in 'transformer:8'"),
        ("lstm:8:0.1:3", "expected lstm:UNITS:RECURRENT_DROPOUT or part of it, got 'lstm:8:0.1:3'"),
        ("lstm:bidirectional=True", "expected lstm:UNITS:RECURRENT_DROPOUT or part of it"),
        ("lstm:8:units=8", "expected lstm:UNITS"),
        ("max:3", "expected max or part of it, got 'max:3'"),
        ("lstm:", "LSTM: units must be a whole number, got ''"),
        ("lstm:0", "LSTM: units must be at least 1, got 0"),
        ("lstm:1e3", "LSTM: units must be a whole number, got 1000.0"),
        ("lstm:99999999999", "LSTM: units must be at most 16384"),
        ("dropout:nan", "Dropout: rate must be a finite number, got nan"),
        ("dense:4:gelu", "activation must be one of 'linear', 'relu', 'tanh', 'sigmoid', got 'gelu'"),
        ("dense:4:softmax", "softmax is for the output layer, which is added for the labels; leave this lay"),
        ("conv:4:3:padding=causal", "padding must be one of 'same', 'valid', got 'causal'"),
        ([3], 'expected each layer as LSTM\\(64\\) or "lstm:64", got 3'),
        (None, "expected layers as a list, or as text such as"),
    ],
)
def test_what_is_no_layer_is_told(layers, message):
    with pytest.raises(InputError, match=message):
        read_layers(layers)
