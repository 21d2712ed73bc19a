"""`TfidfRegressor`: ridge regression on TF-IDF n-grams, a strong baseline.

The same texts in the same order give the same model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from embedkit.arrays import Doubles1d
from embedkit.models.estimator import FIRST_TEXTS
from embedkit.models.inference.predictor import Predictor, TextSequence
from embedkit.models.linear.ngram_model import NgramModel
from embedkit.models.linear.ngram_predictor import NgramPredictor
from embedkit.models.regression.estimator import NumberEstimator, read_numbered_texts
from embedkit.models.regression.parameters import RangeParameter, RidgeParameter
from embedkit.random_state import untouched_random_state

TOLERANCE = 1e-6  # of the weights, relative


@dataclass(eq=False, repr=False, kw_only=True)
class TfidfRegressor(RidgeParameter, RangeParameter, NgramModel, NumberEstimator[NgramPredictor]):
    """TF-IDF of n-grams with ridge regression (Hoerl and Kennard 1970), which predicts a number a text.

    Numbers are standardized before they are learned, so that `alpha` means the same in all units.

    Args:
        ngrams: words in the longest n-gram.
        characters: characters in the longest n-gram within a word; 0 for none.
        min_df: texts in which an n-gram must occur to be a feature.
        alpha: the strength of the L2 penalty.
        bounded: keep predictions within the range of the numbers learned from.
        tokenizer: a name, a tokenizer, a function from a text to its tokens, or a `TextPipeline`. This and
            lowercase, urls, stop_words, phrases and so on are the parameters of `text_pipeline`.

    Attributes:
        predictor_: the n-grams and their weights.
        targets_: the mean, the deviation and the range of the numbers that were learned.
        tokenizer_: how texts are read.
        words_: the words that the model knows.
        metadata_: what a file says of how the model was made, else empty.

    Example:
        >>> from embedkit import TfidfRegressor
        >>> texts, ratings = ["good film", "fine plot", "bad film", "dull plot"], [9, 8, 2, 3]
        >>> model = TfidfRegressor(min_df=1, alpha=0.01).fit(texts, ratings)
        >>> model.predict(["good film", "bad film"]).round().tolist()
        [9.0, 2.0]
    """

    predictor_class: ClassVar[type[Predictor]] = NgramPredictor

    def fit(self, X: TextSequence, y: Any, *, sample_weight: Any = None) -> Self:  # noqa: N803
        """Learn from texts and their numbers.

        Args:
            X: n texts.
            y: a number for each, (n,).
            sample_weight: how much each text counts in the regression, (n,); None for 1. Which n-grams are
                features, and their weights, do not depend on it.

        Raises:
            InputError: what are no finite numbers, texts that share no word, or a parameter out of range.
        """
        self.check_parameters()
        texts, targets, counts = read_numbered_texts(X, y, sample_weight, self.bounded)
        tokenizer, features, rows = self._learn_ngrams(texts, [])
        weights, intercept = _fit_ridge(rows, targets.encoded, self.alpha, counts)
        self.predictor_ = NgramPredictor(
            targets.forget(),
            tokenizer,
            features,
            weights[:, None].astype(np.float32),
            np.array([intercept], np.float32),
        )
        self.metadata_ = {}
        return self

    def load_libraries(self) -> None:
        """Load what fits the ridge regression, and use it once."""
        TfidfRegressor(min_df=1).fit(FIRST_TEXTS, range(len(FIRST_TEXTS)))


def _fit_ridge(
    rows: Any, wanted: Doubles1d, alpha: float, counts: Doubles1d | None
) -> tuple[Doubles1d, float]:
    """Weights (F,) and intercept of the ridge regression on `rows` (n, F), each counted so often."""
    with untouched_random_state():
        from sklearn.linear_model import Ridge

    model = Ridge(alpha=alpha, solver="sparse_cg", tol=TOLERANCE)
    model.fit(rows.astype(np.float64), wanted, sample_weight=counts)
    return model.coef_, float(model.intercept_)
