"""Texts are moved to where the loss or the prediction changes most, and gradients are those of the sums."""

import numpy as np
import pytest

from embedkit.models.layers.stack import LayerStack
from embedkit.models.networks.adversarial import most_changing, unit
from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.config import TrainingConfig
from embedkit.models.networks.keras_network import build
from embedkit.models.networks.losses import losses_of
from embedkit.models.networks.objective import Batch, Objective

pytestmark = pytest.mark.tensorflow

EPSILON = 0.1
IDS = np.array([[2, 3, 4, 3], [5, 2, 0, 0]], np.int32)
TARGETS, WEIGHTS = np.array([[1], [0]], np.float32), np.array([[1], [3]], np.float32)


@pytest.fixture
def network():
    random = np.random.default_rng(5)
    made = build(LayerStack("bilstm:3 mean"), random.normal(size=(7, 4)).astype(np.float32), 1, seed=1)
    for weight in made.body.weights:
        weight.assign(random.normal(size=weight.shape))
    return made


def made(network, **settings):
    return Objective(network, "binary", TrainingConfig(**settings), lambda loss: loss, seed=1)


def loss_at(network, shifts):
    """The weighted mean loss of texts moved by shifts (n, T, D)."""
    scores = Batch.of(network, IDS).scores(shifts.astype(np.float32))
    return float((losses_of("binary")(TARGETS, scores) * WEIGHTS).numpy().sum() / WEIGHTS.sum())


def test_unit_directions_are_of_length_1_however_small():
    tf, _ = load_backend()
    directions = np.array([[[3.0, 0], [0, 4]], [[3e-30, 0], [0, 4e-30]], [[0, 0], [0, 0]]], np.float32)
    found = unit(tf.constant(directions)).numpy()
    np.testing.assert_allclose(found[0], [[0.6, 0], [0, 0.8]], rtol=1e-5)
    assert np.linalg.norm(found[2]) == 0
    small = unit(tf.constant(directions[:1] * np.float32(1e-9))).numpy()
    np.testing.assert_allclose(small[0], [[0.6, 0], [0, 0.8]], rtol=1e-5)


def test_of_a_quadratic_the_most_changing_shift_is_its_first_eigenvector():
    tf, _ = load_backend()
    curvature = np.array([100.0, 1.0, 0.5, 0.1], np.float32).reshape(1, 2, 2)
    found = most_changing(
        lambda shifts: tf.reduce_sum(curvature * shifts**2), tf.ones((1, 2, 2)), tf.constant(2.0)
    )
    np.testing.assert_allclose(found.numpy().ravel(), [2, 0, 0, 0], atol=0.03)


def test_texts_that_are_not_moved_are_read_as_ever(network):
    batch = Batch.of(network, IDS)
    shifts = np.zeros((2, 4, 4), np.float32)
    np.testing.assert_allclose(batch.scores(shifts).numpy(), batch.scores().numpy(), rtol=1e-5)


def test_the_adversarial_gradient_is_that_where_the_loss_rises_most(network):
    tf, _ = load_backend()
    batch = Batch.of(network, IDS)
    scores, loss, plain = made(network).gradients(batch, TARGETS, WEIGHTS)
    again, same, both = made(network, adversarial=EPSILON).gradients(batch, TARGETS, WEIGHTS)
    np.testing.assert_allclose(again.numpy(), scores.numpy(), rtol=1e-5)
    assert float(same) == pytest.approx(float(loss))
    step, steepest = 1e-2, np.zeros((2, 4, 4))
    for place in np.ndindex(steepest.shape):  # by finite differences
        shifts = np.zeros_like(steepest)
        shifts[place] = step
        steepest[place] = (loss_at(network, shifts) - loss_at(network, -shifts)) / (2 * step)
    assert (steepest[1, 2:] == 0).all()  # there is no token
    lengths = np.linalg.norm(steepest.reshape(2, -1), axis=1)[:, None, None]
    texts = np.sqrt([4 * 4, 4 * 2])[:, None, None]  # tokens of 4 numbers
    moved = EPSILON * batch.vectors.numpy().std() * texts * steepest / lengths
    assert loss_at(network, moved) > loss_at(network, np.zeros_like(moved))
    with tf.GradientTape() as tape:
        tape.watch(batch.vectors)
        losses = losses_of("binary")(TARGETS, batch.scores(moved.astype(np.float32)))
        value = tf.reduce_sum(losses * WEIGHTS) / WEIGHTS.sum()
    expected = tape.gradient(value, [batch.vectors, *network.body.weights])
    for ours, first, second in zip(both, plain, expected, strict=True):
        difference = ours.numpy() - first.numpy()
        np.testing.assert_allclose(difference, tf.convert_to_tensor(second).numpy(), rtol=0.03, atol=1e-4)


def test_virtual_adversarial_training_flattens_predictions_and_reads_no_labels(network):
    batch = Batch.of(network, IDS)
    one, other = (
        made(network, virtual_adversarial=EPSILON).gradients(batch, targets, 0 * WEIGHTS + 1)[2]
        for targets in (TARGETS, 1 - TARGETS)
    )
    plain, opposite = (
        made(network).gradients(batch, targets, 0 * WEIGHTS + 1)[2] for targets in (TARGETS, 1 - TARGETS)
    )
    for with_, without, also, alone in zip(one, plain, other, opposite, strict=True):
        change = with_.numpy() - without.numpy()
        np.testing.assert_allclose(change, also.numpy() - alone.numpy(), rtol=1e-3, atol=1e-5)
        assert abs(change).max() > 1e-6

    def change_of_predictions():
        moved = Batch.of(network, IDS)
        random = np.random.default_rng(7)
        before, found = moved.scores().numpy(), []
        for _ in range(20):
            shifts = random.normal(size=(2, 4, 4)).astype(np.float32)
            found.append(abs(moved.scores(EPSILON * shifts).numpy() - before).mean())
        return np.mean(found)

    rough = change_of_predictions()
    objective, plainly = made(network, virtual_adversarial=EPSILON), made(network)
    for _ in range(10):
        batch = Batch.of(network, IDS)
        of_both = objective.gradients(batch, TARGETS, WEIGHTS)[2]
        of_loss = plainly.gradients(batch, TARGETS, WEIGHTS)[2]
        for weight, whole, part in zip(network.body.weights, of_both[1:], of_loss[1:], strict=True):
            weight.assign_sub(1.5 * (whole - part))
    assert change_of_predictions() < 0.9 * rough
