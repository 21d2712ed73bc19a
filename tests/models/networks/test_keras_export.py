"""Networks are those that Keras makes of the same layers, written by hand, and become plain Keras models."""

import numpy as np
import pytest

from embedkit import GRU, LSTM, Conv1D, Dense, GlobalMaxPooling1D, MaxPooling1D, SimpleRNN, TextClassifier
from embedkit.models.inference.forward import score_texts
from embedkit.models.layers.stack import TABLE, LayerStack
from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.keras_export import to_keras
from embedkit.text.sequences.sequences import Sequences

pytestmark = pytest.mark.tensorflow

WORDS = 40


def both(units, **settings):
    _, keras = load_backend()
    return keras.layers.Bidirectional(keras.layers.LSTM(units, **settings))


def by_hand(*layers, size):
    """A model as notebooks write it."""
    _, keras = load_backend()
    embedding = keras.layers.Embedding(WORDS, size, mask_zero=not any("conv" in own.name for own in layers))
    output = keras.layers.Dense(1, activation="sigmoid")
    return keras.Sequential([keras.Input((None,), dtype="int32"), embedding, *layers, output])


def notebooks():
    """The layers of each network, and the same network written by hand."""
    _, keras = load_backend()
    layers = keras.layers
    rnn = {"return_sequences": True}
    yield (
        [LSTM(64, bidirectional=True), LSTM(32, bidirectional=True), Dense(64, "relu")],
        by_hand(both(64, **rnn), both(32), layers.Dense(64, activation="relu"), size=64),
    )
    yield (
        "bilstm:64 bilstm:64 dense:32:relu dense:16:relu",
        by_hand(
            both(64, **rnn),
            both(64),
            layers.Dense(32, activation="relu"),
            layers.Dense(16, activation="relu"),
            size=64,
        ),
    )
    for ours, theirs in [
        ([LSTM(64)], [layers.LSTM(64)]),
        ([GRU(64)], [layers.GRU(64)]),
        ([LSTM(64, bidirectional=True)], [both(64)]),
        ([LSTM(64), LSTM(64)], [layers.LSTM(64, **rnn), layers.LSTM(64)]),
        ([SimpleRNN(64)], [layers.SimpleRNN(64)]),
    ]:
        yield ours, by_hand(*theirs, size=128)
    yield (
        [SimpleRNN(32)] * 4,
        by_hand(*[layers.SimpleRNN(32, **rnn) for _ in range(3)], layers.SimpleRNN(32), size=32),
    )
    yield (
        [
            Conv1D(32, 7, padding="valid"),
            MaxPooling1D(5),
            Conv1D(32, 7, padding="valid"),
            GlobalMaxPooling1D(),
        ],
        by_hand(
            layers.Conv1D(32, 7, activation="relu"),
            layers.MaxPooling1D(5),
            layers.Conv1D(32, 7, activation="relu"),
            layers.GlobalMaxPooling1D(),
            size=32,
        ),
    )
    yield (
        "conv:32:5:2:same maxpool:2 lstm:16",
        by_hand(
            layers.Conv1D(32, 5, strides=2, padding="same", activation="relu"),
            layers.MaxPooling1D(2),
            layers.LSTM(16),
            size=32,
        ),
    )


@pytest.fixture(scope="module")
def networks():
    return list(notebooks())


