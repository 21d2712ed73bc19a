"""Masks reach every layer, the table is learned as Adam says, and examples weigh what they should."""

from itertools import product

import numpy as np
import pytest

from embedkit import TextClassifier
from embedkit.models.inference import forward
from embedkit.models.inference.forward import score_texts
from embedkit.models.layers.stack import MAX_LAYERS, TABLE, LayerStack
from embedkit.models.networks import averaging, keras_network, row_optimizers
from embedkit.models.networks.backend import load_backend, rows_variable
from embedkit.models.networks.body.base import Maker
from embedkit.models.networks.examples import loss_weights, make_examples, split_rows
from embedkit.models.networks.keras_network import build, lengths_of, table_of, words_of
from embedkit.models.networks.objective import Batch
from embedkit.models.networks.validation import right
from embedkit.models.targets import read_targets, target_matrix
from embedkit.models.word_ids import FIRST_WORD, WordIds, encode
from embedkit.text.sequences.sequences import Sequences

pytestmark = pytest.mark.tensorflow

POOLINGS = ["last", "max", "mean", "attention:3"]
RECURRENT = ["lstm:3", "bilstm:3", "gru:3", "bigru:3", "rnn:3", "birnn:3"]
MIXED = [
    "conv:5:3 maxpool:2 conv:4:2:strides=2 max",
    "conv:5:4:2:valid lstm:3",
    "conv:4:3:3 conv:3:2:2:valid:tanh mean",
    "dense:5:tanh bilstm:3 dropout maxpool:3:1:same gru:2 dense:4:relu dense:3:sigmoid",
    "lstm:3 conv:4:3 maxpool:2:3 bigru:2 last dropout dense:2",
    "dropout dense:3 max",
    "conv:3:9:4 maxpool:2:2:same mean",
    "bilstm:3 dense:3 mean",
]


@pytest.fixture
def random():
    return np.random.default_rng(4)


@pytest.mark.optimized
@pytest.mark.parametrize(
    "layers",
    [*(f"{cell} {cell} {pooling}" for cell, pooling in product([*RECURRENT, "conv:3:4"], POOLINGS)), *MIXED],
)
def test_numpy_and_keras_say_the_same(layers, monkeypatch, random):
    tf, _ = load_backend()
    stack = LayerStack(layers)
    network = build(stack, random.normal(size=(9, 4)).astype(np.float32), 2, seed=1)
    for weight in network.body.weights:  # biases too
        weight.assign(random.normal(size=weight.shape))
    weights = network.weights()
    shapes = {name: weight.shape for name, weight in weights.items() if name != TABLE}
    assert shapes == stack.weight_shapes(4, 2)
    lengths = np.array([2, 6, 1, 6, 3])
    ids = random.integers(1, 9, lengths.sum()).astype(np.int32)
    sequences = Sequences(ids, np.concatenate([[0], np.cumsum(lengths)]))
    padded = tf.constant(sequences.padded(np.arange(5)))
    compiled = layers.endswith("last")  # of the others it would take longer than all else, and says the same

    def scores(ids):
        return Batch.of(network, ids).scores(training=False)

    ids_of_any_shape = [tf.TensorSpec([None, None], tf.int32)]
    expected = (tf.function(scores, ids_of_any_shape) if compiled else scores)(padded).numpy()
    for many in (forward.COMPILE_THRESHOLD, 0):  # tokens from which on recurrent layers are compiled
        monkeypatch.setattr(forward, "COMPILE_THRESHOLD", many)
        found = score_texts(stack, weights, sequences)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    empty = Sequences(ids[:0], np.zeros(1, np.int64))
    assert score_texts(stack, weights, empty).shape == (0, 2)


def test_every_layer_of_the_deepest_network_is_drawn_from_seeds_of_its_own():
    make = Maker(3, "float32")
    seeds = [make.seed for _ in range(6 * MAX_LAYERS)]  # a bidirectional one has three a direction
    assert len({*seeds}) == len(seeds)


@pytest.mark.parametrize(
    "layers",
    [
        *(
            f"{cell} {cell} {pooling}"
            for cell, pooling in product(["bilstm:8", "bigru:8", "birnn:8", "conv:8:3"], POOLINGS)
        ),
        *MIXED,
    ],
)
def test_what_stands_in_the_padding_changes_nothing(layers, random):
    body = build(LayerStack(layers), np.zeros((2, 4), np.float32), 2, seed=1).body
    vectors = random.normal(size=(10, 4)).astype(np.float32)
    places = np.arange(10, dtype=np.int32).reshape(2, 5)
    lengths = np.array([2, 5], np.int32)
    scores = body(vectors, places, lengths).numpy()
    garbage = np.where((np.arange(5) < lengths[:, None]).reshape(-1, 1), vectors, 100).astype(np.float32)
    np.testing.assert_allclose(body(garbage, places, lengths).numpy(), scores, rtol=1e-5)
    alone = body(vectors, places[:1, :2], lengths[:1]).numpy()
    np.testing.assert_allclose(alone, scores[:1], rtol=1e-4, atol=1e-6)
    changed = vectors.copy()
    changed[1] += 1
    assert (body(changed, places, lengths).numpy()[0] != scores[0]).any()


