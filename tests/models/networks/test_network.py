"""Masks reach every layer, the table is learnt as Adam says, and examples weigh what they should."""

from itertools import product

import numpy as np
import pytest

from embedkit import TextClassifier
from embedkit.models.architecture import TABLE, Architecture, weight_shapes
from embedkit.models.inference import forward
from embedkit.models.inference.forward import score_texts
from embedkit.models.networks import keras_network, row_adam
from embedkit.models.networks.backend import load_backend, rows_variable
from embedkit.models.networks.examples import loss_weights, make_examples, split_rows
from embedkit.models.networks.keras_network import CELLS, build, mask_of, table_of, words_of
from embedkit.models.networks.row_adam import RowAdam
from embedkit.models.networks.trainer import right
from embedkit.models.targets import read_targets, target_matrix
from embedkit.models.word_ids import FIRST_WORD, WordIds, encode
from embedkit.text.sequences.sequences import Sequences

pytestmark = pytest.mark.tensorflow

POOLINGS = ["last", "max", "mean", "attention"]


@pytest.fixture
def random():
    return np.random.default_rng(4)


@pytest.mark.optimized
@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize(("cell", "bidirectional"), [*product(CELLS, [True, False]), ("conv", False)])
def test_numpy_and_keras_say_the_same(cell, pooling, bidirectional, monkeypatch, random):
    tf, _ = load_backend()
    architecture = Architecture(
        cell=cell, pooling=pooling, bidirectional=bidirectional, layers=2, units=3, width=4
    )
    network = build(architecture, random.normal(size=(9, 4)).astype(np.float32), 2, seed=1)
    for weight in network.body.weights:  # biases too
        weight.assign(random.normal(size=weight.shape))
    weights = network.weights()
    shapes = {name: weight.shape for name, weight in weights.items() if name != TABLE}
    assert shapes == weight_shapes(architecture, 4, 2)
    lengths = np.array([2, 6, 1, 6, 3])
    ids = random.integers(1, 9, lengths.sum()).astype(np.int32)
    sequences = Sequences(ids, np.concatenate([[0], np.cumsum(lengths)]))
    padded = tf.constant(sequences.padded(np.arange(5)))
    compiled = pooling == "last"  # of the others it would take longer than all else, and says the same
    expected = (network.score if compiled else network.score.python_function)(padded).numpy()
    for many in (forward.COMPILE_THRESHOLD, 0):  # tokens from which on recurrent layers are compiled
        monkeypatch.setattr(forward, "COMPILE_THRESHOLD", many)
        found = score_texts(architecture, weights, sequences)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    empty = Sequences(ids[:0], np.zeros(1, np.int64))
    assert score_texts(architecture, weights, empty).shape == (0, 2)


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("cell", [*CELLS, "conv"])
def test_what_stands_in_the_padding_changes_nothing(cell, pooling, random):
    architecture = Architecture(cell=cell, pooling=pooling, layers=2, units=8, width=3)
    body = build(architecture, np.zeros((2, 4), np.float32), 2, seed=1).body
    vectors = random.normal(size=(10, 4)).astype(np.float32)
    places = np.arange(10, dtype=np.int32).reshape(2, 5)
    mask = np.arange(5) < [[2], [5]]
    scores = body(vectors, places, mask).numpy()
    garbage = np.where(mask.reshape(-1, 1), vectors, 100).astype(np.float32)
    np.testing.assert_allclose(body(garbage, places, mask).numpy(), scores, rtol=1e-5)
    alone = body(vectors, places[:1, :2], mask[:1, :2]).numpy()
    np.testing.assert_allclose(alone, scores[:1], rtol=1e-4, atol=1e-6)
    changed = vectors.copy()
    changed[1] += 1
    assert (body(changed, places, mask).numpy()[0] != scores[0]).all()


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(("pooling", "bidirectional"), [("last", True), ("attention", False)])
def test_compiled_layers_learn_as_keras_says(cell, pooling, bidirectional, random):
    tf, _ = load_backend()
    architecture = Architecture(cell=cell, pooling=pooling, bidirectional=bidirectional, layers=2, units=3)
    ids = np.where(np.arange(7) < [[7], [2], [1], [5], [7]], random.integers(2, 9, (5, 7)), 0)
    factors = random.normal(size=(5, 2))

    def learnt(compiled):
        network = build(architecture, random.normal(size=(9, 4)).astype(np.float32), 2, seed=1)
        network.body.compiled = compiled
        generator = np.random.default_rng(3)
        for weight in network.body.weights:
            weight.assign(generator.normal(size=weight.shape))
        network.table.assign(generator.normal(size=(9, 4)))
        words, places = words_of(tf.constant(ids, tf.int32))
        vectors = tf.gather(network.table, words)
        with tf.GradientTape() as tape:
            tape.watch(vectors)
            scores = network.body(vectors, places, mask_of(ids))
            loss = tf.reduce_sum(scores * factors)
        gradients = tape.gradient(loss, [vectors, *network.body.weights])
        return [scores, *map(tf.convert_to_tensor, gradients)]

    for ours, theirs in zip(learnt(True), learnt(False), strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-4, atol=1e-5)


