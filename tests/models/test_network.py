"""Masks reach every layer, the table is learnt as Adam says, and examples weigh what they should."""

import numpy as np
import pytest

from embedkit.models.backend import load_backend
from embedkit.models.examples import loss_weights, make_examples, target_matrix
from embedkit.models.inference import TABLE, score_texts, weight_shapes
from embedkit.models.network import CELLS, build, table_of
from embedkit.models.row_adam import RowAdam
from embedkit.models.settings import Architecture
from embedkit.models.targets import read_targets
from embedkit.text.sequences import FIRST_WORD, Sequences, WordIds, encode

RANDOM = np.random.default_rng(4)


POOLINGS = ["last", "max", "mean", "attention"]


@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("cell", [*CELLS, "conv"])
def test_numpy_and_keras_say_the_same(cell, pooling, bidirectional):
    architecture = Architecture(
        cell=cell, pooling=pooling, bidirectional=bidirectional, layers=2, units=3, width=4
    )
    network = build(architecture, RANDOM.normal(size=(9, 4)).astype(np.float32), 2, seed=1)
    for weight in network.body.weights:  # biases too
        weight.assign(RANDOM.normal(size=weight.shape))
    weights = network.weights()
    shapes = {name: weight.shape for name, weight in weights.items() if name != TABLE}
    assert shapes == weight_shapes(architecture, 4, 2)
    lengths = np.array([2, 6, 1, 6, 3])
    ids = RANDOM.integers(1, 9, lengths.sum()).astype(np.int32)
    sequences = Sequences(ids, np.concatenate([[0], np.cumsum(lengths)]))
    padded = sequences.padded(np.arange(5))
    expected = network.body([weights[TABLE][padded], padded != 0]).numpy()
    np.testing.assert_allclose(score_texts(architecture, weights, sequences), expected, rtol=1e-4, atol=1e-5)
    empty = Sequences(ids[:0], np.zeros(1, np.int64))
    assert score_texts(architecture, weights, empty).shape == (0, 2)


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("cell", [*CELLS, "conv"])
def test_what_stands_in_the_padding_changes_nothing(cell, pooling):
    architecture = Architecture(cell=cell, pooling=pooling, layers=2, units=3, width=3)
    network = build(architecture, np.zeros((2, 4), np.float32), 2, seed=1)
    vectors = RANDOM.normal(size=(2, 5, 4)).astype(np.float32)
    mask = np.arange(5) < [[2], [5]]
    scores = network.body([vectors, mask]).numpy()
    garbage = np.where(mask[..., None], vectors, 100).astype(np.float32)
    np.testing.assert_allclose(network.body([garbage, mask]).numpy(), scores, rtol=1e-5)
    alone = network.body([vectors[:1, :2], mask[:1, :2]]).numpy()
    np.testing.assert_allclose(alone, scores[:1], rtol=1e-4, atol=1e-6)
    changed = vectors.copy()
    changed[0, 1] += 1
    assert (network.body([changed, mask]).numpy()[0] != scores[0]).all()


def test_the_state_after_the_end_is_that_of_the_cell():
    _, keras = load_backend()
    network = build(
        Architecture(cell="lstm", pooling="last", units=3), np.zeros((2, 4), np.float32), 2, seed=1
    )
    vectors = RANDOM.normal(size=(1, 5, 4)).astype(np.float32)
    layer = network.body.get_layer("layer1")
    forward, backward = keras.layers.LSTM(3), keras.layers.LSTM(3)
    for plain, one in ((forward, layer.forward_layer), (backward, layer.backward_layer)):
        plain.build(vectors.shape)
        plain.set_weights([weight.numpy() for weight in one.weights])
    states = np.concatenate([forward(vectors).numpy(), backward(vectors[:, ::-1]).numpy()], axis=1)
    scores = network.body.get_layer("scores")
    expected = scores(states).numpy()
    found = network.body([vectors, np.ones((1, 5), bool)]).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_recurrent_layers_can_take_the_fast_kernels_of_a_gpu():
    for cell in ("lstm", "gru"):
        network = build(Architecture(cell=cell, layers=2), np.zeros((2, 4), np.float32), 1)
        for name in ("layer1", "layer2"):
            both = network.body.get_layer(name)
            for layer in (both.forward_layer, both.backward_layer):
                settings = layer.get_config()
                assert (settings["activation"], settings["recurrent_activation"]) == ("tanh", "sigmoid")
                assert (settings["recurrent_dropout"], settings["unroll"]) == (0.0, False)
                assert settings["use_bias"]
                assert settings.get("reset_after", True)


