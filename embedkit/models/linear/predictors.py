"""Linear predictors, and `MeanVectorPredictor`, that of mean word vectors."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles2d, Floats1d, Floats2d
from embedkit.models.files.state import ModelState
from embedkit.models.inference.predictor import SequencePredictor, vocabulary_of
from embedkit.models.targets import Targets
from embedkit.models.word_ids import FIRST_WORD, WordIds
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.sequences.sequences import Sequences

MEAN_VECTORS = "mean-vectors"
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
        self,
        targets: Targets,
        tokenizer: TextPipeline,
        words: WordIds,
        weights: Floats2d,
        intercept: Floats1d,
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


class MeanVectorPredictor(LinearPredictor):
    """The mean of what the known words of a text add to its scores; `weights` are (V, columns)."""

    kind: ClassVar[str] = MEAN_VECTORS

    @classmethod
    def from_state(cls, state: ModelState) -> Self:
        """The predictor of means of vectors in a file."""
        return cls(*vocabulary_of(state), *weights_in(state, len(state.words)))

    def products(self, sequences: Sequences) -> NDArray[np.floating]:
        """The mean of the weights of the known words of each text; 0 without any."""
        known = sequences.ids >= FIRST_WORD
        weights = np.where(known[:, None], self.weights[sequences.ids - FIRST_WORD], 0)
        sums = np.add.reduceat(weights, sequences.offsets[:-1], axis=0, dtype=np.float64)
        counts = np.add.reduceat(known, sequences.offsets[:-1], dtype=np.int64)
        means: NDArray[np.floating] = sums / np.maximum(counts, 1)[:, None]
        return means


def weights_in(state: ModelState, features: int) -> tuple[Floats2d, Floats1d]:
    """Weights and intercept of so many features."""
    columns = state.targets.columns
    weights = state.tensor("weights", np.float32, (features, columns))
    return weights, state.tensor("intercept", np.float32, (columns,))
