"""`DocumentVectorPredictor`: prediction by the inferred vector of a text and linear weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from embedkit.parallel.threads import shared_threads
from embedkit.text.ngrams.keys import check_keys
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.sequences.sequences import Sequences

DOCUMENT_VECTORS = "document-vectors"
PASSES = 6  # over the n-grams of a text
PIECE = 64  # texts that a thread infers at once


@dataclass(frozen=True, eq=False)
class DocumentEncoder:
    """What makes vectors of texts, with n-grams that stay as they are.

    The same texts get the same vectors whatever stands beside them.

    Args:
        features: the V n-grams; their weights are how much an occurrence of each counts.
        vectors: float32 (V, D), of length 1.
        noise: float32 (M, D), those that stand for noise.
        scale: of the cosines.
        negative: how much noise weighs.
    """

    features: NgramFeatures
    vectors: Floats2d
    noise: Floats2d
    scale: float
    negative: float

    def encode(self, counts: Any) -> Floats2d:
        """The vectors of texts, (n, D), whose n-grams are counted, csr float32 (n, V); 0 without any."""
        from embedkit.models.documents.document_kernels import infer_documents

        weights = counts.data * self.features.idf[counts.indices]
        mean_noise = self.noise.mean(axis=0)
        encoded = np.empty((counts.shape[0], self.vectors.shape[1]), np.float32)
        vectors = self.vectors.view()
        vectors.flags.writeable = False  # as those of a file: compiled once

        def infer(first: int) -> None:
            infer_documents(
                first, min(first + PIECE, len(encoded)), counts.indptr, counts.indices, weights,
                vectors, self.noise, mean_noise, np.float32(self.scale), np.float32(self.negative),
                PASSES, encoded,
            )  # fmt: skip

        list(shared_threads().map(infer, range(0, len(encoded), PIECE)))
        return encoded


class DocumentVectorPredictor(LinearPredictor):
    """The vector of a text times weights.

    Args:
        encoder: what makes vectors of texts.
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
        self.encoder = encoder_of(features, ngrams, scale, negative)

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
        keys: dict[str, NDArray[Any]] = {
            f"ngrams{n}": keys for n, keys in enumerate(self.encoder.features.keys, 2)
        }
        ngrams: dict[str, NDArray[Any]] = self.ngrams._asdict()
        return {**keys, **ngrams, **super().tensors()}

    def sequences(self, texts: list[str]) -> WordSequences:
        """The words of texts, with their ids."""
        return word_sequences(self.tokenizer.tokenize_all(texts)).known_as(self.words)

    def encode(self, sequences: Sequences) -> Floats2d:
        """The vectors of texts, (n, D)."""
        return self.encoder.encode(self.encoder.features.counts(cast(WordSequences, sequences)))

    def products(self, sequences: Sequences) -> NDArray[np.floating]:
        """The vectors of texts times the weights."""
        products: NDArray[np.floating] = self.encode(sequences) @ self.weights
        return products


def encoder_of(
    features: NgramFeatures, ngrams: NgramVectors, scale: float, negative: float
) -> DocumentEncoder:
    """The encoder of n-grams and their vectors."""
    weighted = replace(features, idf=ngrams.kept)
    return DocumentEncoder(weighted, ngrams.vectors, ngrams.vectors[ngrams.noise], scale, negative)
