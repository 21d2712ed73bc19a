"""Compiled recurrent layers against Keras' own layers and against finite differences."""

from itertools import product

import numpy as np
import pytest

from embedkit.models.networks import recurrent_passes
from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.recurrent_layers import recurrent, states_of
from embedkit.models.networks.recurrent_passes import chunks, read, read_back
from embedkit.neural.kernels.cell_steps import CELL_STEPS

pytestmark = pytest.mark.tensorflow

LAYERS = {"lstm": "LSTM", "gru": "GRU", "rnn": "SimpleRNN"}
TEXTS, STEPS, WORDS, SIZE = 40, 5, 9, 4


@pytest.fixture
def random():
    return np.random.default_rng(7)


@pytest.fixture
def texts(random):
    """Places of words, and lengths from one token to all."""
    lengths = random.integers(1, STEPS + 1, TEXTS).astype(np.int32)
    lengths[[3, 5]] = 1, STEPS
    return random.integers(0, WORDS, (TEXTS, STEPS)).astype(np.int32), lengths


def keras_layers(cell, units, random, dropout=0.0):
    """A layer in each direction, with weights at random."""
    _, keras = load_backend()
    layers = [
        getattr(keras.layers, LAYERS[cell])(
            units,
            return_sequences=True,
            go_backwards=backwards,
            recurrent_dropout=dropout,
            seed=backwards + 1,
        )
        for backwards in (False, True)
    ]
    for layer in layers:
        layer.build((None, None, SIZE))
        layer.set_weights([random.normal(size=weight.shape) / 2 for weight in layer.get_weights()])
    return layers


def keras_states(layers, vectors, places, lengths, training=False):
    """What Keras makes of them, zero after the end of a text."""
    tf, _ = load_backend()
    mask = np.arange(STEPS) < lengths[:, None]
    read = [layer(tf.gather(vectors, places), mask=mask, training=training) for layer in layers]
    return tf.where(mask[..., None], tf.concat([read[0], tf.reverse(read[1], [1])], axis=2), 0.0)


@pytest.mark.parametrize(
    ("cell", "units", "dropout"), [*product(CELL_STEPS, [3, 16], [0.0]), *product(CELL_STEPS, [20], [0.5])]
)
def test_states_and_gradients_are_those_of_keras(cell, units, dropout, texts, random, monkeypatch):
    tf, keras = load_backend()
    places, lengths = texts
    layers = keras_layers(cell, units, random, dropout)
    masks = [random.integers(0, 2, (TEXTS, units)).astype(np.float32) * 2 for _ in layers]
    if dropout:  # Keras draws a mask a gate; here the same for all of them, and for us
        for layer, mask in zip(layers, masks, strict=True):
            each = mask if cell == "rnn" else [mask] * 4
            monkeypatch.setattr(layer.cell, "get_recurrent_dropout_mask", lambda _, each=each: each)
        drawn = iter(masks)
        monkeypatch.setattr(keras.random, "dropout", lambda *_, **__: next(drawn))
    upstream = random.normal(size=(TEXTS, STEPS, 2 * units)).astype(np.float32)
    vectors = tf.constant(random.normal(size=(WORDS, SIZE)), tf.float32)
    weights = [weight for layer in layers for weight in layer.trainable_weights]
    found = []
    for compute in (
        lambda: keras_states(layers, vectors, places, lengths, training=True),
        lambda: states_of(cell, layers, vectors, places, lengths, training=True),
    ):
        with tf.GradientTape() as tape:
            tape.watch(vectors)
            states = compute()
            loss = tf.reduce_sum(states * upstream)
        gradients = tape.gradient(loss, [vectors, *(weight.value for weight in weights)])
        found.append([states, *map(tf.convert_to_tensor, gradients)])
    for theirs, ours in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("cell", CELL_STEPS)
def test_gradients_are_those_of_finite_differences(cell, random):
    units, gates = 2, CELL_STEPS[cell].GATES
    places, lengths = np.array([[0, 1, 0], [2, 0, 0]], np.int32), np.array([3, 1], np.int32)
    rows, kernels = random.normal(size=(3, gates * units)), random.normal(size=(1, units, gates * units))
    biases = random.normal(size=(1, gates * units if cell == "gru" else 0))
    masks, upstream = random.uniform(0.5, 1.5, (1, 2, units)), random.normal(size=(2, 3, units))
    values = [array.astype(np.float32) for array in (rows, kernels, biases, masks, upstream)]

    def loss(rows, kernels, biases):
        states, _ = read(cell, rows, places, lengths, kernels, biases, values[3])
        return float((states.astype(np.float64) * upstream).sum())

    _, kept = read(cell, values[0], places, lengths, *values[1:4])
    found = read_back(cell, values[4], values[0], places, lengths, *values[1:4], kept)
    step = 1e-2
    for number, gradient in enumerate(found):
        for at in np.ndindex(gradient.shape):
            losses = []
            for sign in (1, -1):
                moved = [array.copy() for array in values[:3]]
                moved[number][at] += sign * step
                losses.append(loss(*moved))
            assert gradient[at] == pytest.approx((losses[0] - losses[1]) / (2 * step), abs=2e-3)


