"""Recurrent layers computed by compiled kernels, as functions of TensorFlow with their gradients.

What a layer's kernel makes of a word is computed once a batch, however often the word occurs, and its
gradient comes back as one row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.recurrent_passes import read, read_back
from embedkit.neural.kernels.cell_steps import CELL_STEPS


def states_of(
    cell: str, layers: Sequence[Any], vectors: Any, places: Any, lengths: Any, training: bool = False
) -> Any:
    """The states of a recurrent layer, float32 (n, T, directions * units), zero after the end of a text.

    Args:
        cell: "lstm", "gru" or "rnn".
        layers: of Keras, one a direction, whose weights and recurrent dropout are used: `keras.layers.LSTM`,
            `GRU` with its reset after the product, or `SimpleRNN`. Dropout draws one mask a text and
            direction, which is the same at all steps and for all gates.
        vectors: of words, float32 (m, D), or of tokens, (n, T, D).
        places: of the words of texts, int32 (n, T), or None of vectors of tokens.
        lengths: the tokens of each text, int32 (n,), at least one; they come first.
        training: whether dropout leaves out some.
    """
    tf, keras = load_backend()
    cells = [layer.cell for layer in layers]
    kernel = tf.concat([one.kernel.value for one in cells], axis=1)
    biases = [one.bias.value for one in cells]
    if cell == "gru":
        recurrent_biases = tf.stack([bias[1] for bias in biases])
        biases = [bias[0] for bias in biases]
    else:
        recurrent_biases = tf.zeros((len(cells), 0))
    if places is None:
        size = tf.shape(vectors)
        places = tf.reshape(tf.range(size[0] * size[1]), size[:2])
        vectors = tf.reshape(vectors, [-1, vectors.shape[2]])
    rows = tf.matmul(vectors, kernel) + tf.concat(biases, axis=0)
    rate = cells[0].recurrent_dropout if training else 0.0
    ones = tf.ones((tf.size(lengths) if rate else 0, cells[0].units))
    masks = [keras.random.dropout(ones, rate, seed=one.seed_generator) if rate else ones for one in cells]
    recurrent_kernels = tf.stack([one.recurrent_kernel.value for one in cells])
    return recurrent(cell)(rows, places, lengths, recurrent_kernels, recurrent_biases, tf.stack(masks))


@cache
def recurrent(cell: str) -> Callable[..., Any]:
    """A function of TensorFlow, with its gradient, for recurrent layers in one direction or two.

    It takes rows float32 (m, directions * gates * units), what kernel and bias make of a word; places int32
    (n, T), the row of each token; lengths int32 (n,), the tokens of each text, at least one; recurrent
    kernels float32 (directions, units, gates * units); recurrent biases (directions, gates * units), which
    only the GRU has, else (directions, 0); and what recurrent dropout multiplies the states before with,
    (directions, n, units), or (directions, 0, units) of none. It gives the states, float32
    (n, T, directions * units), zero after the end of a text.
    """
    tf, _ = load_backend()

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def states(rows: Any, places: Any, lengths: Any, kernels: Any, biases: Any, masks: Any) -> Any:
        def forward(*given: Any) -> Any:
            return read(cell, *given)

        def backward(*given: Any) -> Any:
            return read_back(cell, *given)

        given = [rows, places, lengths, kernels, biases, masks]
        outputs, kept = tf.numpy_function(forward, given, [tf.float32] * 2, stateful=False)
        outputs.set_shape([None, None, kernels.shape[0] * kernels.shape[1]])

        def gradients(upstream: Any) -> tuple[Any, ...]:
            found = tf.numpy_function(backward, [upstream, *given, kept], [tf.float32] * 3, stateful=False)
            for gradient, like in zip(found, (rows, kernels, biases), strict=True):
                gradient.set_shape(like.shape)
            of_rows, of_kernels, of_biases = found
            return of_rows, None, None, of_kernels, of_biases, None

        return outputs, gradients

    return states  # type: ignore[no-any-return]


def compile_for(cell: str) -> None:
    """Compile what layers of a cell need, or load it, by a walk over two texts of two words."""
    rows, kernels = (
        np.zeros((2, CELL_STEPS[cell].GATES * 2), np.float32),
        np.zeros((1, 2, CELL_STEPS[cell].GATES * 2), np.float32),
    )
    places, lengths = np.zeros((2, 2), np.int32), np.full(2, 2, np.int32)
    biases = np.zeros((1, kernels.shape[2] if cell == "gru" else 0), np.float32)
    given = rows, places, lengths, kernels, biases, np.ones((1, 0, 2), np.float32)
    states, kept = read(cell, *given)
    read_back(cell, states, *given, kept)
