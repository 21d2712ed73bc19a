"""`TfidfClassifier`: logistic regression on TF-IDF n-grams, a strong baseline.

The same texts in the same order give the same model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d
from embedkit.models.estimator import FIRST_LABELS, FIRST_TEXTS, SequenceEstimator
from embedkit.models.fit_arguments import checked_pairs, checked_sample_weight, column_of
from embedkit.models.inference.predictor import Predictor, TextSequence, probabilities
from embedkit.models.linear.logistic import fit_logistic
from embedkit.models.linear.ngram_features import NgramFeatures, log_count_ratios
from embedkit.models.linear.ngram_model import NgramModel
from embedkit.models.linear.ngram_predictor import NgramPredictor
from embedkit.models.linear.parameters import NgramParameters
from embedkit.models.linear.self_training import Unlabeled, read_unlabeled, with_pseudo_labels
from embedkit.models.parameters import ClassWeightParameter
from embedkit.models.targets import Targets, read_targets, target_matrix


@dataclass(eq=False, repr=False, kw_only=True)
class TfidfClassifier(NgramParameters, ClassWeightParameter, NgramModel, SequenceEstimator[NgramPredictor]):
    """TF-IDF of n-grams with logistic regression.

    With the log-count ratios of naive Bayes as factors, as here by default, this is the strong baseline of
    Wang and Manning (2012), "Baselines and bigrams". n-grams of characters are for texts full of rare words,
    hashtags and misspellings; with them, training takes several times as long.

    Args:
        ngrams: words in the longest n-gram.
        min_df: texts in which an n-gram must occur to be a feature.
        C: the inverse of the strength of the L2 penalty.
        class_weight: None, "balanced" or a weight a class.
        tokenizer: a name, a tokenizer, a function from a text to its tokens, or a `TextPipeline`. This and
            lowercase, urls, stop_words, phrases and so on are the parameters of `text_pipeline`. A model from
            a file has a `TextPipeline` here if files or values of Python had told how texts are read.
        naive_bayes: weigh n-grams by what they tell of the classes, too.
        unlabeled: more texts, or a file of them, to learn from by self-training: see
            `embedkit.models.linear.self_training`.
        characters: characters in the longest n-gram within a word, a space at either end of it among them;
            those of 2 and more are features. 0 for none.

    Attributes:
        predictor_: the n-grams and their weights.
        classes_: the classes, sorted, (K,).
        targets_: the classes, and the form in which labels were given.
        tokenizer_: how texts are read.
        words_: the words that the model knows.
        metadata_: what a file says of how the model was made, else empty.

    Example:
        >>> from embedkit import TfidfClassifier
        >>> texts, labels = ["good film", "fine plot", "bad film", "dull plot"], ["pos", "pos", "neg", "neg"]
        >>> model = TfidfClassifier(min_df=1).fit(texts, labels)
        >>> model.predict(["a good plot", "dull"]).tolist()
        ['pos', 'neg']
    """

    predictor_class: ClassVar[type[Predictor]] = NgramPredictor

    unlabeled: Unlabeled = None

    def fit(self, X: TextSequence, y: Any, *, sample_weight: Any = None) -> Self:  # noqa: N803
        """Learn from texts and their labels.

        Args:
            X: n texts.
            y: their labels, see `embedkit.models.targets.read_targets`.
            sample_weight: how much each text counts in the logistic regression, (n,); None for 1. Which
                n-grams are features, and their weights, do not depend on it.

        Raises:
            InputError: labels that cannot be learned, texts that share no word, or a parameter out of range.
        """
        targets = read_targets(y)
        return self.fit_targets(checked_pairs(X, targets), targets, sample_weight)

    def fit_targets(self, texts: list[str], targets: Targets, sample_weight: Any = None) -> Self:
        """Learn from texts and labels that were read before."""
        self.check_parameters()
        weights = checked_sample_weight(sample_weight, len(texts))
        more = read_unlabeled(self.unlabeled)
        tokenizer, features, rows = self._learn_ngrams(texts, more)
        wanted = target_matrix(targets)
        linear, weighted_rows = self._learn(features, rows, targets, wanted, column_of(weights))
        if more:
            unlabeled_probabilities = probabilities(
                weighted_rows[len(texts) :] @ linear.weights + linear.intercept, targets
            )
            linear, _ = self._learn(
                features, rows, *with_pseudo_labels(targets, wanted, unlabeled_probabilities, weights)
            )
        self.predictor_ = NgramPredictor(targets.forget(), tokenizer, *linear)
        self.metadata_ = {}
        return self

    def load_libraries(self) -> None:
        """Load what fits the logistic regression, and use it once."""
        TfidfClassifier(min_df=1).fit(FIRST_TEXTS, FIRST_LABELS)

    def _learn(
        self,
        features: NgramFeatures,
        rows: Any,
        targets: Targets,
        wanted: NDArray[np.floating],
        certainty: NDArray[np.floating] | None = None,
    ) -> tuple[LinearModel, Any]:
        """Learn from the first rows, those of `targets`; returns all rows as they are weighted then, too."""
        known = len(wanted)
        if self.naive_bayes:
            features, rows = features.scaled(log_count_ratios(rows[:known], wanted), rows)
        weights, intercept = fit_logistic(rows[:known], targets, self.C, self.class_weight, certainty)
        return LinearModel(features, weights.astype(np.float32), intercept.astype(np.float32)), rows


class LinearModel(NamedTuple):
    """n-grams, and what the logistic regression learned of them."""

    features: NgramFeatures
    weights: Floats2d  # (n-grams, columns)
    intercept: Floats1d  # (columns,)
