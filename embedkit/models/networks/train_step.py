"""One training step, compiled once for any batch size and length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from embedkit.models.networks.averaging import WeightAverages
from embedkit.models.networks.backend import load_backend, passing_gradients
from embedkit.models.networks.config import TrainingConfig
from embedkit.models.networks.keras_network import Network
from embedkit.models.networks.objective import Batch, Objective
from embedkit.models.networks.optimizers import layer_optimizer
from embedkit.models.networks.row_optimizers import RowOptimizer
from embedkit.models.targets import Task


class TrainingStep(NamedTuple):
    """A compiled step of training, see `training_step`.

    Args:
        run: takes a step.
        variables: that it changes beside the weights.
    """

    run: Callable[..., tuple[Any, Any, Any]]
    variables: list[Any]

    def __call__(self, *given: Any) -> tuple[Any, Any, Any]:
        """Take a step."""
        return self.run(*given)


def training_step(
    network: Network,
    rows: RowOptimizer,
    averages: WeightAverages | None,
    task: Task,
    config: TrainingConfig,
    columns: int,
    width: int,
    seed: int,
    frozen: int | None = 0,
) -> TrainingStep:
    """A compiled function that takes a step of training and gives the scores before it.

    The body's weights are those of the optimizer that `config` names, the table's are those of `rows`.

    It takes ids int32 (n, T), targets float32 (n, columns), weights of their losses float32 (n, width), and
    the learning rates of the body and of the table. It gives the scores (n, columns), and the sum of the
    weighted losses with that of the weights. Penalties and the losses of texts that are moved are learned,
    and in no sum.

    With `frozen`, see `NetworkTrainer`, the table stays as it is: for good if it is None, else in steps whose
    learning rate of the table is 0.
    """
    tf, _ = load_backend()
    variables = network.body.weights
    optimizer = layer_optimizer(config, network.body.precision, variables)
    objective = Objective(network, task, config, optimizer.scale_loss, seed)
    shapes = [[None, columns], [None, width]]
    kinds = [([None, None], tf.int32), *((shape, tf.float32) for shape in shapes)]
    signature = [tf.TensorSpec(*kind) for kind in [*kinds, ([], tf.float32), ([], tf.float32)]]

    @tf.function(input_signature=signature, autograph=False)  # type: ignore[untyped-decorator]
    def step(ids: Any, targets: Any, weights: Any, rate: Any, table_rate: Any) -> tuple[Any, Any, Any]:
        batch = Batch.of(network, ids)
        scores, loss, (of_vectors, *of_layers) = objective.gradients(batch, targets, weights)
        unscaled = of_vectors / getattr(optimizer, "dynamic_scale", 1.0)
        finite = tf.where(tf.math.is_finite(unscaled), unscaled, 0.0)
        if averages:
            averages.before_step(batch.words)
        optimizer.learning_rate.assign(rate)
        optimizer.apply(of_layers, variables)
        if frozen == 0:
            rows.apply(batch.words, finite, table_rate)
        elif frozen:
            tf.cond(table_rate > 0, lambda: rows.apply(batch.words, finite, table_rate), lambda: None)
        if averages:
            averages.after_step()
        return scores, loss, tf.reduce_sum(weights)

    if not tf.config.functions_run_eagerly():
        with passing_gradients():
            step.get_concrete_function()
    averaged = averages.variables if averages else []
    return TrainingStep(step, [*optimizer.variables, *rows.variables, *averaged, objective.drawn])
