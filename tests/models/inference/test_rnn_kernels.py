"""Compiled recurrent layers say what those in numpy say, and their functions are accurate over all floats."""

import numpy as np
import pytest
from numba import njit

from embedkit.models.inference import forward, rnn_kernels
from embedkit.models.inference.compiled import CompiledNetwork
from embedkit.models.inference.forward import score_texts
from embedkit.models.inference.rnn_kernels import LAST, TILE, layer, multiply, pack, pack_recurrent
from embedkit.models.layers.stack import TABLE, LayerStack
from embedkit.simd.lanes import LANES
from embedkit.simd.storage import aligned_matrix
from embedkit.text.sequences.sequences import Sequences

WORDS, SIZE = 30, 5


def random_network(layers):
    """Layers and weights for them, of which none is zero."""
    stack, random = LayerStack(layers), np.random.default_rng(3)
    shapes = {TABLE: (WORDS, SIZE), **stack.weight_shapes(SIZE, 2)}
    weights = {name: random.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}
    return stack, weights


def random_texts(count=50, longest=30):
    random = np.random.default_rng(4)
    offsets = np.concatenate([[0], np.cumsum(random.integers(1, longest, count))])
    return Sequences(random.integers(1, WORDS, offsets[-1]).astype(np.int32), offsets)


@pytest.mark.parametrize("pooling", ["last", "max", "mean", "attention:7"])
@pytest.mark.parametrize("cell", ["lstm", "bilstm", "gru", "bigru", "rnn", "birnn"])
def test_compiled_layers_say_what_numpy_says(cell, pooling, monkeypatch):
    texts = random_texts()
    for below in (f"{cell}:20", f"{cell}:16 dropout {cell}:3", f"dense:4 {cell}:3 conv:4:3 {cell}:16"):
        network = random_network(f"{below} {pooling}")
        expected = score_texts(*network, texts)
        with monkeypatch.context() as patch:
            patch.setattr(forward, "COMPILE_THRESHOLD", 1)
            for parts, batch in ((4096, 120), (17, 8)):
                patch.setattr(forward, "PART", parts)
                patch.setattr(forward, "BATCH", batch)
                found = score_texts(*network, texts)
                np.testing.assert_allclose(found, expected, rtol=1e-4, atol=2e-5)


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_the_same_bits_come_out_whatever_stands_beside_a_text(cell):
    texts = random_texts(20)
    layers = CompiledNetwork(*random_network(f"bi{cell}:20"), texts.ids)
    order = np.argsort(-texts.lengths, kind="stable")

    def read(some):
        return layers.summarize(texts.padded(some).T, texts.lengths[some])

    together = read(order)
    for number, text in enumerate(order):
        np.testing.assert_array_equal(read(np.array([text]))[0], together[number])


def after_one_token(cell, gates):
    """The states of texts of one token, given what its gates get, (n, G) -> (n,)."""
    inputs = pack(np.repeat(gates, LANES, axis=1).astype(np.float32), cell)
    texts = -(-len(gates) // TILE) * TILE
    places = np.minimum(np.arange(texts, dtype=np.int32), len(gates) - 1)[None]
    columns = gates.shape[1] * LANES
    kernel = pack_recurrent(np.zeros((LANES, columns), np.float32), cell)
    bias = pack(np.zeros((1, columns), np.float32), cell).reshape(-1)
    kept = np.zeros((1, texts * LANES), np.float32)
    counts = np.array([len(gates)])
    layer(cell)(inputs.reshape(-1), places, counts, kernel, bias, LANES, False, LAST, kept)
    return kept.reshape(texts, LANES)[: len(gates), 0]


def test_tanh_is_accurate_over_all_floats():
    small, large = np.geomspace(1e-37, 1, 3000), np.linspace(0, 20, 20_001)
    values = np.concatenate([small, large, [100, 3e38, np.inf]]).astype(np.float32)
    for sign in (1, -1):
        found = after_one_token("rnn", sign * values[:, None])
        np.testing.assert_allclose(found, np.tanh(sign * values.astype(np.float64)), rtol=5e-7)
    assert np.isnan(after_one_token("rnn", np.array([[np.nan]]))).all()


def test_gates_are_accurate_over_all_floats():
    values = np.concatenate([np.linspace(-40, 40, 40_001), [-np.inf, -3e38, 3e38, np.inf]])
    values = values.astype(np.float32)
    truth = 1 / (1 + np.exp(-values.astype(np.float64).clip(-700, 700)))
    for gate, expected in (
        (0, np.tanh(truth)),
        (2, np.tanh(np.tanh(values.astype(np.float64)))),
        (3, truth * np.tanh(1)),
    ):
        gates = np.full((len(values), 4), 50, np.float32)
        gates[:, gate] = values
        np.testing.assert_allclose(after_one_token("lstm", gates), expected, rtol=0, atol=5e-7)
    gates = np.stack([values, np.full_like(values, 50), np.full_like(values, 50)], axis=1)
    np.testing.assert_allclose(after_one_token("gru", gates), 1 - truth, rtol=0, atol=5e-7)


def test_products_are_the_same_where_registers_are_few(monkeypatch):
    monkeypatch.setattr(rnn_kernels, "has_avx512", lambda: False)
    random, units = np.random.default_rng(1), 32
    kernel = random.normal(size=(units, 2 * LANES)).astype(np.float32)  # two gates, which no cell has
    flat, states, sums = (aligned_matrix(rows, 32) for rows in (units, TILE, TILE))
    flat[:], states[:] = kernel, random.normal(size=states.shape)

    @njit
    def run(states, kernel, sums):
        multiply(states, 0, kernel, 0, units, sums, 2)

    run(states.reshape(-1), flat.reshape(-1), sums.reshape(-1))
    np.testing.assert_allclose(sums, states.astype(np.float64) @ kernel, rtol=1e-4, atol=1e-5)


def test_an_lstm_of_one_unit_by_hand():
    network = {
        "kernel": np.array([[1, 2, 3, 4]], np.float32),
        "recurrent_kernel": np.array([[0.5, -1, 2, -3]], np.float32),
        "bias": np.array([0.1, 0.2, 0.3, 0.4], np.float32),
    }
    weights = {f"layer1/forward/{name}": value for name, value in network.items()}
    weights[TABLE] = np.array([[0], [0], [0.5], [-0.3]], np.float32)
    layers = CompiledNetwork(LayerStack("lstm:1"), weights, np.array([2, 3], np.int32))
    state = memory = 0.0
    for value in (0.5, -0.3):
        gates = value * network["kernel"][0] + state * network["recurrent_kernel"][0] + network["bias"]
        enter, forget, leave = (1 / (1 + np.exp(-gates[gate])) for gate in (0, 1, 3))
        memory = forget * memory + enter * np.tanh(gates[2])
        state = leave * np.tanh(memory)
    found = layers.summarize(np.array([[2], [3]], np.int32), np.array([2]))
    np.testing.assert_allclose(found, [[state]], rtol=1e-6)
