"""A step of training is that of a Keras model written by hand."""

import gc

import numpy as np
import pytest

from embedkit.models.layers.stack import TABLE, LayerStack
from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.config import TrainingConfig
from embedkit.models.networks.keras_network import build
from embedkit.models.networks.optimizers import row_optimizer
from embedkit.models.networks.train_step import training_step

pytestmark = pytest.mark.tensorflow

UNITS, RATE, L2, SMOOTHING = 3, 0.05, 0.1, 0.1
IDS = np.arange(2, 11, dtype=np.int32).reshape(3, 3)  # each once: Keras squares sparse gradients in parts
TARGETS = np.array([[1], [0], [1]], np.float32)


def made(table):
    return build(LayerStack(f"lstm:{UNITS} last"), table, 1, seed=1)


def by_hand(network, optimizer):
    """The Keras model of the same weights."""
    _, keras = load_backend()
    penalty = keras.regularizers.L2(L2)
    table = network.table.numpy()
    model = keras.Sequential(
        [
            keras.layers.Embedding(*table.shape),
            keras.layers.LSTM(UNITS, kernel_regularizer=penalty),
            keras.layers.Dense(1, kernel_regularizer=penalty),
        ]
    )
    model.build((None, IDS.shape[1]))
    model.set_weights([table, *(weight.numpy() for weight in network.body.weights)])
    loss = keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=SMOOTHING)
    model.compile(optimizer, loss, run_eagerly=True)
    return model


@pytest.mark.parametrize("name", ["adam", "rmsprop", "sgd"])
def test_a_step_is_that_of_keras(name):
    _, keras = load_backend()
    network = made(np.random.default_rng(3).normal(size=(11, 4)).astype(np.float32))
    config = TrainingConfig(optimizer=name, clip_norm=None, l2=L2, label_smoothing=SMOOTHING)
    kinds = {"adam": keras.optimizers.Adam(RATE), "rmsprop": keras.optimizers.RMSprop(RATE)}
    model = by_hand(network, kinds.get(name, keras.optimizers.SGD(RATE, momentum=config.momentum)))
    step = training_step(network, row_optimizer(config, network.table), None, "binary", config, 1, 1, 1)
    for _ in range(2):
        step(IDS, TARGETS, np.ones((3, 1), np.float32), np.float32(RATE), np.float32(RATE))
        model.train_on_batch(IDS, TARGETS)
    table, *others = model.get_weights()
    np.testing.assert_allclose(network.table.numpy(), table, rtol=1e-3, atol=1e-5)
    for ours, theirs in zip(network.body.weights, others, strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(("clip_norm", "clipped"), [(None, False), (0, False), (0.01, True)])
def test_the_norm_of_the_gradient_is_clipped_if_asked(clip_norm, clipped):
    network = made(np.random.default_rng(3).normal(size=(11, 4)).astype(np.float32))
    config = TrainingConfig(optimizer="sgd", momentum=0.0, clip_norm=clip_norm)
    before = network.weights()
    step = training_step(network, row_optimizer(config, network.table), None, "binary", config, 1, 1, 1)
    step(IDS, TARGETS, np.ones((3, 1), np.float32), np.float32(1), np.float32(1))
    changes = [weight - before[name] for name, weight in network.weights().items() if name != TABLE]
    norm = np.sqrt(sum((change**2).sum() for change in changes))
    assert norm == pytest.approx(0.01, rel=1e-3) if clipped else norm > 0.02


@pytest.mark.parametrize("name", ["adam", "sgd"])
def test_nothing_of_a_step_stays_in_memory(name):
    """Not even its graph, which TensorFlow would keep for as long as the process lives."""
    from tensorflow.python.framework.func_graph import FuncGraph

    def graphs():
        gc.collect()
        return sum(isinstance(each, FuncGraph) for each in gc.get_objects())

    before = graphs()
    network, config = made(np.zeros((11, 4), np.float32)), TrainingConfig(optimizer=name)
    step = training_step(network, row_optimizer(config, network.table), None, "binary", config, 1, 1, 1)
    step(IDS, TARGETS, np.ones((3, 1), np.float32), np.float32(RATE), np.float32(RATE))
    assert graphs() > before
    del step, network
    assert graphs() == before
