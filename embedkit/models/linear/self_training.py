"""Self-training: unlabeled texts with the pseudo-labels of a classifier.

Self-training (Yarowsky 1995; Lee 2013, "Pseudo-label"): a classifier learns from the texts with labels,
predicts those of the others, and learns again from all, each pseudo-label weighted by its certainty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.models.columns import checked_texts
from embedkit.models.targets import Targets
from embedkit.text.datasets.unlabeled import read_texts

Unlabeled = Sequence[str] | str | Path | None


class PseudoLabels(NamedTuple):
    """Labels of n texts, of which the first are known and the others those of a classifier.

    Args:
        targets: the labels, those that are likeliest.
        wanted: the probabilities of the classes, (n, columns), see `target_matrix`.
        certainty: 0 of a pseudo-label that says nothing to 1, or the text's weight, of a label that is known,
            (n, 1); of several labels each for itself, (n, K).
    """

    targets: Targets
    wanted: Doubles2d
    certainty: Doubles2d


def read_unlabeled(unlabeled: Unlabeled) -> list[str]:
    """Texts that were given as such or as a file of them."""
    if unlabeled is None:
        return []
    return list(read_texts(unlabeled)) if isinstance(unlabeled, str | Path) else checked_texts(unlabeled)


def probability_targets(probabilities: Doubles2d, targets: Targets) -> Doubles2d:
    """Probabilities as targets, (n, columns): of two classes that of the second."""
    return probabilities[:, 1:] if targets.task == "binary" else probabilities


def with_pseudo_labels(
    targets: Targets,
    wanted: NDArray[np.floating],
    probabilities: Doubles2d,
    sample_weight: Doubles1d | None = None,
) -> PseudoLabels:
    """The labels `targets` and `wanted` of n texts, then the pseudo-labels of `probabilities` (m, K).

    `sample_weight` (n,) is that of the texts whose labels are known, None for 1.
    """
    if targets.task == "multilabel":
        encoded, certainty = (probabilities > 0.5).astype(targets.encoded.dtype), abs(2 * probabilities - 1)
    else:
        encoded, count = probabilities.argmax(axis=1), probabilities.shape[1]
        certainty = (count * probabilities.max(axis=1, keepdims=True) - 1) / (count - 1)
    known = np.ones((len(wanted), certainty.shape[1]))
    if sample_weight is not None:
        known *= sample_weight[:, None]
    return PseudoLabels(
        replace(targets, encoded=np.concatenate([targets.encoded, encoded])),
        np.concatenate([wanted, probability_targets(probabilities, targets)]),
        np.concatenate([known, certainty]),
    )
