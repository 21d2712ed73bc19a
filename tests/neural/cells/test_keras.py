"""The cells and their gradients beside the layers of Keras."""

import numpy as np
import pytest

from embedkit import (
    GRUCell,
    LSTMCell,
    ResetFirstGRUCell,
    SimpleRNNCell,
    backward_through_time,
    forward_through_time,
)

pytestmark = pytest.mark.tensorflow

LAYERS = {
    SimpleRNNCell: ("SimpleRNN", {}),
    LSTMCell: ("LSTM", {}),
    GRUCell: ("GRU", {"reset_after": True}),
    ResetFirstGRUCell: ("GRU", {"reset_after": False}),
}


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("kind", LAYERS)
def test_states_and_gradients_are_those_of_keras(kind, reverse):
    import keras
    import tensorflow as tf

    generator = np.random.default_rng(1)
    cell = kind.initial(5, 4, generator)
    cell.bias[...] = generator.normal(size=cell.bias.shape)
    name, options = LAYERS[kind]
    layer = getattr(keras.layers, name)(
        4, return_sequences=True, return_state=True, go_backwards=reverse, **options
    )
    layer.build((None, None, 5))
    layer.set_weights([cell.kernel, cell.recurrent_kernel, cell.bias])
    inputs = generator.normal(size=(6, 3, 5)).astype(np.float32)
    initial, of_final = generator.normal(size=(2, cell.state_parts, 3, 4)).astype(np.float32)
    of_states = generator.normal(size=(6, 3, 4)).astype(np.float32)
    given = [tf.Variable(value) for value in (inputs.swapaxes(0, 1), *initial)]
    with tf.GradientTape() as tape:
        states, *final = layer(given[0], initial_state=given[1:])
        states = states[:, ::-1] if reverse else states
        loss = tf.reduce_sum(states * of_states.swapaxes(0, 1)) + tf.reduce_sum(tf.stack(final) * of_final)
    of_inputs, *others = tape.gradient(loss, [*given, *layer.trainable_variables])
    of_initial, of_weights = others[: cell.state_parts], others[cell.state_parts :]
    done = forward_through_time(cell, inputs, initial, reverse=reverse)
    found = backward_through_time(done, of_states, of_final)
    np.testing.assert_allclose(done.states, states.numpy().swapaxes(0, 1), atol=1e-5)
    np.testing.assert_allclose(done.final, np.stack(final), atol=1e-5)
    np.testing.assert_allclose(found.inputs, of_inputs.numpy().swapaxes(0, 1), atol=1e-5)
    np.testing.assert_allclose(found.initial, np.stack(of_initial), atol=1e-5)
    for mine, theirs in zip(found.weights.values(), of_weights, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-4, rtol=1e-5)
