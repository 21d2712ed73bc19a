"""`DocumentVectors`: texts as vectors that are learned of them, in scikit-learn's pipelines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from embedkit.arrays import Floats2d
from embedkit.errors import InputError
from embedkit.hyperparameters import values_of
from embedkit.models.columns import checked_texts
from embedkit.models.inference.predictor import TextSequence
from embedkit.models.text_forms import pipeline_for, texts_for
from embedkit.models.text_model import TextTransformer
from embedkit.progress import SILENT, Progress
from embedkit.text.pipeline.parameters import PipelineParameters
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.training.doc2vec.doc2vec import Doc2Vec
from embedkit.training.doc2vec.model import Doc2VecModel
from embedkit.training.doc2vec.parameters import Doc2VecParameters


@dataclass(eq=False, repr=False, kw_only=True)
class DocumentVectors(Doc2VecParameters, PipelineParameters, TextTransformer, BaseEstimator):  # type: ignore[misc]
    """Document vectors learned of texts, by `Doc2Vec`: a transformer for scikit-learn's pipelines.

    Texts that were learned are inferred as new ones are, so that both are alike. A text without a known word
    is a zero vector. The parameters are those of `Doc2Vec`, and those of `text_pipeline` about how texts are
    read.

    Attributes:
        model_: the `Doc2VecModel`; its documents have the numbers of texts, from 1 on, as tags.
        tokenizer_: how texts are read.

    Example:
        >>> from sklearn.linear_model import LogisticRegression
        >>> from sklearn.pipeline import make_pipeline
        >>> from embedkit import DocumentVectors
        >>> texts = ["a cat and a dog", "the dog and the cat", "a train and a bus", "the bus, the train"] * 5
        >>> vectors = DocumentVectors(vector_size=20, min_count=1, sample=0, epochs=50, workers=1)
        >>> model = make_pipeline(vectors, LogisticRegression())
        >>> model.fit(texts, ["animal", "animal", "traffic", "traffic"] * 5).predict(["the bus"]).tolist()
        ['traffic']
    """

    def fit(self, X: TextSequence, y: Any = None, *, progress: Progress = SILENT) -> Self:  # noqa: N803
        """Learn the vectors of texts.

        Raises:
            InputError: what are no texts, texts without two words that occur `min_count` times, or
                parameters out of range or that do not go together.
        """
        self.check_parameters()
        self.check_text()
        texts = checked_texts(X)
        if not texts:
            raise InputError("expected at least one text, got none")
        self.tokenizer_: TextPipeline = pipeline_for(self, texts)
        trainer = Doc2Vec(**values_of(Doc2VecParameters, self))
        model = trainer.train(self.tokenizer_.tokenize_all(texts), progress=progress)
        self.model_: Doc2VecModel = replace(model, tokenizer=self.tokenizer_)
        return self

    def transform(self, X: TextSequence) -> Floats2d:  # noqa: N803
        """The vectors of texts, float32 (n, D)."""
        check_is_fitted(self)
        texts = texts_for(self.tokenizer_, X)
        return self.model_.infer(list(self.tokenizer_.tokenize_all(texts)), seed=self.seed)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Names of the columns of `transform`: "d0", "d1" and so on."""
        check_is_fitted(self)
        return np.array([f"d{number}" for number in range(self.model_.parameters.vector_size)], object)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.input_tags.string = True
        return tags
