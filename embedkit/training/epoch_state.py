"""`EpochState`: the vectors and losses after an epoch."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from embedkit.arrays import Floats2d
from embedkit.vectors.embeddings import Embeddings

Losses = list[float | None] | None


class EpochState(NamedTuple):
    """The vectors after so many epochs.

    `vectors` are float32 (V, D). `losses` hold the true mean loss of each epoch, None for one in which
    nothing was predicted, or are None if the engine does not know them. `outputs` are the output vectors,
    float32 (V, D), if they are to be kept.
    """

    epoch: int
    vectors: Floats2d
    losses: Losses
    outputs: Floats2d | None = None


EpochHook = Callable[[EpochState], None]


def epoch_hook(
    after_epoch: Callable[[int, Embeddings], None] | None, made: Callable[[EpochState], Embeddings]
) -> EpochHook | None:
    """What calls `after_epoch` with the number of an epoch and the vectors `made` of it; None without."""
    if after_epoch is None:
        return None
    return lambda state: after_epoch(state.epoch, made(state))
