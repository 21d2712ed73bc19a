"""`NumberEstimator`: the base of regressors of texts, scikit-learn estimators on raw texts."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, NamedTuple, Self

from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_is_fitted

from embedkit.arrays import Doubles1d
from embedkit.errors import InputError
from embedkit.models.columns import checked_texts
from embedkit.models.fit_arguments import checked_sample_weight
from embedkit.models.inference.predictor import TextSequence
from embedkit.models.number_targets import NumberTargets, checked_numbers, read_numbers
from embedkit.models.text_model import P, TextModel


class NumberEstimator(RegressorMixin, TextModel[P]):  # type: ignore[misc]
    """The base of regressors of raw texts.

    Attributes:
        predictor_: what predicts, without scikit-learn and TensorFlow.
        targets_: the mean, the deviation and the range of the numbers that were learned.
        tokenizer_: how texts are read.
        words_: the words that the model knows.
        metadata_: metrics, training data and so on of a model that was read from a file, else empty.
    """

    @abstractmethod
    def fit(self, X: TextSequence, y: Any) -> Self:  # noqa: N803
        """Learn from texts and a number for each."""

    def predict(self, X: TextSequence) -> Doubles1d:  # noqa: N803
        """The number of each text, float64 (n,), in the units and, if `bounded`, in the range of training."""
        check_is_fitted(self)
        numbers: Doubles1d = self.predictor_.predict(X)
        return numbers

    def score(self, X: TextSequence, y: Any, sample_weight: Any = None) -> float:  # noqa: N803
        """R², the share of the variance of the numbers that is explained: 1 at best, 0 of their mean."""
        from sklearn.metrics import r2_score

        predicted, numbers = self.predict(X), checked_numbers(y)
        check_lengths(len(predicted), len(numbers))
        return float(r2_score(numbers, predicted, sample_weight=sample_weight))


class NumberedTexts(NamedTuple):
    """The arguments of a fit, checked."""

    texts: list[str]
    targets: NumberTargets
    sample_weight: Doubles1d | None  # (n,)


def read_numbered_texts(texts: Any, numbers: Any, sample_weight: Any, bounded: bool) -> NumberedTexts:
    """Texts and a number for each, as `fit` takes them; `InputError` for what cannot be learned."""
    values, checked = checked_numbers(numbers), checked_texts(texts)
    check_lengths(len(checked), len(values))
    weights = checked_sample_weight(sample_weight, len(checked))
    return NumberedTexts(checked, read_numbers(values, weights, bounded), weights)


def check_lengths(texts: int, numbers: int) -> None:
    """Raise `InputError` unless there are as many numbers as texts."""
    if texts != numbers:
        raise InputError(f"expected a number for each of {texts} texts, got {numbers}")
