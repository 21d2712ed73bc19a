"""`DocumentVectorPredictor`: prediction by the inferred vector of a text and linear weights."""

from __future__ import annotations

from dataclasses import replace
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
DOCUMENT_LENGTH = 0.5  # of document vectors beside rows of n-grams, whose length is 1


class DocumentVectorPredictor(LinearPredictor):
    """The vector of a text, and the row of its n-grams if these count too, times weights.

    Args:
        features: the n-grams; their weights matter only if they count themselves.
        ngrams: what n-grams tell of a text.
        scale: of the cosines.
        negative: how much noise weighs.
        with_ngrams: whether `weights` are of the n-grams, too, behind those of the vectors.
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
        with_ngrams: bool,
        weights: Floats2d,
        intercept: Floats1d,
    ) -> None:
        super().__init__(targets, tokenizer, features.word_ids, weights, intercept)
        self.ngrams = ngrams
        self.features = features
        self.with_ngrams = with_ngrams
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
        with_ngrams = given.get("with_ngrams", False)  # older files have none
        if with_ngrams:
            features = replace(features, idf=state.tensor("idf", np.float32, size[:1]))
        weights = weights_in(state, size[1] + (size[0] if with_ngrams else 0))
        return cls(targets, tokenizer, features, ngrams, scale, negative, with_ngrams, *weights)

    def tensors(self) -> dict[str, NDArray[Any]]:
        """Numbers of n-grams, their vectors and weights, and the weights of scores."""
        keys: dict[str, NDArray[Any]] = {f"ngrams{n}": keys for n, keys in enumerate(self.features.keys, 2)}
        ngrams: dict[str, NDArray[Any]] = self.ngrams._asdict()
        if self.with_ngrams:
            ngrams["idf"] = self.features.idf
        return {**keys, **ngrams, **super().tensors()}

    def sequences(self, texts: list[str]) -> WordSequences:
        """The words of texts, with their ids."""
        return word_sequences(self.tokenizer.tokenize_all(texts)).known_as(self.words)

    def encode(self, sequences: Sequences) -> Floats2d:
        """The vectors of texts, (n, D)."""
        return self._vectors(self.features.counts(cast(WordSequences, sequences)))

    def products(self, sequences: Sequences) -> NDArray[np.floating]:
        """The vectors of texts, beside the rows of their n-grams if these count too, times the weights."""
        counts = self.features.counts(cast(WordSequences, sequences))
        rows: Any = self._vectors(counts)
        if self.with_ngrams:
            rows = beside_ngrams(rows, self.features.rows_of(counts))
        products: NDArray[np.floating] = rows @ self.weights
        return products

    def _vectors(self, counts: Any) -> Floats2d:
        return self.inference.infer(counts.indptr, counts.indices, counts.data)


def beside_ngrams(vectors: Floats2d, rows: Any) -> Any:
    """Document vectors (n, D), made shorter, beside the rows (n, F) of the texts' n-grams: csr (n, D + F)."""
    from scipy.sparse import csr_array, hstack

    return hstack([csr_array(np.float32(DOCUMENT_LENGTH) * vectors), rows], format="csr")
