"""Optimizers of networks: Keras' for the layers, and lazy ones of the same name for the table of vectors."""

from __future__ import annotations

from typing import Any

from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.config import TrainingConfig
from embedkit.models.networks.row_optimizers import RowAdam, RowOptimizer, RowRMSprop, RowSGD


def layer_optimizer(config: TrainingConfig, precision: str, weights: list[Any]) -> Any:
    """The optimizer of the weights of layers, which computes with scaled losses where float16 asks for it."""
    _, keras = load_backend()
    kinds = {"adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop, "sgd": keras.optimizers.SGD}
    settings = {"momentum": config.momentum} if config.optimizer == "sgd" else {}
    optimizer = kinds[config.optimizer](global_clipnorm=config.clip_norm or None, **settings)
    if precision == "mixed_float16":
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    optimizer.build(weights)
    return optimizer


def row_optimizer(config: TrainingConfig, table: Any) -> RowOptimizer:
    """The optimizer of the rows of a table."""
    if config.optimizer == "sgd":
        return RowSGD(table, config.momentum)
    return {"adam": RowAdam, "rmsprop": RowRMSprop}[config.optimizer](table)