def test_the_state_after_the_end_is_that_of_the_cell(random):
    _, keras = load_backend()
    architecture = Architecture(cell="lstm", pooling="last", units=3)
    body = build(architecture, np.zeros((2, 4), np.float32), 2, seed=1).body
    vectors = random.normal(size=(5, 4)).astype(np.float32)
    layer = body.layers[0]
    forward, backward = keras.layers.LSTM(3), keras.layers.LSTM(3)
    for plain, one in ((forward, layer.forward_layer), (backward, layer.backward_layer)):
        plain.build((1, 5, 4))
        plain.set_weights([weight.numpy() for weight in one.weights])
    states = [forward(vectors[None]).numpy(), backward(vectors[None, ::-1]).numpy()]
    expected = body.scores(np.concatenate(states, axis=1)).numpy()
    found = body(vectors, np.arange(5, dtype=np.int32)[None], np.ones((1, 5), bool)).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_recurrent_layers_can_take_the_fast_kernels_of_a_gpu():
    for cell in ("lstm", "gru"):
        network = build(Architecture(cell=cell, layers=2), np.zeros((2, 4), np.float32), 1)
        for both in network.body.layers:
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


def test_rows_that_are_read_move_as_adam_moves_them(random):
    tf, keras = load_backend()
    start = random.normal(size=(4, 3)).astype(np.float32)
    table, dense = tf.Variable(start), keras.Variable(start[:3])
    rows, adam = RowAdam(table), keras.optimizers.Adam(0.01)
    for _ in range(3):
        gradient = random.normal(size=(3, 3)).astype(np.float32)
        rows.apply(tf.constant([2, 0, 1]), tf.constant(gradient[[2, 0, 1]]), tf.constant(0.01))
        adam.apply([tf.constant(gradient)], [dense])
    np.testing.assert_allclose(table.numpy()[:3], dense.numpy(), rtol=1e-4)
    np.testing.assert_array_equal(table.numpy()[3], start[3])


def test_a_fitted_classifier_leaves_no_table_behind(monkeypatch):
    made = []

    def noted(*given):
        made.append(rows_variable(*given))
        return made[-1]

    for module in (keras_network, row_adam):
        monkeypatch.setattr(module, "rows_variable", noted)
    model = TextClassifier(embeddings="random", vector_size=4, epochs=1, units=2, validation_fraction=0.0)
    model.fit(["good film", "bad film", "good plot", "bad plot"], [1, 0, 1, 0])
    assert len(model.vectors_) == 4
    assert [len(variable.numpy()) for variable in made] == [0, 0, 0]  # the table and its moments


def test_word_i_has_row_i_after_the_special_ones(random):
    matrix = random.normal(size=(3, 2)).astype(np.float32)
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
    training, held = make_examples(sequences, targets, None, None, *split_rows(targets, 0.2, 1))
    assert sorted([*training.rows, *held.rows]) == list(range(40))
    assert (target_matrix(targets)[held.rows, 0] == 0).sum() == 6
    ids, wanted, weights = held.batch(np.array([1, 0]))
    assert (ids > 0).sum(axis=1).tolist() == (held.rows[[1, 0]] + 1).tolist()
    assert wanted[:, 0].tolist() == [float(row >= 30) for row in held.rows[[1, 0]]]
    assert weights.shape == (2, 1)


def test_a_soft_label_counts_as_the_likelier_class():
    scores, soft = np.array([[-2.0], [2.0], [2.0]]), np.array([[0.1], [0.1], [0.9]])
    assert right(scores, soft, "binary").tolist() == [True, False, True]