@pytest.mark.parametrize("cell", CELL_STEPS)
def test_threads_change_nothing_but_the_order_of_sums(cell, texts, random, monkeypatch):
    places, lengths = texts
    units, width = 5, 5 * CELL_STEPS[cell].GATES
    rows, kernels = random.normal(size=(WORDS, width)), random.normal(size=(1, units, width)) / 2
    biases, masks = random.normal(size=(1, width if cell == "gru" else 0)), np.zeros((1, 0, units))
    given = [rows, places, lengths, kernels, biases, masks]
    given = [array if array.dtype == np.int32 else array.astype(np.float32) for array in given]
    upstream, found = random.normal(size=(TEXTS, STEPS, units)).astype(np.float32), []
    for cores in (1, 2, 3):
        monkeypatch.setattr(recurrent_passes, "available_cores", lambda cores=cores: cores)
        monkeypatch.setattr(recurrent_passes, "MIN_TEXTS_PER_THREAD", 1)
        assert len(chunks(1, lengths)) == cores
        states, kept = read(cell, *given)
        found.append([states, *read_back(cell, upstream, *given, kept)])
    for others in found[1:]:
        np.testing.assert_array_equal(others[0], found[0][0])
        for other, one in zip(others[1:], found[0][1:], strict=True):
            np.testing.assert_allclose(other, one, rtol=1e-4, atol=1e-5)


def test_chunks_hold_each_text_once_and_count_its_tokens(texts, monkeypatch):
    _, lengths = texts
    monkeypatch.setattr(recurrent_passes, "available_cores", lambda: 4)
    work = chunks(2, lengths)
    assert [(chunk.direction, chunk.number) for chunk in work] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    for chunk in work:
        counts = [(lengths[chunk.texts] > step).sum() for step in range(lengths[chunk.texts].max())]
        assert chunk.counts.tolist() == (counts[::-1] if chunk.direction else counts)
        assert (np.diff(lengths[chunk.texts]) <= 0).all()
    for direction in (0, 1):
        own = [chunk for chunk in work if chunk.direction == direction]
        assert sorted(np.concatenate([chunk.texts for chunk in own])) == list(range(TEXTS))
        rows = np.concatenate([np.arange(chunk.kept.start, chunk.kept.stop) for chunk in own])
        assert rows.tolist() == list(range(lengths.sum()))


@pytest.mark.parametrize("cell", CELL_STEPS)
def test_recurrent_dropout_is_drawn_for_training_alone(cell, texts, random):
    tf, _ = load_backend()
    vectors = tf.constant(random.normal(size=(WORDS, SIZE)), tf.float32)
    drawn = []
    for dropout in (0.0, 0.5):
        layers = keras_layers(cell, 3, np.random.default_rng(1), dropout)
        drawn += [
            states_of(cell, layers, vectors, *texts, training).numpy() for training in (False, True, True)
        ]
    plain, same, also, unchanged, first, second = drawn
    for other in (same, also, unchanged):
        np.testing.assert_array_equal(other, plain)
    assert (first != plain).any()
    assert (first != second).any()
    np.testing.assert_array_equal(first[:, 0, :3], plain[:, 0, :3])  # no state before, nothing to leave out
    repeated = keras_layers(cell, 3, np.random.default_rng(1), 0.5)
    np.testing.assert_array_equal(states_of(cell, repeated, vectors, *texts, True), first)


def test_vectors_of_tokens_need_no_places(texts, random):
    tf, _ = load_backend()
    places, lengths = texts
    layers = keras_layers("gru", 3, random)
    vectors = tf.constant(random.normal(size=(WORDS, SIZE)), tf.float32)
    found = states_of("gru", layers, tf.gather(vectors, places), None, lengths)
    np.testing.assert_array_equal(found, states_of("gru", layers, vectors, places, lengths))


def test_gradients_can_be_taken_twice(texts, random):
    tf, _ = load_backend()
    rows = tf.constant(random.normal(size=(WORDS, 3)), tf.float32)
    kernels, biases, masks = tf.ones((1, 3, 3)) / 3, tf.zeros((1, 0)), tf.zeros((1, 0, 3))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(rows)
        states = recurrent("rnn")(rows, *texts, kernels, biases, masks)
    first, second = tape.gradient(states, rows), tape.gradient(states, rows)
    np.testing.assert_array_equal(first, second)