@pytest.mark.parametrize("number", range(10))
def test_networks_of_notebooks(number, networks):
    layers, model = networks[number]
    stack, random = LayerStack(layers), np.random.default_rng(number)
    table = model.layers[0].get_weights()[0]
    shapes = stack.weight_shapes(table.shape[1], 1)
    ours = [random.normal(0, 0.1, shape).astype(np.float32) for shape in shapes.values()]
    masked = model.layers[0].mask_zero
    longest = 6 if masked else 42  # of which two convolutions and pooling leave a window
    table = random.normal(0, 0.3, table.shape).astype(np.float32)
    table[0] = 0
    assert model.count_params() == table.size + sum(weight.size for weight in ours)
    model.set_weights([table, *ours])
    lengths = np.array([longest - 2, longest, 3, longest, 1]) if masked else np.full(5, longest)
    texts = Sequences(
        random.integers(1, WORDS, lengths.sum()).astype(np.int32), np.concatenate([[0], np.cumsum(lengths)])
    )
    weights = {TABLE: table, **dict(zip(shapes, ours, strict=True))}
    scores = score_texts(stack, weights, texts)[:, 0]
    padded = texts.padded(np.arange(5))
    expected = model(padded).numpy()
    np.testing.assert_allclose(1 / (1 + np.exp(-scores)), expected[:, 0], atol=2e-5)
    np.testing.assert_allclose(to_keras(stack, weights, "binary")(padded), expected, atol=2e-5)


@pytest.mark.parametrize(
    ("layers", "kind"),
    [
        ("dropout bilstm:3 dropout dense:4:tanh", "Sequential"),
        ("gru:3 mean", "Sequential"),
        ("conv:5:3 maxpool:2 conv:4:2:2:valid max", "Functional"),
        ("conv:5:3:1:valid bigru:3 attention:2", "Functional"),
        ("conv:3:4:1:valid maxpool:3 gru:2", "Functional"),
        ("conv:4:3 last", "Functional"),
        ("bilstm:3 dropout last dense:3", "Functional"),
    ],
)
def test_every_layer_becomes_one_of_keras(layers, kind, tmp_path):
    _, keras = load_backend()
    stack, random = LayerStack(layers), np.random.default_rng(3)
    shapes = {TABLE: (9, 4), **stack.weight_shapes(4, 3)}
    weights = {name: random.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}
    lengths = np.array([8, 1, 5, 3])
    ids = random.integers(1, 9, lengths.sum()).astype(np.int32)
    texts = Sequences(ids, np.concatenate([[0], np.cumsum(lengths)]))
    expected = keras.ops.softmax(score_texts(stack, weights, texts))
    model = to_keras(stack, weights, "multiclass")
    assert type(model).__name__ == kind
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for made in (model, loaded):
        np.testing.assert_allclose(made(texts.padded(np.arange(4))), expected, atol=1e-5)
    short = texts.padded(np.array([1]))  # of a single token, and shorter than a window
    np.testing.assert_allclose(model(short)[0], expected[1], atol=1e-5)


@pytest.mark.eager
def test_a_classifier_becomes_a_keras_model():
    texts = [
        "a good film about a plot",
        "bad",
        "a bad plot and a film too long",
        "good",
        "film",
        "a plot",
    ] * 3
    classifier = TextClassifier(
        embeddings="random", vector_size=4, layers="conv:4:3:1:valid max", epochs=1, min_count=1
    )
    classifier.set_params(validation_fraction=0.0).fit(texts, ["a", "b", "c"] * 6)
    several = [*texts[:3], "unheard of", ""]
    found = classifier.to_keras()(classifier.token_ids(several))
    np.testing.assert_allclose(found, classifier.predict_proba(several), atol=1e-5)


@pytest.mark.eager
def test_the_summary_counts_as_keras_does(capsys):
    classifier = TextClassifier(
        embeddings="random", vector_size=4, layers="bilstm:3 gru:2 dense:5", epochs=1, validation_fraction=0.0
    ).fit(["good film", "bad film"] * 4, [1, 0] * 4)
    classifier.summary()
    ours = capsys.readouterr().out
    model = classifier.to_keras()
    model.summary()
    theirs = capsys.readouterr().out

    def numbers(text):
        lines = [line.split("│") for line in text.splitlines() if "│" in line]
        return [(cells[2].strip(), cells[3].strip()) for cells in lines]

    assert numbers(ours) == numbers(theirs)
    assert f"Total params: {model.count_params()}" in ours
