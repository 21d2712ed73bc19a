"""`NgramPredictor`: prediction by TF-IDF n-grams and linear weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Self, cast

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d
from embedkit.models.files.state import ModelState
from embedkit.models.inference.predictor import vocabulary_of
from embedkit.models.linear.ngram_features import NgramFeatures
from embedkit.models.linear.predictors import LinearPredictor, weights_in
from embedkit.models.linear.word_sequences import WordSequences, word_sequences
from embedkit.models.targets import Targets
from embedkit.text.ngrams.characters import CharacterNgrams
from embedkit.text.ngrams.keys import Keys, check_keys
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.sequences.sequences import Sequences

NGRAMS = "tfidf"


class NgramPredictor(LinearPredictor):
    """TF-IDF of n-grams times weights.

    Args:
        features: the n-grams; their words are those that are known.
    """

    kind: ClassVar[str] = NGRAMS

    def __init__(
        self,
        targets: Targets,
        tokenizer: TextPipeline,
        features: NgramFeatures,
        weights: Floats2d,
        intercept: Floats1d,
    ) -> None:
        super().__init__(targets, tokenizer, features.word_ids, weights, intercept)
        self.features = features

    @classmethod
    def from_state(cls, state: ModelState) -> Self:
        """The predictor of n-grams in a file."""
        targets, tokenizer, _ = vocabulary_of(state)
        keys = _keys(state, "ngrams", state.parameters["ngrams"])
        check_keys(keys, len(state.words))
        characters = None
        if longest := state.parameters.get("characters", 0):  # older files have none
            alphabet = state.tensor("alphabet", np.int64, (None,))
            characters = CharacterNgrams(alphabet, _keys(state, "characters", longest))
            characters.check()
        features = NgramFeatures(state.words, keys, np.ones(0, np.float32), characters)
        features = replace(features, idf=state.tensor("idf", np.float32, (len(features),)))
        return cls(targets, tokenizer, features, *weights_in(state, len(features)))

    @property
    def reads_characters(self) -> bool:
        """Whether there are n-grams of characters."""
        return self.features.characters is not None

    def tensors(self) -> dict[str, NDArray[Any]]:
        """Numbers of n-grams, their weights in rows and in scores."""
        features = self.features
        tensors: dict[str, NDArray[Any]] = {f"ngrams{n}": keys for n, keys in enumerate(features.keys, 2)}
        if features.characters is not None:
            tensors["alphabet"] = features.characters.alphabet
            tensors |= {f"characters{n}": keys for n, keys in enumerate(features.characters.keys, 2)}
        return {**tensors, "idf": features.idf, **super().tensors()}

    def sequences(self, texts: list[str]) -> WordSequences:
        """The words of texts, with their ids."""
        return word_sequences(self.tokenizer.tokenize_all(texts)).known_as(self.words)

    def products(self, sequences: Sequences) -> NDArray[np.floating]:
        """The TF-IDF rows of texts times the weights."""
        products: NDArray[np.floating] = self.features.rows(cast(WordSequences, sequences)) @ self.weights
        return products


def _keys(state: ModelState, name: str, longest: int) -> Keys:
    return tuple(state.tensor(f"{name}{n}", np.int64, (None,)) for n in range(2, longest + 1))
