"""Soft targets: labels mixed with the probabilities of other classifiers.

A label says that a text is of one class; probabilities say which others would do as well. A network that
learns from both is misled less by labels that are a matter of chance: "distillation" (Hinton, Vinyals and
Dean 2015, section 2), here with the temperature 1 and equal weights of both losses.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from embedkit.errors import InputError
from embedkit.models.linear.self_training import probability_targets
from embedkit.models.networks.examples import Examples
from embedkit.models.targets import Targets

SHARE = 0.5  # of the probabilities; labels have the rest
TOLERANCE = 1e-3  # of sums of probabilities


def softened(examples: Examples, soft_targets: Any, targets: Targets) -> Examples:
    """The examples with targets that are the means of the labels and of probabilities of the classes.

    Args:
        examples: the texts with labels come first.
        soft_targets: the probabilities of the classes of these, (n, K).
        targets: the labels.

    Raises:
        InputError: what cannot be probabilities of these texts and classes.
    """
    try:
        probabilities = np.asarray(soft_targets, np.float64)
    except (TypeError, ValueError):
        raise InputError(
            "expected probabilities as numbers, a row a text; give those of predict_proba"
        ) from None
    shape = len(targets.encoded), len(targets.classes)
    if probabilities.shape != shape:
        raise InputError(
            f"expected the probabilities of {shape[1]} classes for each of {shape[0]} texts, "
            f"got an array of shape {probabilities.shape}"
        )
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise InputError("expected probabilities from 0 to 1; give what predict_proba returns")
    if targets.task != "multilabel" and not np.allclose(probabilities.sum(axis=1), 1, atol=TOLERANCE):
        raise InputError("expected the probabilities of the classes of each text to add up to 1")
    mixed = examples.targets.copy()
    mixed[: shape[0]] += SHARE * (probability_targets(probabilities, targets) - mixed[: shape[0]])
    return replace(examples, targets=mixed)
