"""The networks of `TextClassifier`: from the ids of texts to the scores of classes.

A network is a table of vectors and a body, a Keras model that takes the vectors of tokens (n, T, D) and a
mask (n, T). The mask goes to every layer by name: recurrent layers stop at the end of a text, convolutions
see zeros beyond it, and pooling leaves the rest out, so that what a text gets does not depend on how far it
is padded. Recurrent layers keep the activations, and the lack of dropout inside, that the fast kernels of a
GPU ask for. Attention is additive, with one learned query (Yang et al. 2016, equations 5 to 7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.models.backend import load_backend
from embedkit.models.inference import TABLE
from embedkit.models.settings import Architecture
from embedkit.text.sequences import FIRST_WORD, PADDING

LOWEST = -1e4  # stands for minus infinity; float16 holds it
CELLS = {"lstm": "LSTM", "gru": "GRU", "rnn": "SimpleRNN"}


@dataclass(frozen=True)
class Network:
    """A table of vectors, `tf.Variable` float32 (V + `FIRST_WORD`, D), and the Keras model that reads them.

    `precision` is the Keras policy of the model.
    """

    table: Any
    body: Any
    precision: str

    @cached_property
    def score(self) -> Callable[[Any], Any]:
        """A function from ids int32 (n, T) to scores float32 (n, columns), compiled once for all n and T."""
        tf, _ = load_backend()

        @tf.function(input_signature=[tf.TensorSpec([None, None], tf.int32)])  # type: ignore[untyped-decorator]
        def score(ids: Any) -> Any:
            return self.body([tf.gather(self.table, ids), mask_of(ids)], training=False)

        return score  # type: ignore[no-any-return]

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """All weights, as copies, by the names that `embedkit.models.inference` gives them."""
        body = {weight_name(weight.path): weight.numpy() for weight in self.body.weights}
        return {TABLE: self.table.numpy(), **body}

    def set_weights(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Take the weights that `weights` gave."""
        self.table.assign(weights[TABLE])
        for weight in self.body.weights:
            weight.assign(weights[weight_name(weight.path)])


def weight_name(path: str) -> str:
    """The name of a weight by the path Keras gives it, which tells inner layers and cells too.

    "layer1/forward_layer1_forward/lstm_cell/kernel" gives "layer1/forward/kernel".
    """
    layer, *inner, kind = path.split("/")
    name = layer.removesuffix("_forward")
    direction = next(
        (side for side in ("forward", "backward") if f"_{side}" in "/".join([layer, *inner])), ""
    )
    return "/".join(filter(None, [name, direction, kind]))


