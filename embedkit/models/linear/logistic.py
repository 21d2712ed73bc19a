"""Logistic regression on sparse rows, and the classifiers that are no more than that.

Scores are `rows @ weights + intercept`. Two classes have one column of weights, more have one each, fitted
together (multinomial); several labels have one each, fitted one against the rest.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.errors import InputError
from embedkit.models.class_weights import ClassWeight, check_class_weight, class_numbers
from embedkit.models.estimator import SequenceEstimator
from embedkit.models.files.state import Saved, json_parameters
from embedkit.models.sequences import Sequences
from embedkit.models.targets import Targets

BATCH = 2048  # texts whose rows are held at once when classes are predicted
ITERATIONS = 1000


class LinearTextClassifier(SequenceEstimator):
    """A classifier whose scores are linear in the rows that `_rows` makes of the words of texts.

    `weights_` is float32 (F, 1 or K), `intercept_` float32 (1 or K,).
    """

    class_weight: ClassWeight
    weights_: NDArray[np.float32]
    intercept_: NDArray[np.float32]

    @abstractmethod
    def _rows(self, sequences: Sequences) -> Any:
        """The rows (n, F) of texts, csr."""

    def _scores(self, sequences: Sequences) -> NDArray[np.float64]:
        scores = [np.zeros((0, len(self.intercept_)))]
        for start in range(0, len(sequences), BATCH):
            rows = self._rows(sequences.part(start, start + BATCH))
            scores.append(rows @ self.weights_ + self.intercept_)
        return np.concatenate(scores, dtype=np.float64)

    def _saved_linear(
        self,
        words: Sequence[str],
        tensors: Mapping[str, NDArray[Any]],
        facts: Mapping[str, Any] | None = None,
        **parameters: Any,
    ) -> Saved:
        """What a file keeps; `parameters` replace those of the constructor that JSON cannot hold."""
        return Saved(
            kind=self.kind,
            parameters=json_parameters(self, **parameters),
            targets=self.targets_,
            tokenizer=self.tokenizer_.recipe(),
            words=words,
            tensors={**tensors, "weights": self.weights_, "intercept": self.intercept_},
            facts=facts or {},
        )

    def _set_linear(self, saved: Saved, features: int) -> None:
        """Take the weights of so many features from a file."""
        self.weights_ = saved.tensor("weights", np.float32, (features, saved.targets.columns))
        self.intercept_ = saved.tensor("intercept", np.float32, (saved.targets.columns,))


def fit_logistic(
    rows: Any,
    targets: Targets,
    c: float,
    class_weight: ClassWeight,
    certainty: NDArray[np.floating] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights (F, columns) and intercepts (columns,) of the logistic regression on `rows` (n, F).

    Args:
        rows: dense or sparse.
        targets: their classes.
        c: the inverse of the strength of the L2 penalty.
        class_weight: None, "balanced" (each class weighs the same), or a weight a class.
        certainty: how much each text counts, (n, 1), or each label of each text, (n, K); None for 1.
    """
    if not c > 0:
        raise InputError(f"C must be more than 0, got {c!r}")
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
    from sklearn.linear_model import LogisticRegression

    if encoded.min() == encoded.max():
        ones = int(encoded.sum())
        odds = np.log((1 + ones) / (1 + len(encoded) - ones))
        return np.zeros((1, rows.shape[1])), np.array([odds])
    model = LogisticRegression(C=c, class_weight=class_weight, max_iter=ITERATIONS)
    model.fit(rows, encoded, sample_weight=counts)
    return model.coef_, model.intercept_
