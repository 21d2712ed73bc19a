"""Rows that every step reads move as Keras' optimizers move them; the others stay."""

import numpy as np
import pytest

from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.row_optimizers import RowAdam, RowRMSprop, RowSGD

pytestmark = pytest.mark.tensorflow

RATE, ROWS = 0.01, [2, 0, 1]
KINDS = {
    "adam": (RowAdam, lambda optimizers: optimizers.Adam(RATE)),
    "rmsprop": (RowRMSprop, lambda optimizers: optimizers.RMSprop(RATE)),
    "sgd": (lambda table: RowSGD(table, 0.0), lambda optimizers: optimizers.SGD(RATE)),
    "momentum": (lambda table: RowSGD(table, 0.9), lambda optimizers: optimizers.SGD(RATE, momentum=0.9)),
}


@pytest.mark.parametrize("name", KINDS)
def test_rows_that_are_read_move_as_keras_moves_them(name):
    tf, keras = load_backend()
    random = np.random.default_rng(4)
    start = random.normal(size=(4, 3)).astype(np.float32)
    table, dense = tf.Variable(start), keras.Variable(start[:3])
    lazy, whole = KINDS[name][0](table), KINDS[name][1](keras.optimizers)
    for _ in range(4):
        gradient = random.normal(size=(3, 3)).astype(np.float32)
        lazy.apply(tf.constant(ROWS), tf.constant(gradient[ROWS]), tf.constant(RATE))
        whole.apply([tf.constant(gradient)], [dense])
    np.testing.assert_allclose(table.numpy()[:3], dense.numpy(), rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(table.numpy()[3], start[3])


@pytest.mark.parametrize("name", KINDS)
def test_rows_that_one_step_leaves_out_take_no_part_in_it(name):
    tf, _ = load_backend()
    start = np.ones((2, 3), np.float32)
    table = tf.Variable(start)
    lazy = KINDS[name][0](table)
    both, first, ones = tf.constant([0, 1]), tf.constant([0]), np.ones((2, 3), np.float32)
    lazy.apply(both, tf.constant(ones), tf.constant(RATE))
    before = table.numpy()
    lazy.apply(first, tf.constant(ones[:1]), tf.constant(RATE))
    after = table.numpy()
    assert (after[0] < before[0]).all()
    np.testing.assert_array_equal(after[1], before[1])
