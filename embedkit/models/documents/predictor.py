"""`DocumentVectorPredictor`: prediction by the inferred vector of a text and linear weights."""

from __future__ import annotations

from typing import Any, ClassVar, Self, cast

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d
from embedkit.errors import FormatError
from embedkit.models.documents.training import NgramVectors
from embedkit.models.files.state import ModelState
from embedkit.models.inference.predictor import vocabulary_of
from embedkit.models.linear.ngram_features import NgramFeatures
from embedkit.models.linear.predictors import LinearPredictor, weights_in
from embedkit.models.linear.word_sequences import WordSequences, word_sequences
from embedkit.models.targets import Targets
from embedkit.text.ngrams.keys import check_keys
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.sequences.sequences import Sequences

DOCUMENT_VECTORS = "document-vectors"


class DocumentVectorPredictor(LinearPredictor):
    """The vector of a text times weights.

    Args:
        inference: what makes vectors of texts.
        noise: int64 (M,), the n-grams that stand for noise.
    """

    kind: ClassVar[str] = DOCUMENT_VECTORS

    def __init__(
        self,
        targets: Targets,
        tokenizer: TextPipeline,
        features: NgramFeatures,
        ngrams: NgramVectors,
        scale: float,
        negative: float,
        weights: Floats2d,
        intercept: Floats1d,
    ) -> None:
        super().__init__(targets, tokenizer, features.word_ids, weights, intercept)
        self.ngrams = ngrams
        self.features = features
        self.inference = ngrams.inference(scale, negative)

    @classmethod
    def from_state(cls, state: ModelState) -> Self:
        """The predictor of document vectors in a file."""
        targets, tokenizer, _ = vocabulary_of(state)
        given = state.parameters
        keys = tuple(state.tensor(f"ngrams{n}", np.int64, (None,)) for n in range(2, given["ngrams"] + 1))
        check_keys(keys, len(state.words))
        features = NgramFeatures(state.words, keys, np.ones(0, np.float32))
        size = len(features), given["vector_size"]
        vectors = state.tensor("vectors", np.float32, size)
        kept = state.tensor("kept", np.float32, size[:1])
        noise = state.tensor("noise", np.int64, (None,))
        if len(noise) == 0 or noise.min() < 0 or noise.max() >= len(vectors):
            raise FormatError("expected noise that is among its n-grams")
        scale, negative = given["cosine_scale"], given["negative"]
        ngrams = NgramVectors(vectors, kept, noise)
        return cls(targets, tokenizer, features, ngrams, scale, negative, *weights_in(state, size[1]))

    def tensors(self) -> dict[str, NDArray[Any]]:
        """Numbers of n-grams, their vectors and weights, and the weights of scores."""
        keys: dict[str, NDArray[Any]] = {f"ngrams{n}": keys for n, keys in enumerate(self.features.keys, 2)}
        ngrams: dict[str, NDArray[Any]] = self.ngrams._asdict()
        return {**keys, **ngrams, **super().tensors()}

    def sequences(self, texts: list[str]) -> WordSequences:
        """The words of texts, with their ids."""
        return word_sequences(self.tokenizer.tokenize_all(texts)).known_as(self.words)

    def encode(self, sequences: Sequences) -> Floats2d:
        """The vectors of texts, (n, D)."""
        counts = self.features.counts(cast(WordSequences, sequences))
        return self.inference.infer(counts.indptr, counts.indices, counts.data)

    def products(self, sequences: Sequences) -> NDArray[np.floating]:
        """The vectors of texts times the weights."""
        products: NDArray[np.floating] = self.encode(sequences) @ self.weights
        return products