def table_of(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """The table of the vectors of words (V, D): word i has row i + `FIRST_WORD`; the rows before are zero."""
    return np.concatenate([np.zeros((FIRST_WORD, matrix.shape[1]), np.float32), matrix])


def build(
    architecture: Architecture,
    table: NDArray[np.float32],
    columns: int,
    *,
    seed: int = 0,
    precision: str = "float32",
) -> Network:
    """A network whose weights are drawn at random.

    Args:
        architecture: what it is built of.
        table: float32 (V + `FIRST_WORD`, D), see `table_of`.
        columns: how many scores a text gets.
        seed: of the weights, and of what dropout leaves out.
        precision: a Keras policy; scores are float32 in any case.
    """
    tensorflow, keras = load_backend()
    make = Parts(keras, architecture, precision, iter(range(seed * 1000, seed * 1000 + 1000)))
    vectors = keras.Input((None, table.shape[1]), name="tokens")
    mask = keras.Input((None,), dtype="bool", name="mask")
    hidden = make.dropout(architecture.vector_dropout, "vector_dropout")(vectors)
    for number in range(1, architecture.layers + 1):
        if number > 1:
            hidden = make.dropout(architecture.layer_dropout, f"dropout{number}")(hidden)
        hidden = make.layer(hidden, mask, f"layer{number}", top=number == architecture.layers)
    pooled = make.dropout(architecture.dropout, "dropout")(make.pooled(hidden, mask))
    scores = keras.layers.Dense(columns, kernel_initializer=make.glorot(), dtype="float32", name="scores")(
        pooled
    )
    body = keras.Model([vectors, mask], scores, name="body")
    return Network(tensorflow.Variable(table, name=TABLE), body, precision)


@dataclass(frozen=True)
class Parts:
    """Makes the layers of a body, with a seed of its own for each thing drawn at random."""

    keras: Any
    architecture: Architecture
    precision: str
    seeds: Iterator[int]

    def glorot(self) -> Any:
        """Where the weights between layers come from."""
        return self.keras.initializers.GlorotUniform(next(self.seeds))

    def dropout(self, share: float, name: str) -> Any:
        """A dropout layer."""
        return self.keras.layers.Dropout(share, seed=next(self.seeds), dtype=self.precision, name=name)

    def layer(self, hidden: Any, mask: Any, name: str, top: bool) -> Any:
        """A layer on `hidden` (n, T, any): (n, T, units), or twice as many in both directions.

        A recurrent layer at the top gives only the states after the end, (n, units), if no more is pooled.
        """
        if self.architecture.cell == "conv":
            seen = self.keras.ops.where(mask[..., None], hidden, 0.0)
            return self.keras.layers.Conv1D(
                self.architecture.units,
                self.architecture.width,
                padding="same",
                activation="relu",
                kernel_initializer=self.glorot(),
                dtype=self.precision,
                name=name,
            )(seen)
        every = not (top and self.architecture.pooling == "last")
        forward = self._recurrent(f"{name}_forward", every, backwards=False)
        if not self.architecture.bidirectional:
            return forward(hidden, mask=mask)
        backward = self._recurrent(f"{name}_backward", every, backwards=True)
        both = self.keras.layers.Bidirectional(
            forward, backward_layer=backward, dtype=self.precision, name=name
        )
        return both(hidden, mask=mask)

    def _recurrent(self, name: str, every: bool, backwards: bool) -> Any:
        return getattr(self.keras.layers, CELLS[self.architecture.cell])(
            self.architecture.units,
            return_sequences=every,
            go_backwards=backwards,
            kernel_initializer=self.glorot(),
            recurrent_initializer=self.keras.initializers.Orthogonal(seed=next(self.seeds)),
            dtype=self.precision,
            name=name,
        )

    def pooled(self, hidden: Any, mask: Any) -> Any:
        """One row a text (n, units) of the rows of its tokens (n, T, units)."""
        ops, kept = self.keras.ops, mask[..., None]
        if self.architecture.pooling == "max":
            return ops.max(ops.where(kept, hidden, LOWEST), axis=1)
        if self.architecture.pooling == "last":
            if self.architecture.cell != "conv":
                return hidden
            ends = ops.sum(ops.cast(kept, "int32"), axis=1, keepdims=True) - 1
            return ops.squeeze(ops.take_along_axis(hidden, ends, axis=1), 1)
        if self.architecture.pooling == "mean":
            shares = ops.cast(kept, "float32")
        else:
            shares = self._attention(hidden, kept)
        shares = shares / ops.sum(shares, axis=1, keepdims=True)
        return ops.sum(ops.cast(hidden, "float32") * shares, axis=1)

    def _attention(self, hidden: Any, kept: Any) -> Any:
        """How much each token counts next to the one that counts most, float32 (n, T, 1)."""
        ops, dense = self.keras.ops, self.keras.layers.Dense
        seen = dense(
            self.architecture.units,
            activation="tanh",
            kernel_initializer=self.glorot(),
            dtype="float32",
            name="attention",
        )(hidden)
        logits = dense(
            1, use_bias=False, kernel_initializer=self.glorot(), dtype="float32", name="attention_query"
        )(seen)
        logits = ops.where(kept, logits, LOWEST)
        return ops.exp(logits - ops.max(logits, axis=1, keepdims=True))


def mask_of(ids: Any) -> Any:
    """Which ids are of words, not padding."""
    return ids != PADDING
