"""The cells and their gradients beside the layers of Keras."""

import numpy as np
import pytest

from embedkit import (
    Bidirectional,
    GRUCell,
    LSTMCell,
    ResetFirstGRUCell,
    SimpleRNNCell,
    backward_through_time,
    forward_stack,
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
    import tensorflow as tf

    generator = np.random.default_rng(1)
    cell, layer = pair(kind, 5, generator)
    layer.go_backwards = reverse
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


@pytest.mark.parametrize("kind", LAYERS)
def test_sequences_of_other_lengths_are_those_of_keras_masks(kind):
    """Keras holds states behind the end of a sequence, too; what it shows there is the last state again."""
    generator = np.random.default_rng(1)
    cell, layer = pair(kind, 5, generator)
    inputs, lengths = generator.normal(size=(6, 3, 5)).astype(np.float32), np.array([4, 6, 1])
    mask = np.arange(6) < lengths[:, None]
    states, *final = layer(inputs.swapaxes(0, 1), mask=mask)
    done = forward_through_time(cell, inputs, lengths=lengths)
    np.testing.assert_allclose(done.states, states.numpy().swapaxes(0, 1) * mask.T[..., None], atol=1e-5)
    np.testing.assert_allclose(done.final, np.stack(final), atol=1e-5)


@pytest.mark.parametrize("compiled", [False, True])
def test_deep_bidirectional_stacks_are_those_of_keras(compiled):
    import keras

    generator, size = np.random.default_rng(1), 5
    layers, wrapped = [], []
    for kind in (LSTMCell, GRUCell):
        cells, (name, _) = [pair(kind, size, generator)[0] for _ in range(2)], LAYERS[kind]
        layers.append(Bidirectional(*cells))
        wrapped.append(keras.layers.Bidirectional(getattr(keras.layers, name)(4, return_sequences=True)))
        wrapped[-1].build((None, None, size))
        wrapped[-1].set_weights([weight for cell in cells for weight in cell.weights().values()])
        size = 8
    inputs = generator.normal(size=(6, 3, 5)).astype(np.float32)
    states = wrapped[1](wrapped[0](inputs.swapaxes(0, 1)))
    done = forward_stack(layers, inputs, compiled=compiled)
    np.testing.assert_allclose(done.states, states.numpy().swapaxes(0, 1), atol=1e-5)


def pair(kind, size, generator):
    """A cell of four units, and the layer of Keras with its weights."""
    import keras

    cell = kind.initial(size, 4, generator)
    cell.bias[...] = generator.normal(size=cell.bias.shape)
    name, options = LAYERS[kind]
    layer = getattr(keras.layers, name)(4, return_sequences=True, return_state=True, **options)
    layer.build((None, None, size))
    layer.set_weights([cell.kernel, cell.recurrent_kernel, cell.bias])
    return cell, layer
