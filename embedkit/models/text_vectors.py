"""`TextVectors`: texts as vectors in scikit-learn's pipelines."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from embedkit.arrays import Floats2d
from embedkit.errors import InputError
from embedkit.hyperparameters import check
from embedkit.models.given_vectors import ENGLISH, given_vectors
from embedkit.models.inference.predictor import TextSequence
from embedkit.models.text_forms import texts_for
from embedkit.models.text_model import TextTransformer
from embedkit.text.pipeline.parameters import text_pipeline
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.texts.encoder import TextEncoder, encoder_of_words, stacked
from embedkit.vectors.texts.parameters import EncodingParameters
from embedkit.vectors.texts.text_words import TextWords, read_text_words


@dataclass(eq=False, repr=False)
class TextVectors(EncodingParameters, TextTransformer, BaseEstimator):  # type: ignore[misc]
    """Texts as weighted means of the vectors of their words: a transformer for scikit-learn's pipelines.

    Texts are read as the text behind the vectors was, as far as these record it; a text without a known word
    is a zero vector.

    Args:
        vectors: the vectors, a file of them, or "english" for those that ship.
        weights: "mean", "sif", "usif" or "tfidf", see `embedkit.text_encoder`.
        components: how many of the first principal components of the texts of `fit` are taken out. That is
            for similarities: what tells classes apart is often among the first, and a classifier needs it.
        smoothing: the a of "sif".

    Attributes:
        encoder_: the `TextEncoder`, with the weights and components that were learned.

    Example:
        >>> from sklearn.linear_model import LogisticRegression
        >>> from sklearn.pipeline import make_pipeline
        >>> from embedkit import TextVectors
        >>> texts = ["a cat and a dog", "the dog sleeps", "a train and a bus", "the bus stops"]
        >>> model = make_pipeline(TextVectors(), LogisticRegression())
        >>> model.fit(texts, ["animal", "animal", "traffic", "traffic"]).predict(["the railway"]).tolist()
        ['traffic']
    """

    vectors: Embeddings | str | Path = ENGLISH

    def fit(self, X: TextSequence, y: Any = None) -> Self:  # noqa: N803
        """Learn document frequencies and components from texts, as far as they are asked for.

        Raises:
            InputError: what are no texts, texts without a word that has a vector, or a parameter out of
                range.
        """
        self._fit(X)
        return self

    def fit_transform(self, X: TextSequence, y: Any = None) -> Floats2d:  # noqa: N803
        """What `fit` and `transform` give of the same texts, which are read only once: float32 (n, D)."""
        batches = self._fit(X)
        blocks = (block for batch in batches for block in self.encoder_.encode_words(batch))
        return stacked(blocks, self.encoder_.vectors.vector_size)

    def transform(self, X: TextSequence) -> Floats2d:  # noqa: N803
        """The vectors of texts, float32 (n, D)."""
        check_is_fitted(self)
        return self.encoder_.encode(_checked(self.encoder_.vectors.tokenizer, X))

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Names of the columns of `transform`: "d0", "d1" and so on."""
        check_is_fitted(self)
        return np.array([f"d{dimension}" for dimension in range(self.encoder_.vectors.vector_size)], object)

    def _fit(self, texts: Any) -> list[TextWords]:
        """Learn from texts; returns their words."""
        check(self)
        vectors = given_vectors(self.vectors, "vectors")
        batches = list(read_text_words(vectors, _checked(vectors.tokenizer, texts)))
        if not any(batch.words for batch in batches):
            raise InputError(f"no word of the texts has a vector, though there are {len(vectors)}")
        names = [item.name for item in fields(EncodingParameters)]
        chosen = EncodingParameters(**{name: getattr(self, name) for name in names})
        self.encoder_: TextEncoder = encoder_of_words(vectors, chosen, batches)
        return batches

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "encoder_")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.input_tags.string = True
        return tags


def _checked(tokenizer: TextPipeline | None, texts: Any) -> list[str]:
    """Texts as strings, which are tokenized as the text behind the vectors was."""
    return texts_for(tokenizer or text_pipeline(), texts)
