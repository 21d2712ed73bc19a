"""Idle epochs, in which subsampling left nothing to predict: an error if all are, a warning if some are."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from embedkit.errors import NothingLearnedError


def check_learned(losses: Sequence[float | None], sample: float, missing: str) -> None:
    """Raise `NothingLearnedError` if no epoch has a loss, and warn if some have none.

    Args:
        losses: the mean loss of each epoch, None for one in which nothing was predicted.
        sample: the subsampling threshold.
        missing: what was not left to predict, for the error: "no two words of a document were left".
    """
    idle = list(losses).count(None)
    if idle == len(losses):
        raise NothingLearnedError(
            f"nothing was learned: with sample={sample} {missing}; use sample=0, or more text"
        )
    if idle:
        warnings.warn(
            f"{idle} of {len(losses)} epochs made no prediction, as sample={sample} drops most words of so "
            "small a text; use sample=0",
            stacklevel=4,
        )
