"""The Keras networks of `TextClassifier`: from token ids to class scores.

A network is a table of vectors and a body of Keras layers. The body takes the vectors of the words of a batch
(m, D), each once however often the word occurs, the places of tokens among them (n, T), and a mask (n, T).
The mask reaches every layer: recurrent layers stop at the end of a text, convolutions see zeros beyond it,
and pooling leaves the rest out, so that what a text gets does not depend on how far it is padded. Recurrent
layers keep the activations, and the lack of dropout inside, that the fast kernels of a GPU ask for; on a
processor they are computed by `embedkit.models.networks.recurrent_layers`. Attention is additive, with one
learned query (Yang et al. 2016, equations 5 to 7).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d
from embedkit.models.architecture import TABLE, Architecture, directions
from embedkit.models.networks.backend import has_gpu, load_backend, memory_errors, release, rows_variable
from embedkit.models.word_ids import FIRST_WORD, PADDING
from embedkit.simd.compiling import can_compile

LOWEST = -1e4  # stands for minus infinity; float16 holds it
CELLS = {"lstm": "LSTM", "gru": "GRU", "rnn": "SimpleRNN"}


@dataclass(frozen=True)
class Network:
    """A table of vectors, `tf.Variable` float32 (V + `FIRST_WORD`, D), and the layers that read them."""

    table: Any
    body: Body

    @cached_property
    def score(self) -> Callable[[Any], Any]:
        """A function from ids int32 (n, T) to scores float32 (n, columns), compiled once for all n and T."""
        tf, _ = load_backend()

        signature = [tf.TensorSpec([None, None], tf.int32)]

        @tf.function(input_signature=signature, autograph=False)  # type: ignore[untyped-decorator]
        def score(ids: Any) -> Any:
            words, places = words_of(ids)
            return self.body(tf.gather(self.table, words), places, mask_of(ids))

        return score  # type: ignore[no-any-return]

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """All weights, as copies, by the names that `embedkit.models.inference.forward` gives them."""
        body = {weight_name(weight.path): weight.numpy() for weight in self.body.weights}
        return {TABLE: self.table.numpy(), **body}

    def release(self) -> None:
        """Give back the memory of the table, after which the network reads no text."""
        release(self.table)

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


def table_of(matrix: Floats2d) -> Floats2d:
    """The table of the vectors of words (V, D): word i has row i + `FIRST_WORD`; the rows before are zero."""
    return np.concatenate([np.zeros((FIRST_WORD, matrix.shape[1]), np.float32), matrix])


class Body:
    """The layers of a network, with weights drawn at random.

    Args:
        architecture: what it is built of.
        size: dimensions of the vectors of words.
        columns: how many scores a text gets.
        seed: of the weights, and of what dropout leaves out.
        precision: a Keras policy; scores are float32 in any case.
    """

    def __init__(
        self, architecture: Architecture, size: int, columns: int, *, seed: int, precision: str
    ) -> None:
        self.architecture, self.precision = architecture, precision
        self._tf, self._keras = load_backend()
        self._seeds = iter(range(seed * 1000, seed * 1000 + 1000))
        recurrent = architecture.cell in CELLS and can_compile()
        self.compiled = recurrent and precision == "float32" and not has_gpu()
        self.vector_dropout = self._dropout(architecture.vector_dropout, "vector_dropout")
        self.layers, self.layer_dropouts = [], []
        for number in range(1, architecture.layers + 1):
            self.layer_dropouts.append(self._dropout(architecture.layer_dropout, f"dropout{number}"))
            self.layers.append(self._layer(f"layer{number}", size))
            size = architecture.units * max(1, len(directions(architecture)))
        self.attention = self._attention(size) if architecture.pooling == "attention" else []
        self.dropout = self._dropout(architecture.dropout, "dropout")
        self.scores = self._dense("scores", size, columns)

    def __call__(self, words: Any, places: Any, mask: Any, training: bool = False) -> Any:
        """The scores of texts, float32 (n, columns).

        Args:
            words: their vectors, float32 (m, D).
            places: the words of the texts, int32 (n, T).
            mask: which of them are there, bool (n, T); the first ones of each text, at least one.
            training: whether dropout leaves out some.
        """
        hidden, compiled = self.vector_dropout(words, training=training), self.compiled
        if not compiled:
            hidden = self._tf.gather(hidden, places)
        for number, layer in enumerate(self.layers):
            if number:
                hidden = self.layer_dropouts[number](hidden, training=training)
            if compiled:
                hidden = self._read(layer, hidden, None if number else places, mask, training)
            elif self.architecture.cell == "conv":
                hidden = layer(self._tf.where(mask[..., None], hidden, 0.0))
            else:
                hidden = layer(hidden, mask=mask)
        return self.scores(self.dropout(self._pooled(hidden, mask), training=training))

    def compile(self) -> None:
        """Compile what `compiled` layers need, or load it from disk."""
        from embedkit.models.networks.recurrent_layers import compile_for

        compile_for(self.architecture.cell)

    @property
    def weights(self) -> list[Any]:
        """The Keras variables of all layers, all of them trained."""
        return [weight for layer in [*self.layers, *self.attention, self.scores] for weight in layer.weights]

    def _dropout(self, share: float, name: str) -> Any:
        return self._keras.layers.Dropout(share, seed=next(self._seeds), dtype=self.precision, name=name)

    def _glorot(self) -> Any:
        return self._keras.initializers.GlorotUniform(next(self._seeds))

    def _dense(self, name: str, size: int, columns: int, **settings: Any) -> Any:
        made = self._keras.layers.Dense(
            columns, kernel_initializer=self._glorot(), dtype="float32", name=name, **settings
        )
        made.build((None, size))
        return made

    def _layer(self, name: str, size: int) -> Any:
        """A layer on `size` numbers a token: (n, T, units), or twice as many in both directions."""
        if self.architecture.cell == "conv":
            made = self._keras.layers.Conv1D(
                self.architecture.units,
                self.architecture.width,
                padding="same",
                activation="relu",
                kernel_initializer=self._glorot(),
                dtype=self.precision,
                name=name,
            )
        else:
            made = self._recurrent(f"{name}_forward", backwards=False)
            if self.architecture.bidirectional:
                backward = self._recurrent(f"{name}_backward", backwards=True)
                made = self._keras.layers.Bidirectional(
                    made, backward_layer=backward, dtype=self.precision, name=name
                )
        made.build((None, None, size))
        return made

    def _recurrent(self, name: str, backwards: bool) -> Any:
        return getattr(self._keras.layers, CELLS[self.architecture.cell])(
            self.architecture.units,
            return_sequences=True,
            go_backwards=backwards,
            kernel_initializer=self._glorot(),
            recurrent_initializer=self._keras.initializers.Orthogonal(seed=next(self._seeds)),
            seed=0,  # of dropout inside the cell, of which there is none; Keras would draw one
            dtype=self.precision,
            name=name,
        )

    def _read(self, layer: Any, vectors: Any, places: Any, mask: Any, training: bool) -> Any:
        """The states of a recurrent layer on vectors of words at these places, or of tokens."""
        from embedkit.models.networks.recurrent_layers import states_of

        one_way = [layer.forward_layer, layer.backward_layer] if self.architecture.bidirectional else [layer]
        return states_of(self.architecture.cell, one_way, vectors, places, lengths_of(mask), training)

    def _attention(self, size: int) -> list[Any]:
        seen = self._dense("attention", size, self.architecture.units, activation="tanh")
        return [seen, self._dense("attention_query", self.architecture.units, 1, use_bias=False)]

    def _pooled(self, hidden: Any, mask: Any) -> Any:
        """One row a text (n, units) of the rows of its tokens (n, T, units)."""
        tf, kept, pooling = self._tf, mask[..., None], self.architecture.pooling
        if pooling == "max":
            return tf.reduce_max(tf.where(kept, hidden, LOWEST), axis=1)
        if pooling == "last":
            after = tf.gather(hidden, lengths_of(mask) - 1, axis=1, batch_dims=1)
            if len(directions(self.architecture)) < 2:
                return after
            units = self.architecture.units
            return tf.concat([after[:, :units], hidden[:, 0, units:]], axis=1)
        hidden = tf.cast(hidden, tf.float32)
        shares = tf.cast(kept, tf.float32)
        if pooling == "attention":
            logits = tf.where(kept, self.attention[1](self.attention[0](hidden)), LOWEST)
            shares = tf.exp(logits - tf.reduce_max(logits, axis=1, keepdims=True))
        shares = shares / tf.reduce_sum(shares, axis=1, keepdims=True)
        return tf.reduce_sum(hidden * shares, axis=1)


@memory_errors()
def build(
    architecture: Architecture,
    table: Floats2d,
    columns: int,
    *,
    seed: int = 0,
    precision: str = "float32",
) -> Network:
    """A network whose weights are drawn at random: a table as `table_of` makes it, and its `Body`."""
    body = Body(architecture, table.shape[1], columns, seed=seed, precision=precision)
    return Network(rows_variable(table, TABLE), body)


def words_of(ids: Any) -> tuple[Any, Any]:
    """The words of ids int32 (n, T), each once (m,), and the place of each id among them (n, T)."""
    tf, _ = load_backend()
    words, places = tf.unique(tf.reshape(ids, [-1]))
    return words, tf.reshape(places, tf.shape(ids))


def mask_of(ids: Any) -> Any:
    """Which ids are of words, not padding."""
    return ids != PADDING


def lengths_of(mask: Any) -> Any:
    """The number of tokens of each text, int32 (n,)."""
    tf, _ = load_backend()
    return tf.reduce_sum(tf.cast(mask, tf.int32), axis=1)