def test_the_seed_draws_the_weights():
    networks = [build(Architecture(units=3), np.zeros((2, 4), np.float32), 1, seed=s) for s in (1, 1, 2)]
    first, same, other = (network.weights() for network in networks)
    for path, weight in first.items():
        np.testing.assert_array_equal(same[path], weight)
    assert any((other[path] != weight).any() for path, weight in first.items())
    kernels = [path for path in first if path.endswith("recurrent_kernel")]
    assert (first[kernels[0]] != first[kernels[1]]).any()


def test_rows_that_are_read_move_as_adam_moves_them():
    tf, keras = load_backend()
    start = RANDOM.normal(size=(4, 3)).astype(np.float32)
    table, dense = tf.Variable(start), keras.Variable(start[:3])
    rows, adam = RowAdam(table), keras.optimizers.Adam(0.01)
    for _ in range(3):
        gradient = RANDOM.normal(size=(2, 2, 3)).astype(np.float32)
        rows.apply(tf.constant([[0, 1], [2, 0]]), tf.constant(gradient), tf.constant(0.01))
        total = np.stack([gradient[0, 0] + gradient[1, 1], gradient[0, 1], gradient[1, 0]])
        adam.apply([tf.constant(total)], [dense])
    np.testing.assert_allclose(table.numpy()[:3], dense.numpy(), rtol=1e-4)
    np.testing.assert_array_equal(table.numpy()[3], start[3])


def test_word_i_has_row_i_after_the_special_ones():
    matrix = RANDOM.normal(size=(3, 2)).astype(np.float32)
    sequences = encode([["b", "c", "x"]], WordIds(["a", "b", "c"]))
    np.testing.assert_array_equal(table_of(matrix)[sequences[0]], [*matrix[1:], [0, 0]])
    assert len(table_of(matrix)) == 3 + FIRST_WORD


def test_balanced_classes_weigh_the_same():
    targets = read_targets(["a"] * 6 + ["b"] * 4 + ["c"] * 2)
    weights = loss_weights(targets, "balanced")[:, 0]
    for number in range(3):
        assert weights[targets.encoded == number].sum() == pytest.approx(4)
    labels = read_targets(np.array([[1, 0], [0, 0], [0, 1], [0, 1]]))
    np.testing.assert_allclose(
        loss_weights(labels, "balanced"), [[2, 1], [2 / 3, 1], [2 / 3, 1], [2 / 3, 1]], rtol=1e-6
    )
    assert loss_weights(targets, {"b": 5})[:, 0].tolist() == [1] * 6 + [5] * 4 + [1] * 2


def test_examples_are_split_by_class():
    targets = read_targets(["a"] * 30 + ["b"] * 10)
    sequences = encode([["x"] * (number + 1) for number in range(40)], WordIds(["x"]))
    training, held = make_examples(sequences, targets, None, 0.2, 1)
    assert sorted([*training.rows, *held.rows]) == list(range(40))
    assert (target_matrix(targets)[held.rows, 0] == 0).sum() == 6
    ids, wanted, weights = held.batch(np.array([1, 0]))
    assert (ids > 0).sum(axis=1).tolist() == (held.rows[[1, 0]] + 1).tolist()
    assert wanted[:, 0].tolist() == [float(row >= 30) for row in held.rows[[1, 0]]]
    assert weights.shape == (2, 1)
