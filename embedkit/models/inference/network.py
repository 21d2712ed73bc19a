"""`NetworkPredictor`: prediction by a trained network without TensorFlow."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles2d, Floats2d, Ints2d
from embedkit.errors import FormatError, InputError
from embedkit.models.files.former_networks import network_state
from embedkit.models.files.state import ModelState
from embedkit.models.inference.forward import pooled_texts, score_texts
from embedkit.models.inference.predictor import SequencePredictor, vocabulary_of
from embedkit.models.layers.stack import TABLE, LayerStack, Weights
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
        stack: what the network is built of.
        ends: how many tokens are read at the beginning and at the end of a longer text.
        weights: float32 by name, as `LayerStack.weight_shapes` lists them, and the table of vectors.
    """

    kind: ClassVar[str] = NETWORK

    def __init__(
        self,
        targets: Targets,
        tokenizer: TextPipeline,
        words: WordIds,
        stack: LayerStack,
        ends: tuple[int, int],
        weights: Weights,
    ) -> None:
        super().__init__(targets, tokenizer, words)
        self.stack, self.ends, self.weights = stack, ends, weights

    @classmethod
    def from_state(cls, state: ModelState) -> Self:
        """The predictor of a network in a file."""
        state = network_state(state)
        stack = _stack_in(state)
        table = state.tensor(TABLE, np.float32, (len(state.words) + FIRST_WORD, None))
        shapes = stack.weight_shapes(table.shape[1], state.targets.columns)
        weights = {name: state.tensor(name, np.float32, shape) for name, shape in shapes.items()}
        ends = state.parameters["first_tokens"], state.parameters["last_tokens"]
        if not all(type(end) is int and 0 <= end <= MAX_TOKENS for end in ends):
            raise FormatError(f"expected numbers of tokens up to {MAX_TOKENS:,}, got {ends!r:.80}")
        return cls(*vocabulary_of(state), stack, ends, {TABLE: table, **weights})

    def tensors(self) -> dict[str, NDArray[Any]]:
        """The weights."""
        return dict(self.weights)

    def scores(self, sequences: Sequences) -> Doubles2d:
        """The scores of texts."""
        return score_texts(self.stack, self.weights, sequences.truncated(*self.ends))

    def pooled(self, texts: list[str]) -> Floats2d:
        """What the scores are computed from, float32 (n, any)."""
        return pooled_texts(self.stack, self.weights, self.sequences(texts).truncated(*self.ends))

    def token_ids(self, texts: list[str]) -> Ints2d:
        """The ids that the network reads, int32 (n, T), with padding behind shorter texts."""
        sequences = self.sequences(texts).truncated(*self.ends)
        return sequences.padded(np.arange(len(sequences)))


def _stack_in(state: ModelState) -> LayerStack:
    """The layers that a file names; `FormatError` for what are none."""
    try:
        return LayerStack(state.parameters["layers"])
    except InputError as error:
        raise FormatError(f"expected layers of a network: {error}") from None
