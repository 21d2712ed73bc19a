"""`TextEstimator`: the base of all text classifiers, scikit-learn estimators on raw texts."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.errors import InputError
from embedkit.models.fit_arguments import checked_sample_weight
from embedkit.models.inference.predictor import TextSequence
from embedkit.models.targets import encode_labels
from embedkit.models.text_model import P, S, SequenceModel, TextModel

FIRST_TEXTS, FIRST_LABELS = ("a b c d", "a c b d") * 4, ("x", "y") * 4  # what libraries are first used with


class TextEstimator(ClassifierMixin, TextModel[P]):  # type: ignore[misc]
    """The base of classifiers of raw texts.

    Attributes:
        predictor_: what predicts, without scikit-learn and TensorFlow.
        classes_: the classes, sorted, (K,).
        targets_: the classes, and the form in which labels were given.
        tokenizer_: how texts are read.
        words_: the words that the model knows.
        metadata_: metrics, training data and so on of a model that was read from a file, else empty.
    """

    @abstractmethod
    def fit(self, X: TextSequence, y: Any) -> Self:  # noqa: N803
        """Learn from texts and their labels (see `embedkit.models.targets.read_targets`)."""

    @property
    def classes_(self) -> NDArray[Any]:
        """The classes, sorted, (K,)."""
        return self.targets_.classes

    def decision_function(self, X: TextSequence) -> NDArray[np.float64]:  # noqa: N803
        """Log-odds of the second of two classes (n,); of more classes logits, of labels log-odds (n, K)."""
        check_is_fitted(self)
        return self.predictor_.decision_function(X)

    def predict_proba(self, X: TextSequence) -> Doubles2d:  # noqa: N803
        """The probability of each class, (n, K); of several labels each for itself."""
        check_is_fitted(self)
        return self.predictor_.predict_proba(X)

    def proba_and_unknown(self, X: TextSequence) -> tuple[Doubles2d, Doubles1d]:  # noqa: N803
        """What `predict_proba` and `unknown_shares` give, of texts that are tokenized only once."""
        check_is_fitted(self)
        return self.predictor_.proba_and_unknown(X)

    def predict(self, X: TextSequence) -> Any:  # noqa: N803
        """The most likely class of each text; of several labels those that are likelier than not.

        Several labels come back as they were given to `fit`: as a matrix of 0 and 1, or as tuples.
        """
        check_is_fitted(self)
        return self.predictor_.predict(X)

    def score(self, X: TextSequence, y: Any, sample_weight: Any = None) -> float:  # noqa: N803
        """The share of texts whose class, or whose labels without exception, are predicted."""
        predicted, _ = encode_labels(self.predict(X), self.targets_)
        truth, unknown = encode_labels(y, self.targets_)
        if len(truth) != len(predicted):
            raise InputError(f"expected a label for each of {len(predicted)} texts, got {len(truth)}")
        right = (predicted == truth).all(axis=1) & ~unknown
        return float(np.average(right, weights=checked_sample_weight(sample_weight, len(right))))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags


class SequenceEstimator(SequenceModel[S], TextEstimator[S]):
    """The base of classifiers whose predictor reads the words of a text as ids of one vocabulary."""