@pytest.mark.parametrize(
    "layers",
    [f"{cell} dropout {cell} {pooling}" for cell in RECURRENT for pooling in ("last", "attention:3")],
)
def test_compiled_layers_learn_as_keras_says(layers, random):
    tf, _ = load_backend()
    ids = np.where(np.arange(7) < [[7], [2], [1], [5], [7]], random.integers(2, 9, (5, 7)), 0)
    factors = random.normal(size=(5, 2))

    def learned(compiled):
        network = build(LayerStack(layers), random.normal(size=(9, 4)).astype(np.float32), 2, seed=1)
        for layer in network.body.layers:
            layer.compiled = layer.compiled and compiled
        generator = np.random.default_rng(3)
        for weight in network.body.weights:
            weight.assign(generator.normal(size=weight.shape))
        network.table.assign(generator.normal(size=(9, 4)))
        words, places = words_of(tf.constant(ids, tf.int32))
        vectors = tf.gather(network.table, words)
        with tf.GradientTape() as tape:
            tape.watch(vectors)
            scores = network.body(vectors, places, lengths_of(ids))
            loss = tf.reduce_sum(scores * factors)
        gradients = tape.gradient(loss, [vectors, *network.body.weights])
        return [scores, *map(tf.convert_to_tensor, gradients)]

    for ours, theirs in zip(learned(True), learned(False), strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-4, atol=1e-5)


def test_the_state_after_the_end_is_that_of_the_cell(random):
    _, keras = load_backend()
    body = build(LayerStack("bilstm:3"), np.zeros((2, 4), np.float32), 2, seed=1).body
    vectors = random.normal(size=(5, 4)).astype(np.float32)
    layer = body.layers[0]._layer
    forward, backward = keras.layers.LSTM(3), keras.layers.LSTM(3)
    for plain, one in ((forward, layer.forward_layer), (backward, layer.backward_layer)):
        plain.build((1, 5, 4))
        plain.set_weights([weight.numpy() for weight in one.weights])
    states = [forward(vectors[None]).numpy(), backward(vectors[None, ::-1]).numpy()]
    expected = body.scores(np.concatenate(states, axis=1)).numpy()
    found = body(vectors, np.arange(5, dtype=np.int32)[None], np.array([5], np.int32)).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_recurrent_layers_can_take_the_fast_kernels_of_a_gpu():
    for layers in ("bilstm:4 bilstm:3", "bigru:4 bigru:3"):
        network = build(LayerStack(layers), np.zeros((2, 4), np.float32), 1)
        for both in network.body.layers[:2]:
            for layer in (both._layer.forward_layer, both._layer.backward_layer):
                settings = layer.get_config()
                assert (settings["activation"], settings["recurrent_activation"]) == ("tanh", "sigmoid")
                assert (settings["recurrent_dropout"], settings["unroll"]) == (0.0, False)
                assert settings["use_bias"]
                assert settings.get("reset_after", True)


def test_the_seed_draws_the_weights():
    networks = [build(LayerStack("bilstm:3"), np.zeros((2, 4), np.float32), 1, seed=s) for s in (1, 1, 2)]
    first, same, other = (network.weights() for network in networks)
    for path, weight in first.items():
        np.testing.assert_array_equal(same[path], weight)
    assert any((other[path] != weight).any() for path, weight in first.items())
    kernels = [path for path in first if path.endswith("recurrent_kernel")]
    assert (first[kernels[0]] != first[kernels[1]]).any()


@pytest.mark.eager
def test_a_fitted_classifier_leaves_no_table_behind(monkeypatch):
    made = []

    def noted(*given):
        made.append(rows_variable(*given))
        return made[-1]

    for module in (averaging, keras_network, row_optimizers):
        monkeypatch.setattr(module, "rows_variable", noted)
    model = TextClassifier(
        embeddings="random", vector_size=4, epochs=1, layers="lstm:2", validation_fraction=0.0
    )
    model.set_params(average=0.9)
    model.fit(["good film", "bad film", "good plot", "bad plot"], [1, 0, 1, 0])
    assert len(model.vectors_) == 4
    left = [len(variable.numpy()) for variable in made]
    assert left == [0] * 5  # the table, its moments, its averages, and when those were right


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
