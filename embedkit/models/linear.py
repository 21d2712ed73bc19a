"""Logistic regression on sparse rows, and the classifiers that are no more than that.

Scores are `rows @ weights + intercept`. Two classes have one column of weights, more have one each, fitted
together (multinomial); several labels have one each, fitted one against the rest.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from embedkit.errors import InputError
from embedkit.models.estimator import TextEstimator
from embedkit.models.saving import Saved
from embedkit.models.targets import Targets

BATCH = 2048  # texts whose rows are held at once when classes are predicted
ITERATIONS = 1000

ClassWeight = Literal["balanced"] | Mapping[Any, float] | None


class LinearTextClassifier(TextEstimator):
    """A classifier whose scores are linear in the rows that `_rows` makes of texts.

    `weights_` is float32 (F, 1 or K), `intercept_` float32 (1 or K,).
    """

    class_weight: ClassWeight
    weights_: NDArray[np.float32]
    intercept_: NDArray[np.float32]

    @abstractmethod
    def _rows(self, texts: list[str]) -> Any:
        """The rows (n, F) of texts, csr."""

    def _scores(self, texts: list[str]) -> NDArray[np.float64]:
        scores = [np.zeros((0, len(self.intercept_)))]
        for start in range(0, len(texts), BATCH):
            rows = self._rows(texts[start : start + BATCH])
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
        self.weights_ = saved.tensor("weights", np.float32, (features, saved.columns))
        self.intercept_ = saved.tensor("intercept", np.float32, (saved.columns,))


def json_parameters(model: TextEstimator, **changes: Any) -> dict[str, Any]:
    """The parameters of the constructor of a model, some of them changed, ready for JSON."""
    given = {**model.get_params(deep=False), **changes}
    if isinstance(given["class_weight"], Mapping):
        given["class_weight"] = list(given["class_weight"].items())  # JSON has no keys but strings
    return given


def constructor_parameters(saved: Saved) -> dict[str, Any]:
    """The parameters of the constructor as they were before `json_parameters` changed their form."""
    parameters = dict(saved.parameters)
    if isinstance(parameters["class_weight"], list):
        parameters["class_weight"] = dict(parameters["class_weight"])
    return parameters


def fit_logistic(
    rows: Any, targets: Targets, c: float, class_weight: ClassWeight
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights (F, columns) and intercepts (columns,) of the logistic regression on `rows` (n, F).

    Args:
        rows: dense or sparse.
        targets: their classes.
        c: the inverse of the strength of the L2 penalty.
        class_weight: None, "balanced" (each class weighs the same), or a weight a class.
    """
    if not c > 0:
        raise InputError(f"C must be more than 0, got {c!r}")
    columns = list(_problems(targets, class_weight))
    fitted = [_fit(rows, encoded, c, weight) for encoded, weight in columns]
    return np.concatenate([weights for weights, _ in fitted]).T, np.concatenate([bias for _, bias in fitted])


def _problems(targets: Targets, class_weight: ClassWeight) -> Iterator[tuple[NDArray[Any], Any]]:
    """The classes to be told apart, and their weights by number: once, or for each label against the rest."""
    if targets.task == "multilabel":
        if isinstance(class_weight, Mapping):
            raise InputError("class_weight must be None or 'balanced' where texts have several labels")
        for column in targets.encoded.T:
            yield column.astype(np.int64), class_weight
    elif isinstance(class_weight, Mapping):
        yield targets.encoded, class_numbers(class_weight, targets)
    else:
        yield targets.encoded, class_weight


def class_numbers(class_weight: Mapping[Any, float], targets: Targets) -> dict[int, float]:
    """Weights by the numbers of classes, which are given by the classes."""
    places = {label: number for number, label in enumerate(targets.classes.tolist())}
    unknown = [label for label in class_weight if label not in places]
    if unknown:
        raise InputError(f"class_weight names {unknown[0]!r}, which is none of {list(places)}")
    return {places[label]: weight for label, weight in class_weight.items()}


def _fit(rows: Any, encoded: NDArray[Any], c: float, class_weight: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Weights (columns, F) and intercepts (columns,); of a label that never varies its smoothed log-odds."""
    from sklearn.linear_model import LogisticRegression

    if encoded.min() == encoded.max():
        ones = int(encoded.sum())
        odds = np.log((1 + ones) / (1 + len(encoded) - ones))
        return np.zeros((1, rows.shape[1])), np.array([odds])
    model = LogisticRegression(C=c, class_weight=class_weight, max_iter=ITERATIONS).fit(rows, encoded)
    return model.coef_, model.intercept_
