"""The gates of trained networks, and how far gradients reach in their cells."""

from pathlib import Path

import numpy as np
import pytest

from embedkit import load_predictor
from embedkit.errors import InputError
from embedkit.models.inference.cell_walks import network_reach, text_gates
from embedkit.models.layers.stack import TABLE
from embedkit.neural.activations import sigmoid

DATA = Path(__file__).parents[2] / "compatibility/data"


@pytest.mark.parametrize(
    ("name", "gates"), [("lstm", ["input", "forget", "output"]), ("gru", ["update", "reset"])]
)
def test_gates_of_both_directions_stand_in_the_order_of_the_text(name, gates):
    predictor = load_predictor(DATA / f"{name}.safetensors")
    found = text_gates(predictor, "What a great film!")
    assert found.tokens == ["what", "a", "great", "film"]
    layers = ["layer2/forward", "layer2/backward"]
    assert [(one.layer, one.gate) for one in found.gates] == [
        (layer, gate) for layer in layers for gate in gates
    ]
    for one in found.gates:
        assert one.values.shape == (4, len(one.values[0]))
        assert 0 < one.values.min() <= one.values.max() < 1
    weights, ids = predictor.weights, predictor.token_ids(["What a great film!"])[0]
    for layer, first in zip(layers, (0, -1), strict=True):  # no state before the first token that is read
        bias = np.atleast_2d(weights[f"{layer}/bias"]).sum(axis=0)
        sums = weights[TABLE][ids[first]] @ weights[f"{layer}/kernel"] + bias
        units = len(weights[f"{layer}/recurrent_kernel"])
        own = next(one for one in found.gates if one.layer == layer)
        np.testing.assert_allclose(own.values[first], sigmoid(sums[:units]), atol=1e-6)


def test_a_long_text_has_the_tokens_that_the_network_reads():
    predictor = load_predictor(DATA / "gru.safetensors")
    first, last = predictor.ends
    found = text_gates(predictor, " ".join(["what"] * (first + last) + ["film"]))
    assert len(found.tokens) == len(found.gates[0].values) == first + last
    assert found.tokens[-1] == "film"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("rnn", "a film", "no LSTM and no GRU"),
        ("conv", "a film", "no LSTM"),
        ("lstm", " ", "text with words"),
    ],
)
def test_what_has_no_gates_is_refused(name, text, message):
    with pytest.raises(InputError, match=message):
        text_gates(load_predictor(DATA / f"{name}.safetensors"), text)


def test_gradients_in_the_cells_of_a_model():
    found = network_reach(load_predictor(DATA / "rnn.safetensors"), 5, 3, seed=1)
    assert [reach.name for reach in found] == ["layer2/forward rnn", "layer4/forward rnn"]
    assert all(reach.norms[0] == pytest.approx(1) and reach.norms.shape == (6,) for reach in found)
    with pytest.raises(InputError, match="no recurrent layers"):
        network_reach(load_predictor(DATA / "conv.safetensors"), 5, 3, seed=1)
