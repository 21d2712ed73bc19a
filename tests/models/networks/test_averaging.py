"""Averages of rows that are brought up to date late are those of every step."""

import numpy as np
import pytest

from embedkit import TextClassifier
from embedkit.models.layers.stack import LayerStack
from embedkit.models.networks.averaging import WeightAverages
from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.keras_network import build

pytestmark = pytest.mark.tensorflow

DECAY = 0.5


@pytest.fixture
def network():
    table = np.random.default_rng(1).normal(size=(5, 3)).astype(np.float32)
    return build(LayerStack("bilstm:2 max"), table, 1, seed=1)


def test_averages_are_those_of_every_weight_after_every_step(network):
    tf, _ = load_backend()
    random = np.random.default_rng(2)
    averages = WeightAverages(network, DECAY)
    expected = {name: weight.copy() for name, weight in network.weights().items()}
    for step, rows in enumerate([[0, 2], [2, 3], [1], [2, 0]] * 4, 1):  # row 4 is never read
        decay = min(DECAY, step / (9 + step))
        averages.before_step(tf.constant(rows))
        table = network.table.numpy()
        table[rows] += random.normal(size=(len(rows), 3))
        network.table.assign(table)
        for weight in network.body.weights:
            weight.assign(random.normal(size=weight.shape))
        averages.after_step()
        for name, weight in network.weights().items():
            expected[name] = decay * expected[name] + (1 - decay) * weight
    before = network.weights()
    with averages.in_place():
        found = network.weights()
    for name, weight in network.weights().items():
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(weight, before[name])


def test_averages_begin_anew_with_the_weights_of_now(network):
    tf, _ = load_backend()
    averages = WeightAverages(network, DECAY)
    averages.before_step(tf.constant([1]))
    network.table.assign(network.table + 1)
    averages.after_step()
    averages.restart()
    weights = network.weights()
    with averages.in_place():
        for name, weight in network.weights().items():
            np.testing.assert_allclose(weight, weights[name], rtol=1e-6)


def test_a_network_is_judged_and_kept_by_its_averages():
    texts, labels = ["good film", "bad film", "fine plot", "poor plot"] * 20, [1, 0, 1, 0] * 20
    model = TextClassifier(embeddings="random", vector_size=4, layers="max", epochs=1)
    model.set_params(learning_rate=0.05, decay="none", batch_size=10, validation_fraction=0.25)
    fast = model.fit(texts, labels).history_[0], abs(model.decision_function(texts)).max()
    slow = model.set_params(average=0.999).fit(texts, labels).history_[0]
    assert slow.loss == pytest.approx(fast[0].loss, rel=1e-3)  # of the weights that learn
    assert slow.choosing_loss > fast[0].choosing_loss + 0.01
    assert abs(model.decision_function(texts)).max() < fast[1]
    model.set_params(validation_fraction=0)
    slow, fast = (
        abs(model.set_params(average=average).fit(texts, labels).decision_function(texts)).max()
        for average in (0.999, 0.0)
    )
    assert slow < fast
