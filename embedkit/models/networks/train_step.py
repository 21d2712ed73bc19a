"""One training step, compiled once for any batch size and length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.keras_network import Network, lengths_of, words_of
from embedkit.models.networks.row_adam import RowAdam
from embedkit.models.targets import Task

Step = Callable[..., tuple[Any, Any, Any]]
LossFunction = Callable[[Any, Any], Any]


def losses_of(task: Task) -> LossFunction:
    """The loss of targets (n, columns) and scores: (n, columns), or of several classes (n, 1)."""
    tf, _ = load_backend()
    if task == "multiclass":
        return lambda targets, scores: tf.nn.softmax_cross_entropy_with_logits(targets, scores)[:, None]
    return lambda targets, scores: tf.nn.sigmoid_cross_entropy_with_logits(targets, scores)


def training_step(
    network: Network, optimizer: Any, rows: RowAdam, losses: LossFunction, columns: int, width: int
) -> Step:
    """A compiled function that takes a step of training and gives the scores before it.

    The body's weights are `optimizer`'s, the table's are those of `rows`.

    It takes ids int32 (n, T), targets float32 (n, columns), weights of their losses float32 (n, width), and
    the learning rates of the body and of the table, 0 of a table that stays as it is. It gives the scores
    (n, columns), and the sum of the weighted losses with that of the weights.
    """
    tf, _ = load_backend()
    shapes = [[None, columns], [None, width]]
    kinds = [([None, None], tf.int32), *((shape, tf.float32) for shape in shapes)]
    signature = [tf.TensorSpec(*kind) for kind in [*kinds, ([], tf.float32), ([], tf.float32)]]

    @tf.function(input_signature=signature, autograph=False)  # type: ignore[untyped-decorator]
    def step(ids: Any, targets: Any, weights: Any, rate: Any, table_rate: Any) -> tuple[Any, Any, Any]:
        words, places = words_of(ids)
        vectors = tf.gather(network.table, words)
        with tf.GradientTape() as tape:
            tape.watch(vectors)
            scores = network.body(vectors, places, lengths_of(ids), training=True)
            loss, total = tf.reduce_sum(losses(targets, scores) * weights), tf.reduce_sum(weights)
            scaled = optimizer.scale_loss(loss / total)
        variables = network.body.weights
        gradients = tape.gradient(scaled, [vectors, *variables])
        unscaled = tf.convert_to_tensor(gradients[0]) / getattr(optimizer, "dynamic_scale", 1.0)
        optimizer.learning_rate.assign(rate)
        optimizer.apply(gradients[1:], variables)
        finite = tf.where(tf.math.is_finite(unscaled), unscaled, 0.0)
        tf.cond(table_rate > 0, lambda: rows.apply(words, finite, table_rate), lambda: None)
        return scores, loss, total

    return step  # type: ignore[no-any-return]
