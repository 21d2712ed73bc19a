"""`NetworkPredictor`: prediction by a trained network without TensorFlow."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles2d, Floats2d
from embedkit.errors import FormatError
from embedkit.hyperparameters import check
from embedkit.models.architecture import TABLE, Architecture, Weights, weight_shapes
from embedkit.models.files.state import ModelState
from embedkit.models.inference.forward import pooled_texts, score_texts
from embedkit.models.inference.predictor import SequencePredictor, vocabulary_of
from embedkit.models.targets import Targets
from embedkit.models.word_ids import FIRST_WORD, WordIds
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.sequences.sequences import Sequences

NETWORK = "recurrent"
MAX_TOKENS = 2**31 - 1  # tokens of a text that are read at either end


class NetworkPredictor(SequencePredictor):
    """Reads the first and last words of a text in order.

    Args:
        targets: the classes.
        tokenizer: how texts are read.
        words: those of the table of vectors.
        architecture: what the network is built of.
        ends: how many tokens are read at the beginning and at the end of a longer text.
        weights: float32 by name, as `weight_shapes` lists them, and the table of vectors.
    """

    kind: ClassVar[str] = NETWORK

    def __init__(
        self,
        targets: Targets,
        tokenizer: TextPipeline,
        words: WordIds,
        architecture: Architecture,
        ends: tuple[int, int],
        weights: Weights,
    ) -> None:
        super().__init__(targets, tokenizer, words)
        self.architecture, self.ends, self.weights = architecture, ends, weights

    @classmethod
    def from_state(cls, state: ModelState) -> Self:
        """The predictor of a network in a file."""
        names = [item.name for item in fields(Architecture)]
        architecture = Architecture(**{name: state.parameters[name] for name in names})
        check(architecture)
        table = state.tensor(TABLE, np.float32, (len(state.words) + FIRST_WORD, None))
        shapes = weight_shapes(architecture, table.shape[1], state.targets.columns)
        weights = {name: state.tensor(name, np.float32, shape) for name, shape in shapes.items()}
        ends = state.parameters["first_tokens"], state.parameters["last_tokens"]
        if not all(type(end) is int and 0 <= end <= MAX_TOKENS for end in ends):
            raise FormatError(f"expected numbers of tokens up to {MAX_TOKENS:,}, got {ends!r:.80}")
        return cls(*vocabulary_of(state), architecture, ends, {TABLE: table, **weights})

    def tensors(self) -> dict[str, NDArray[Any]]:
        """The weights."""
        return dict(self.weights)

    def scores(self, sequences: Sequences) -> Doubles2d:
        """The scores of texts."""
        return score_texts(self.architecture, self.weights, sequences.truncated(*self.ends))

    def pooled(self, texts: list[str]) -> Floats2d:
        """What the scores are computed from, float32 (n, units or twice as many)."""
        sequences = self.sequences(texts).truncated(*self.ends)
        return pooled_texts(self.architecture, self.weights, sequences)
