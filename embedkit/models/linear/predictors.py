"""Predictors whose scores are linear in what texts hold: n-grams, or means of word vectors."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import Any, ClassVar, Self, cast

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles2d, Floats1d, Floats2d
from embedkit.models.files.state import ModelState
from embedkit.models.inference.predictor import SequencePredictor, vocabulary_of
from embedkit.models.linear.character_ngrams import CharacterNgrams
from embedkit.models.linear.ngram_features import NgramFeatures
from embedkit.models.linear.ngram_keys import Keys, check_keys
from embedkit.models.linear.word_sequences import WordSequences, word_sequences
from embedkit.models.sequences import FIRST_WORD, Sequences, WordIds
from embedkit.models.targets import Targets
from embedkit.text.tokenization.factory import Tokenizer

NGRAMS, MEAN_VECTORS = "tfidf", "mean-vectors"
BATCH = 2048  # texts whose features are held at once


class LinearPredictor(SequencePredictor):
    """The base of predictors whose scores are `features @ weights + intercept`.

    Args:
        targets: the classes.
        tokenizer: how texts are read.
        words: what is known of them.
        weights: float32 (F, columns).
        intercept: float32 (columns,).
    """

    def __init__(
        self, targets: Targets, tokenizer: Tokenizer, words: WordIds, weights: Floats2d, intercept: Floats1d
    ) -> None:
        super().__init__(targets, tokenizer, words)
        self.weights, self.intercept = weights, intercept

    @abstractmethod
    def products(self, sequences: Sequences) -> NDArray[np.floating]:
        """The features of texts times the weights, (n, columns)."""

    def scores(self, sequences: Sequences) -> Doubles2d:
        """The scores of texts."""
        scores: list[NDArray[np.floating]] = [np.zeros((0, len(self.intercept)))]
        for start in range(0, len(sequences), BATCH):
            scores.append(self.products(sequences.part(start, start + BATCH)) + self.intercept)
        return np.concatenate(scores, dtype=np.float64)

    def tensors(self) -> dict[str, NDArray[Any]]:
        """Weights and intercept."""
        return {"weights": self.weights, "intercept": self.intercept}


class NgramPredictor(LinearPredictor):
    """TF-IDF of n-grams times weights.

    Args:
        features: the n-grams; their words are those that are known.
    """

    kind: ClassVar[str] = NGRAMS

    def __init__(
        self,
        targets: Targets,
        tokenizer: Tokenizer,
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
        return cls(targets, tokenizer, features, *_weights(state, len(features)))

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


class MeanVectorPredictor(LinearPredictor):
    """The mean of what the known words of a text add to its scores; `weights` are (V, columns)."""

    kind: ClassVar[str] = MEAN_VECTORS

    @classmethod
    def from_state(cls, state: ModelState) -> Self:
        """The predictor of means of vectors in a file."""
        return cls(*vocabulary_of(state), *_weights(state, len(state.words)))

    def products(self, sequences: Sequences) -> NDArray[np.floating]:
        """The mean of the weights of the known words of each text; 0 without any."""
        known = sequences.ids >= FIRST_WORD
        weights = np.where(known[:, None], self.weights[sequences.ids - FIRST_WORD], 0)
        sums = np.add.reduceat(weights, sequences.offsets[:-1], axis=0, dtype=np.float64)
        counts = np.add.reduceat(known, sequences.offsets[:-1], dtype=np.int64)
        means: NDArray[np.floating] = sums / np.maximum(counts, 1)[:, None]
        return means


def _keys(state: ModelState, name: str, longest: int) -> Keys:
    return tuple(state.tensor(f"{name}{n}", np.int64, (None,)) for n in range(2, longest + 1))


def _weights(state: ModelState, features: int) -> tuple[Floats2d, Floats1d]:
    """Weights and intercept of so many features."""
    columns = state.targets.columns
    weights = state.tensor("weights", np.float32, (features, columns))
    return weights, state.tensor("intercept", np.float32, (columns,))
