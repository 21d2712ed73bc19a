"""The base of models on TF-IDF n-grams: how they find the n-grams of texts, and the rows of these."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from embedkit.errors import InputError
from embedkit.hyperparameters import check
from embedkit.models.inference.predictor import TextSequence
from embedkit.models.linear.ngram_features import NgramFeatures, check_found
from embedkit.models.linear.ngram_predictor import NgramPredictor
from embedkit.models.linear.parameters import NgramFeatureParameters
from embedkit.models.text_forms import pipeline_for
from embedkit.models.text_model import SequenceModel, TextTransformer
from embedkit.text.pipeline.parameters import PipelineParameters
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.tokenization.unsegmented import warn_of_unsegmented_texts


class NgramModel(NgramFeatureParameters, PipelineParameters, TextTransformer, SequenceModel[NgramPredictor]):
    """The base of `TfidfClassifier` and `TfidfRegressor`."""

    def check_parameters(self) -> None:
        """Raise `InputError` for a parameter of a wrong type or range."""
        check(self)
        if self.characters == 1:
            raise InputError("characters must be 0 or a whole number of at least 2, got 1")
        self.check_text()

    def transform(self, X: TextSequence) -> Any:  # noqa: N803
        """The TF-IDF rows of texts, as the linear model reads them: csr float32 (n, n-grams).

        As data frames hold no sparse rows, scikit-learn refuses them after `set_output(transform="pandas")`.
        """
        check_is_fitted(self)
        return self.predictor_.features.rows(self.predictor_.sequences(self.predictor_.read(X)))

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """The n-grams, those of characters behind "char:", (n-grams,)."""
        check_is_fitted(self)
        return np.array(self.predictor_.features.names(), object)

    def _learn_ngrams(self, texts: list[str], more: list[str]) -> tuple[TextPipeline, NgramFeatures, Any]:
        """How texts are read, their n-grams, and the rows of all texts, csr float32 (n, n-grams).

        Raises:
            InputError: texts without words, or that share none.
        """
        tokenizer = pipeline_for(self, texts, more)
        if not self.characters:
            warn_of_unsegmented_texts(tokenizer, texts)
        tokens = tokenizer.tokenize_all(chain(texts, more))
        features, rows = NgramFeatures.learn(tokens, self.ngrams, self.min_df, self.characters)
        check_found(features, texts, tokenizer, self.min_df)
        return tokenizer, features, rows
