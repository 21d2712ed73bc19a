"""`Network`: a table of word vectors and the layers that read them, in Keras.

The layers take the vectors of the words of a batch (m, D), each once however often the word occurs, the
places of tokens among them (n, T), and lengths (n,).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d
from embedkit.models.layers.stack import TABLE, LayerStack
from embedkit.models.networks.backend import load_backend, memory_errors, release, rows_variable
from embedkit.models.networks.body.body import Body
from embedkit.models.word_ids import FIRST_WORD, PADDING


@dataclass(frozen=True)
class Network:
    """A table of vectors, `tf.Variable` float32 (V + `FIRST_WORD`, D), and the layers that read them."""

    table: Any
    body: Body

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """All weights, as copies, by the names of `LayerStack.weight_shapes`."""
        body = {name: weight.numpy() for name, weight in self.body.named_weights.items()}
        return {TABLE: self.table.numpy(), **body}

    def release(self) -> None:
        """Give back the memory of the table, after which the network reads no text."""
        release(self.table)

    def set_weights(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Take the weights that `weights` gave."""
        self.table.assign(weights[TABLE])
        for name, weight in self.body.named_weights.items():
            weight.assign(weights[name])


def table_of(matrix: Floats2d) -> Floats2d:
    """The table of the vectors of words (V, D): word i has row i + `FIRST_WORD`; the rows before are zero."""
    return np.concatenate([np.zeros((FIRST_WORD, matrix.shape[1]), np.float32), matrix])


@memory_errors()
def build(
    stack: LayerStack,
    table: Floats2d,
    columns: int,
    *,
    seed: int = 0,
    precision: str = "float32",
) -> Network:
    """A network whose weights are drawn at random: a table as `table_of` makes it, and its `Body`."""
    body = Body(stack, table.shape[1], columns, seed=seed, precision=precision)
    return Network(rows_variable(table, TABLE), body)


def words_of(ids: Any) -> tuple[Any, Any]:
    """The words of ids int32 (n, T), each once (m,), and the place of each id among them (n, T)."""
    tf, _ = load_backend()
    words, places = tf.unique(tf.reshape(ids, [-1]))
    return words, tf.reshape(places, tf.shape(ids))


def lengths_of(ids: Any) -> Any:
    """The number of words of each text, int32 (n,): padding stands behind them."""
    tf, _ = load_backend()
    return tf.reduce_sum(tf.cast(ids != PADDING, tf.int32), axis=1)
