"""Logistic regression behind all linear classifiers.

Scores are `rows @ weights + intercept`. Two classes have one column of weights, more have one each, fitted
together (multinomial); several labels have one each, fitted one against the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.models.class_weights import ClassWeight, check_class_weight, class_numbers
from embedkit.models.targets import Targets
from embedkit.random_state import untouched_random_state

ITERATIONS = 1000


def fit_logistic(
    rows: Any,
    targets: Targets,
    c: float,
    class_weight: ClassWeight,
    certainty: NDArray[np.floating] | None = None,
) -> tuple[Doubles2d, Doubles1d]:
    """Weights (F, columns) and intercepts (columns,) of the logistic regression on `rows` (n, F).

    Args:
        rows: dense or sparse.
        targets: their classes.
        c: the inverse of the strength of the L2 penalty.
        class_weight: None, "balanced" (each class weighs the same), or a weight a class.
        certainty: how much each text counts, (n, 1), or each label of each text, (n, K); None for 1.
    """
    check_class_weight(class_weight, targets)
    columns = list(_problems(targets, class_weight))
    counts = [None] * len(columns) if certainty is None else list(certainty.T)
    fitted = [
        _fit(rows, encoded, c, weight, count)
        for (encoded, weight), count in zip(columns, counts, strict=True)
    ]
    return np.concatenate([weights for weights, _ in fitted]).T, np.concatenate([bias for _, bias in fitted])


def _problems(targets: Targets, class_weight: ClassWeight) -> Iterator[tuple[NDArray[Any], Any]]:
    """The classes to be told apart, and their weights by number: once, or for each label against the rest."""
    if targets.task == "multilabel":
        for column in targets.encoded.T:
            yield column.astype(np.int64), class_weight
    elif isinstance(class_weight, Mapping):
        yield targets.encoded, class_numbers(class_weight, targets)
    else:
        yield targets.encoded, class_weight


def _fit(
    rows: Any, encoded: NDArray[Any], c: float, class_weight: Any, counts: NDArray[np.floating] | None
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Weights (columns, F) and intercepts (columns,); of a label that never varies its smoothed log-odds."""
    with untouched_random_state():
        from sklearn.linear_model import LogisticRegression

    if encoded.min() == encoded.max():
        ones = int(encoded.sum())
        odds = np.log((1 + ones) / (1 + len(encoded) - ones))
        return np.zeros((1, rows.shape[1])), np.array([odds])
    model = LogisticRegression(C=c, class_weight=class_weight, max_iter=ITERATIONS)
    model.fit(rows, encoded, sample_weight=counts)
    return model.coef_, model.intercept_
