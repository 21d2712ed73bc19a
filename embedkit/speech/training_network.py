"""The network of a recognizer in training: Keras layers, Keras' CTC loss, and steps of Adam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d, Floats3d, Ints1d, Ints2d
from embedkit.models.networks.backend import load_backend, memory_errors
from embedkit.models.networks.body.base import Steps
from embedkit.models.networks.body.body import Body
from embedkit.speech.ctc import BLANK
from embedkit.speech.frame_stack import FrameStack
from embedkit.speech.parameters import SpeechTraining


class SpeechBatch(NamedTuple):
    """Examples to be learned from.

    Args:
        features: float32 (n, T, B), zero behind the last frame.
        lengths: the frames of each, int32 (n,).
        labels: int32 (n, L), anything behind the last label.
        label_lengths: the labels of each, int32 (n,).
    """

    features: Floats3d
    lengths: Ints1d
    labels: Ints2d
    label_lengths: Ints1d

    @classmethod
    def of(cls, features: Sequence[Floats2d], labels: Sequence[Sequence[int]]) -> SpeechBatch:
        """The batch of features (T, B) and of the labels of each."""
        return cls(
            *_padded(features, np.float32), *_padded([np.array(own, np.int32) for own in labels], np.int32)
        )


def _padded(rows: Sequence[NDArray[Any]], dtype: type) -> tuple[NDArray[Any], Ints1d]:
    lengths = np.array(list(map(len, rows)), np.int32)
    padded = np.zeros((len(rows), max(1, lengths.max()), *rows[0].shape[1:]), dtype)
    for row, own in zip(padded, rows, strict=True):
        row[: len(own)] = own
    return padded, lengths


class TrainingNetwork:
    """A network that learns labels of recordings.

    Args:
        stack: its layers.
        bands: numbers of a frame.
        labels: how many there are, the blank not counted.
        training: learning rate and clipping.
        seed: of the weights, and of what dropout leaves out.
    """

    def __init__(
        self, stack: FrameStack, bands: int, labels: int, training: SpeechTraining, seed: int
    ) -> None:
        self._tf, self._keras = load_backend()
        self.stack = stack
        self.body = Body(stack, bands, labels + 1, seed=seed, precision="float32")
        self._optimizer = self._keras.optimizers.Adam(
            training.learning_rate, global_clipnorm=training.clip_norm
        )
        self._optimizer.build(self.body.weights)
        self._step = self._compiled_step(bands)

    def scores(self, features: Any, lengths: Any, training: bool) -> tuple[Any, Any]:
        """The scores of the labels at each frame, float32 (n, T', L), and the number of frames (n,)."""
        state = Steps.of(features, lengths)
        for layer in self.body.layers:
            state = layer(state, training)
        return self.body.scores(state.hidden), state.lengths

    def step(self, batch: SpeechBatch, rate: float) -> float:
        """Take a step at a learning rate; the mean loss of the examples before it."""
        with memory_errors():
            return float(self._step(*batch, np.float32(rate)))

    def _compiled_step(self, bands: int) -> Any:
        tf, keras, variables = self._tf, self._keras, self.body.weights
        kinds = [
            ([None, None, bands], tf.float32),
            ([None], tf.int32),
            ([None, None], tf.int32),
            ([None], tf.int32),
            ([], tf.float32),
        ]

        @tf.function(input_signature=[tf.TensorSpec(*kind) for kind in kinds], autograph=False)  # type: ignore[untyped-decorator]
        def step(features: Any, lengths: Any, labels: Any, label_lengths: Any, rate: Any) -> Any:
            with tf.GradientTape() as tape:
                scores, frames = self.scores(features, lengths, training=True)
                losses = keras.ops.ctc_loss(labels, scores, label_lengths, frames, mask_index=BLANK)
                loss = tf.reduce_mean(losses)
            self._optimizer.learning_rate.assign(rate)
            self._optimizer.apply(tape.gradient(loss, variables), variables)
            return loss

        return step

    @property
    def steps(self) -> int:
        """How many were taken."""
        return int(self._optimizer.iterations.numpy())

    @property
    def variables(self) -> list[Any]:
        """All that training changes: the weights, their moments and the state of what dropout draws."""
        return [*self.body.variables, *self._optimizer.variables]

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """The weights by their names."""
        return {name: weight.numpy() for name, weight in self.body.named_weights.items()}

    def set_weights(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Let the network have these weights."""
        for name, weight in self.body.named_weights.items():
            weight.assign(weights[name])
