"""The arguments of `fit`: as many texts as labels, and how much each counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.errors import InputError
from embedkit.models.columns import checked_texts
from embedkit.models.targets import Targets
from embedkit.models.text_forms import form_of
from embedkit.text.datasets.token_tags import TokenTags


def checked_pairs(texts: Any, targets: Targets) -> list[str]:
    """The texts of a fit, as many as there are labels."""
    checked = checked_texts(texts)
    if len(checked) != len(targets.encoded):
        raise InputError(f"expected a label for each of {len(checked)} texts, got {len(targets.encoded)}")
    if targets.form == "lists" and form_of(checked) != "texts":
        tags = TokenTags()
        for text, labels in zip(checked, targets.encoded.sum(axis=1).tolist(), strict=True):
            tags.add_lengths(len(text.split()), labels)
        tags.check()
    return checked


def checked_sample_weight(sample_weight: Any, texts: int) -> Doubles1d | None:
    """How much each text counts in training, float64 (n,); None if nothing was said.

    Raises:
        InputError: what are not finite weights of 0 or more, one a text, or all of them 0.
    """
    if sample_weight is None:
        return None
    try:
        weights: Doubles1d = np.asarray(sample_weight, np.float64)
    except (TypeError, ValueError):
        raise InputError(f"sample_weight must be numbers, got {sample_weight!r:.80}") from None
    if weights.shape != (texts,):
        raise InputError(
            f"sample_weight must hold one weight for each of {texts} texts, got an array of shape "
            f"{weights.shape}"
        )
    if not (np.isfinite(weights) & (weights >= 0)).all() or not weights.any():
        raise InputError("sample_weight must be finite numbers of at least 0, not all of them zero")
    return weights


def column_of(weights: Doubles1d | None) -> Doubles2d | None:
    """Weights (n,) as (n, 1), by which those of several columns are multiplied."""
    return None if weights is None else weights[:, None]
